import { fromHex, hex } from '@zhanggui/bytes';
import { ALPHABETS, HEX_DIGITS } from './charset.ts';
import { CodecError, fail } from './codec-error.ts';
import type { Encoding } from './encoding.ts';
import type { FieldCodec } from './field-codec.ts';
import type { Composite, FieldElement, FieldSpec, FieldTable, PartValue } from './field-table.ts';
import type { Source } from './source.ts';
import { characters } from './value-codec.ts';

/** What is inside a composite field, without the length in front. */
export type PartsCodec = {
  put(out: Uint8Array, at: number, value: unknown): number;
  /** Reads from the position of the source to its end. */
  get(source: Source): PartValue;
};

type Compile = (field: string, spec: FieldSpec, encoding: Encoding) => FieldCodec;
type Setup<Kind> = {
  field: string;
  encoding: Encoding;
  compile: Compile;
  composite: Extract<Composite, { kind: Kind }>;
};

const isPart = (key: string): boolean => /^[1-9]\d*$/.test(key);

/** The parts of a value by number. Throws on what is no object of parts. */
const partsOf = (value: unknown, field: string): Readonly<Record<number, unknown>> => {
  const isParts =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
  if (!isParts) fail('value-malformed', field);
  const parts = value as Readonly<Record<number, unknown>>;
  for (const key of Object.keys(parts)) if (!isPart(key)) fail('field-unknown', field);
  return parts;
};

const partCodecs = (
  table: FieldTable,
  { field, encoding, compile }: Pick<Setup<string>, 'field' | 'encoding' | 'compile'>,
) => {
  const codecs: (FieldCodec | undefined)[] = [];
  for (const [part, spec] of Object.entries(table)) codecs[Number(part)] = compile(`${field}.${part}`, spec, encoding);
  return codecs;
};

const positional = (setup: Setup<'positional'>): PartsCodec => {
  const { field, composite } = setup;
  const codecs = partCodecs(composite.parts, setup);
  const last = codecs.length - 1;
  if (Object.keys(composite.parts).length !== last)
    throw new RangeError(`${field}: parts are numbered from 1 without a gap`);
  return {
    put(out, start, value) {
      const parts = partsOf(value, field);
      let given = 0;
      for (const part of Object.keys(parts))
        if (parts[Number(part)] !== undefined) given = Math.max(given, Number(part));
      if (given > last) throw new CodecError('field-unknown', { field: `${field}.${given}` });
      let at = start;
      for (let part = 1; part <= given; part += 1) {
        const codec = codecs[part];
        if (codec === undefined || parts[part] === undefined)
          throw new CodecError('field-missing', { field: `${field}.${part}` });
        at = codec.put(out, at, parts[part]);
      }
      return at;
    },
    get(source) {
      const parts: Record<number, PartValue> = {};
      for (let part = 1; part <= last && source.at < source.end; part += 1) {
        const codec = codecs[part];
        if (codec !== undefined) parts[part] = codec.get(source);
      }
      return parts;
    },
  };
};

const bitmapped = (setup: Setup<'bitmapped'>): PartsCodec => {
  const { field, composite } = setup;
  const codecs = partCodecs(composite.parts, setup);
  const bitmapBytes = composite.bitmapBytes;
  const codecOf = (part: number, offset?: number): FieldCodec => {
    const codec = part <= 8 * bitmapBytes ? codecs[part] : undefined;
    return codec ?? fail('field-unknown', `${field}.${part}`, offset);
  };
  return {
    put(out, start, value) {
      const parts = partsOf(value, field);
      let at = start + bitmapBytes;
      if (at > out.length) fail('length-exceeds-max', field);
      out.fill(0, start, at);
      for (const key of Object.keys(parts)) {
        const part = Number(key);
        if (parts[part] === undefined) continue;
        const byte = start + ((part - 1) >> 3);
        const codec = codecOf(part);
        out[byte] = (out[byte] ?? 0) | (0x80 >> ((part - 1) & 7));
        at = codec.put(out, at, parts[part]);
      }
      return at;
    },
    get(source) {
      const bitmapAt = source.at;
      if (bitmapAt + bitmapBytes > source.end) throw new CodecError('bitmap-malformed', { field, offset: bitmapAt });
      source.at += bitmapBytes;
      const parts: Record<number, PartValue> = {};
      for (let part = 1; part <= 8 * bitmapBytes; part += 1) {
        const byte = source.bytes[bitmapAt + ((part - 1) >> 3)] ?? 0;
        if ((byte & (0x80 >> ((part - 1) & 7))) !== 0) parts[part] = codecOf(part, source.at).get(source);
      }
      return parts;
    },
  };
};

const elementsOf = (value: unknown, field: string): readonly FieldElement[] =>
  Array.isArray(value) ? (value as readonly FieldElement[]) : fail('value-malformed', field);

/** How the tag of an element lies in bytes. */
type Tags = {
  readonly bytes: number;
  put(out: Uint8Array, at: number, tag: string): void;
  get(source: Source): string;
};

/** Tag, length and value in turn; the codec of each value has its length in it. */
const elements = (field: string, tags: Tags, codecOf: (tag: string) => FieldCodec): PartsCodec => ({
  put(out, start, value) {
    let at = start;
    for (const element of elementsOf(value, field)) {
      if (at + tags.bytes > out.length) fail('length-exceeds-max', field);
      tags.put(out, at, element.tag);
      at = codecOf(element.tag).put(out, at + tags.bytes, element.value);
    }
    return at;
  },
  get(source) {
    const read: FieldElement[] = [];
    while (source.at < source.end) {
      if (source.at + tags.bytes > source.end) fail('value-truncated', field, source.at);
      const tag = tags.get(source);
      source.at += tags.bytes;
      read.push({ tag, value: codecOf(tag).get(source) });
    }
    return read;
  },
});

const tagged = ({ field, encoding, compile, composite }: Setup<'tagged'>): PartsCodec => {
  const { tagCharacters, prefixDigits } = composite;
  const text = characters(encoding.text, ALPHABETS.ans);
  const length = { kind: 'variable', prefixDigits, max: 10 ** prefixDigits - 1 } as const;
  const codecs = new Map<string, FieldCodec>();
  for (const [tag, row] of Object.entries(composite.parts ?? {}))
    codecs.set(tag, compile(`${field}.${tag}`, { ...row, length }, encoding));
  const others = compile(`${field}.?`, { ...unknownRow, length }, encoding);
  const tags: Tags = {
    bytes: tagCharacters,
    put(out, at, tag) {
      if (text.measure(tag, field) !== tagCharacters) fail('length-mismatch', field);
      text.put(out, at, tag, field);
    },
    get: (source) => text.get(source, tagCharacters, field),
  };
  return elements(field, tags, (tag) => codecs.get(tag) ?? others);
};

const unknownRow: Omit<FieldSpec, 'length'> = {
  name: 'unknown',
  zh: '未知',
  format: 'b',
  encoding: { bytes: 'binary' },
};

const DATA_SET = /^[0-9A-F]{2}$/;
/** The last data set that holds BER-TLV. */
const TLV_SET_MAX = '70';

const dataSets = ({ field, encoding, compile, composite }: Setup<'data-sets'>): PartsCodec => {
  const length = { kind: 'variable', prefixDigits: 2, max: 0xffff } as const;
  const binary: Encoding = { ...encoding, lengths: 'binary', bytes: 'binary' };
  const codecs = new Map<string, FieldCodec>();
  for (const [set, row] of Object.entries(composite.parts ?? {}))
    codecs.set(set, compile(`${field}.${set}`, { ...row, length }, binary));
  const objects = compile(`${field}.?`, { ...unknownRow, length, composite: { kind: 'ber-tlv' } }, binary);
  const others = compile(`${field}.?`, { ...unknownRow, length }, binary);
  const tags: Tags = {
    bytes: 1,
    put(out, at, set) {
      if (!DATA_SET.test(set)) fail('value-malformed', field);
      out[at] = Number.parseInt(set, 16);
    },
    get: ({ bytes, at }) => hex(bytes.subarray(at, at + 1)),
  };
  const isTlv = (set: string): boolean => set >= '01' && set <= TLV_SET_MAX;
  return elements(field, tags, (set) => codecs.get(set) ?? (isTlv(set) ? objects : others));
};

/** Deeper nesting than any card or host sends is refused, so that bytes cannot exhaust the stack. */
const BER_DEPTH_MAX = 16;
const CONSTRUCTED = 0x20;

const berTagEnd = ({ bytes, at, end }: Source, field: string): number => {
  let next = at + 1;
  if (((bytes[at] ?? 0) & 0x1f) === 0x1f) {
    while (next < end && ((bytes[next] ?? 0) & 0x80) !== 0) next += 1;
    next += 1;
  }
  return next > end ? fail('value-truncated', field, at) : next;
};

/** Length of a value in as few bytes as can be, which is the only form that is written again. */
const berLength = (source: Source, field: string): number => {
  const offset = source.at;
  const first = source.bytes[offset] ?? 0;
  if (offset >= source.end) fail('value-truncated', field, offset);
  source.at += 1;
  if (first < 0x80) return first;
  const count = first & 0x7f;
  if (count === 0 || count > 3) fail('length-malformed', field, offset);
  if (source.at + count > source.end) fail('value-truncated', field, offset);
  let length = 0;
  for (let index = 0; index < count; index += 1) length = length * 0x100 + (source.bytes[source.at + index] ?? 0);
  source.at += count;
  if (length < 0x80 || length < 0x100 ** (count - 1)) fail('length-malformed', field, offset);
  return length;
};

const readBer = (source: Source, field: string, depth: number): FieldElement[] => {
  if (depth > BER_DEPTH_MAX) fail('value-malformed', field, source.at);
  const elements: FieldElement[] = [];
  const { bytes, end: outer } = source;
  while (source.at < outer) {
    const tagAt = source.at;
    source.at = berTagEnd(source, field);
    const tag = hex(bytes.subarray(tagAt, source.at));
    const length = berLength(source, field);
    const end = source.at + length;
    if (end > outer) fail('value-truncated', field, tagAt);
    if (((bytes[tagAt] ?? 0) & CONSTRUCTED) !== 0) {
      source.end = end;
      elements.push({ tag, value: readBer(source, field, depth + 1) });
      source.end = outer;
    } else elements.push({ tag, value: bytes.subarray(source.at, end) });
    source.at = end;
  }
  return elements;
};

const berLengthBytes = (length: number): readonly number[] => {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  if (length < 0x1_0000) return [0x82, length >> 8, length & 0xff];
  return [0x83, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
};

const BER_TAG = /^(?:[0-9A-F][0-9A-E]|[02468ACE]F|[13579BDF]F(?:[89A-F][0-9A-F])*[0-7][0-9A-F])$/;

const putBer = (out: Uint8Array, from: number, value: unknown, field: string, depth: number): number => {
  if (depth > BER_DEPTH_MAX) fail('value-malformed', field);
  let at = from;
  for (const { tag, value: content } of elementsOf(value, field)) {
    if (!BER_TAG.test(tag)) fail('value-malformed', field);
    const tagBytes = fromHex(tag);
    const isConstructed = ((tagBytes[0] ?? 0) & CONSTRUCTED) !== 0;
    if (isConstructed !== Array.isArray(content)) fail('value-malformed', field);
    if (!isConstructed && !(content instanceof Uint8Array)) fail('value-malformed', field);
    if (at + tagBytes.length + 1 > out.length) fail('length-exceeds-max', field);
    out.set(tagBytes, at);
    const start = at + tagBytes.length + 1;
    const end = isConstructed ? putBer(out, start, content, field, depth + 1) : start + (content as Uint8Array).length;
    const length = berLengthBytes(end - start);
    const shift = length.length - 1;
    if (end + shift > out.length) fail('length-exceeds-max', field);
    // Content is written as if its length took one byte, and moves when it takes more.
    if (isConstructed) out.copyWithin(start + shift, start, end);
    else out.set(content as Uint8Array, start + shift);
    out.set(length, start - 1);
    at = end + shift;
  }
  return at;
};

const berTlv = ({ field }: Setup<'ber-tlv'>): PartsCodec => ({
  put: (out, at, value) => putBer(out, at, value, field, 0),
  get: (source) => readBer(source, field, 0),
});

const latin1Slice = Buffer.prototype.latin1Slice;

/** The same, each byte as two hexadecimal characters. */
const inHex = (parts: PartsCodec, field: string, text: Encoding['text']): PartsCodec => {
  const digits = characters(text, HEX_DIGITS);
  return {
    put(out, start, value) {
      const end = parts.put(out, start, value);
      if (2 * end - start > out.length) fail('length-exceeds-max', field);
      return digits.put(out, start, hex(out.subarray(start, end)), field);
    },
    get(source) {
      const { at: offset, end } = source;
      const bytes = fromHex(digits.get(source, end - offset, field));
      const inner: Source = { bytes, text: latin1Slice.call(bytes, 0, bytes.length), at: 0, end: bytes.length };
      try {
        const value = parts.get(inner);
        source.at = end;
        return value;
      } catch (error) {
        if (!(error instanceof CodecError) || error.place.offset === undefined) throw error;
        throw new CodecError(error.code, { ...error.place, offset: offset + 2 * error.place.offset });
      }
    },
  };
};

/** Objects and data sets are bytes by nature: where bytes are hexadecimal, so is the whole of them. */
export const isWrittenInHex = ({ kind }: Composite, { bytes }: Encoding): boolean =>
  bytes === 'hex' && (kind === 'ber-tlv' || kind === 'data-sets');

/** The codec of what is inside a composite field. `compile` makes those of its parts, which may be composite too. */
export const compositeCodec = (
  field: string,
  composite: Composite,
  encoding: Encoding,
  compile: Compile,
): PartsCodec => {
  const parts = partsCodec(field, composite, encoding, compile);
  return isWrittenInHex(composite, encoding) ? inHex(parts, field, encoding.text) : parts;
};

const partsCodec = (field: string, composite: Composite, encoding: Encoding, compile: Compile): PartsCodec => {
  switch (composite.kind) {
    case 'positional':
      return positional({ field, composite, encoding, compile });
    case 'bitmapped':
      return bitmapped({ field, composite, encoding, compile });
    case 'tagged':
      return tagged({ field, composite, encoding, compile });
    case 'data-sets':
      return dataSets({ field, composite, encoding, compile });
    case 'ber-tlv':
      return berTlv({ field, composite, encoding, compile });
  }
};
