import { Secret } from '@zhanggui/secret';
import { PaycodeError } from './paycode-error.ts';

/**
 * A BER-TLV object of a consumer's code: `tag` in capitals, the value as hexadecimal text that prints masked (all of it identifies
 * a person or a payment), or a template with its objects, in the order of the code.
 */
export type ConsumerObject =
  | Readonly<{ tag: string; value: Secret<'payment-code'> }>
  | Readonly<{ tag: string; objects: readonly ConsumerObject[] }>;

type Placed = Readonly<{ object: ConsumerObject; offset: number; to: number }>;
type Span = Readonly<{ bytes: Uint8Array; start: number; end: number }>;

/** Our own bound, that of merchants' codes: a scanner still reads it. */
const CHARACTERS_MAX = 512;
const DEPTH_MAX = 4;
const TAG_BYTES_MAX = 4;
const CPV01 = '4350563031';

/** What the values of known tags look like in hexadecimal (EMV Book 3 Annex A); of others nothing is asked. */
const FORMS: Readonly<Record<string, RegExp>> = {
  '4F': /^(..){5,16}$/,
  '50': /^([2-7].){1,16}$/,
  '57': /^(?=.{1,38}$)\d{8,19}D\d*F?$/,
  '5A': /^(?=.{1,20}$)\d{8,19}F?$/,
  '5F20': /^([2-7].){1,26}$/,
  '5F2D': /^([67].[67].){1,4}$/,
  '9F25': /^\d{4}$/,
};

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join('');

const bytesOf = (base64: string): Uint8Array => {
  if (!/^[0-9A-Za-z+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) throw new PaycodeError('text-malformed');
  const binary = atob(base64);
  if (btoa(binary) !== base64) throw new PaycodeError('text-malformed');
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
};

const pathOf = (path: string, tag: string): string => (path === '' ? tag : `${path}.${tag}`);

const isTemplate = (tag: string): boolean => (Number.parseInt(tag.slice(0, 2), 16) & 0x20) !== 0;

/** A tag's number goes on in a second byte where the low five bits are all ones, and on while bit 8 is set; it has no leading zeros. */
const TAG = /^(?:[0-9A-F][0-9A-E]|[02468ACE]F|[13579BDF]F(?!80)(?:[89A-F].){0,2}[0-7].)$/;

const readTag = ({ bytes, start, end }: Span, path: string): string => {
  for (let length = 1; length <= TAG_BYTES_MAX && start + length <= end; length += 1) {
    const tag = hexOf(bytes.subarray(start, start + length));
    if (TAG.test(tag)) return tag;
  }
  throw new PaycodeError('tag-malformed', { tag: path || undefined, offset: start });
};

/** One byte up to 127, 81 and one byte up to 255, 82 and two bytes beyond: the shortest there is, so that there is one only. */
const readLength = ({ bytes, start, end }: Span, tag: string): { length: number; from: number } => {
  const refused = (): PaycodeError => new PaycodeError('length-malformed', { tag, offset: start });
  const first = start < end ? (bytes[start] ?? 0) : 0x80;
  if (first < 0x80) return { length: first, from: start + 1 };
  const extra = first - 0x80;
  const from = start + 1 + extra;
  if (extra < 1 || extra > 2 || from > end) throw refused();
  const length = bytes.subarray(start + 1, from).reduce((sum, byte) => sum * 256 + byte, 0);
  if (length < (extra === 1 ? 0x80 : 0x100)) throw refused();
  return { length, from };
};

const readObject = (span: Span, path: string, depth: number): Placed => {
  const offset = span.start;
  const name = readTag(span, path);
  const tag = pathOf(path, name);
  const { length, from } = readLength({ ...span, start: offset + name.length / 2 }, tag);
  const to = from + length;
  if (to > span.end) throw new PaycodeError('value-truncated', { tag, offset: from });
  if (isTemplate(name)) {
    if (depth === DEPTH_MAX) throw new PaycodeError('nested-too-deep', { tag, offset });
    const objects = readAll({ ...span, start: from, end: to }, tag, depth + 1).map(({ object }) => object);
    return { object: { tag: name, objects }, offset, to };
  }
  const value = hexOf(span.bytes.subarray(from, to));
  if (FORMS[name]?.test(value) === false) throw new PaycodeError('value-malformed', { tag, offset: from });
  return { object: { tag: name, value: new Secret('payment-code', value) }, offset, to };
};

const readAll = (span: Span, path: string, depth: number): Placed[] => {
  const placed: Placed[] = [];
  for (let at = span.start; at < span.end; at = placed.at(-1)?.to ?? span.end)
    placed.push(readObject({ ...span, start: at }, path, depth));
  const isRoot = path === '';
  const repeated = placed.find(
    ({ object: { tag } }, index) =>
      !(isRoot && tag === '61') && placed.findIndex(({ object }) => object.tag === tag) < index,
  );
  if (repeated)
    throw new PaycodeError('object-repeated', { tag: pathOf(path, repeated.object.tag), offset: repeated.offset });
  return placed;
};

const checkRoot = (placed: readonly Placed[], end: number): void => {
  const [first] = placed;
  if (first?.object.tag !== '85') throw new PaycodeError('object-missing', { tag: '85', offset: 0 });
  if (!('value' in first.object) || first.object.value.reveal() !== CPV01)
    throw new PaycodeError('version-unknown', { tag: '85', offset: 2 });
  const applications = placed.filter(({ object }) => object.tag === '61');
  if (applications.length === 0) throw new PaycodeError('object-missing', { tag: '61', offset: end });
  const nameless = applications.find(
    ({ object }) => 'objects' in object && !object.objects.some(({ tag }) => tag === '4F'),
  );
  if (nameless) throw new PaycodeError('object-missing', { tag: '61.4F', offset: nameless.to });
};

/**
 * The objects of an EMVCo consumer-presented code (CPM 1.1, base64 of BER-TLV), without 85, which is `CPV01`. Unknown objects are
 * kept. Throws `PaycodeError` for what `encodeConsumerCode` would not write, letter for letter.
 */
export const decodeConsumerCode = (code: Secret<'payment-code'>): ConsumerObject[] => {
  const base64 = code.reveal();
  if (base64.length > CHARACTERS_MAX) throw new PaycodeError('too-long', { offset: CHARACTERS_MAX });
  const bytes = bytesOf(base64);
  const placed = readAll({ bytes, start: 0, end: bytes.length }, '', 0);
  checkRoot(placed, bytes.length);
  return placed.slice(1).map(({ object }) => object);
};

const lengthHex = (length: number): string => {
  const digits = length.toString(16).toUpperCase();
  if (length < 0x80) return digits.padStart(2, '0');
  return length < 0x100 ? `81${digits}` : `82${digits.padStart(4, '0')}`;
};

const writeObject = (object: ConsumerObject, path: string): string => {
  const tag = pathOf(path, object.tag);
  if (!TAG.test(object.tag)) throw new PaycodeError('tag-malformed', { tag: path || undefined });
  if (isTemplate(object.tag) !== 'objects' in object) throw new PaycodeError('value-malformed', { tag });
  const value = 'value' in object ? object.value.reveal() : writeAll(object.objects, tag);
  if (!/^([0-9A-F]{2})*$/.test(value)) throw new PaycodeError('value-malformed', { tag });
  return `${object.tag}${lengthHex(value.length / 2)}${value}`;
};

const writeAll = (objects: readonly ConsumerObject[], path: string): string =>
  objects.map((object) => writeObject(object, path)).join('');

/** The code in base64, in the order given. What it writes it has read again first. */
export const encodeConsumerCode = (objects: readonly ConsumerObject[]): Secret<'payment-code'> => {
  const text = `8505${CPV01}${writeAll(objects, '')}`;
  if (text.length / 2 > CHARACTERS_MAX) throw new PaycodeError('too-long');
  const bytes = text.match(/../g) ?? [];
  const code = new Secret(
    'payment-code',
    btoa(bytes.map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join('')),
  );
  decodeConsumerCode(code);
  return code;
};
