import { concat, fromAscii, hex } from '@zhanggui/bytes';
import { CodecError, decodeInterchangeFrame } from '@zhanggui/iso8583';
import { DataError, UsageError } from './command.ts';
import { bytesOf } from './hex-text.ts';

/** The parts before a message that a line may name, in the order they come in. */
export const frameParts = ['length', 'tpdu', 'header'] as const;
export type FramePart = (typeof frameParts)[number];

/** How a dialect's messages are framed; a part that is undefined is not known there. */
export type FrameForm = {
  /** Two bytes, big-endian, or four ASCII digits; they count what follows them. */
  readonly length: 'binary2' | 'ascii4';
  readonly tpduBytes?: number;
  readonly headerBytes?: number;
  /** Looks a header over together with its message; throws `CodecError`. */
  checkHeader?(headerAndBody: Uint8Array): void;
};

export const posForm: FrameForm = { length: 'binary2', tpduBytes: 5, headerBytes: 6 };
/** The standard itself knows no frame; two bytes of length and a TPDU are what is met most. */
export const plainForm: FrameForm = { length: 'binary2', tpduBytes: 5 };
export const interchangeForm: FrameForm = {
  length: 'ascii4',
  headerBytes: 46,
  checkHeader: (bytes) => void decodeInterchangeFrame(bytes),
};

/** The parts as JSON has them: the length as a number, the others as hexadecimal text. */
export type FrameJson = {
  readonly length?: number;
  readonly tpdu?: string;
  readonly lineInformation?: string;
  readonly header?: string;
};

/** `offset`: where the body starts in the bytes given. */
export type Framed = { readonly frame: FrameJson; readonly body: Uint8Array; readonly offset: number };

const lineMark = '4C5249001C';
const lineBytes = 33;

/** The parts a line names: `length,tpdu,header` or any of them. */
export const partsOf = (text: string): FramePart[] => {
  const words = text.split(',').map((word) => word.trim());
  const foreign = words.find((word) => !frameParts.some((part) => part === word) && word !== '' && word !== 'none');
  if (foreign !== undefined)
    throw new UsageError(`--frame names ${frameParts.join(', ')} or some of them, not '${foreign}'`);
  return frameParts.filter((part) => words.includes(part));
};

const missing = (part: FramePart): UsageError => new UsageError(`this dialect has no ${part} in its frame`);

const readLength = (bytes: Uint8Array, { length }: FrameForm): { value: number; bytes: number } => {
  const width = length === 'binary2' ? 2 : 4;
  if (bytes.length < width) throw new DataError('length: the bytes end inside it, at byte 0');
  if (length === 'binary2') return { value: ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0), bytes: width };
  const digits = String.fromCharCode(...bytes.subarray(0, width));
  if (!/^\d{4}$/.test(digits)) throw new DataError('length: not four digits, at byte 0');
  return { value: Number(digits), bytes: width };
};

const lengthBytes = (value: number, { length }: FrameForm): Uint8Array => {
  if (value > (length === 'binary2' ? 0xffff : 9999))
    throw new DataError('length: the message is too long for its frame');
  return length === 'binary2' ? Uint8Array.of(value >> 8, value & 0xff) : fromAscii(String(value).padStart(4, '0'));
};

/** Takes the named parts off. Throws `DataError` with part and offset when they are not there or do not fit. */
export const unframe = (bytes: Uint8Array, parts: readonly FramePart[], form: FrameForm): Framed => {
  let frame: FrameJson = {};
  let at = 0;
  const take = (part: string, count: number): string => {
    if (bytes.length < at + count) throw new DataError(`${part}: the bytes end inside it, at byte ${at}`);
    at += count;
    return hex(bytes.subarray(at - count, at));
  };
  if (parts.includes('length')) {
    const { value, bytes: width } = readLength(bytes, form);
    at = width;
    if (value !== bytes.length - width)
      throw new DataError(`length: says ${value} bytes, ${bytes.length - width} follow, at byte 0`);
    frame = { length: value };
  }
  if (parts.includes('tpdu')) {
    if (form.tpduBytes === undefined) throw missing('tpdu');
    frame = { ...frame, tpdu: take('tpdu', form.tpduBytes) };
    if (hex(bytes.subarray(at, at + lineMark.length / 2)) === lineMark)
      frame = { ...frame, lineInformation: take('line information', lineBytes) };
  }
  if (parts.includes('header')) {
    if (form.headerBytes === undefined) throw missing('header');
    const start = at;
    frame = { ...frame, header: take('header', form.headerBytes) };
    checkedHeader(bytes.subarray(start), form, start);
  }
  return { frame, body: bytes.subarray(at), offset: at };
};

const checkedHeader = (headerAndBody: Uint8Array, form: FrameForm, start: number): void => {
  try {
    form.checkHeader?.(headerAndBody);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw new DataError(`header: ${error.code}, at byte ${start + (error.place.offset ?? 0)}`);
  }
};

const hexPart = (name: string, text: string | undefined, bytes: number | undefined): Uint8Array => {
  if (text === undefined) return new Uint8Array();
  if (bytes === undefined) throw new DataError(`${name}: this dialect's frame has none`);
  const part = bytesOf(text, name);
  if (part.length !== bytes) throw new DataError(`${name}: ${part.length} bytes, ${bytes} are wanted`);
  return part;
};

/** A body with the parts that JSON has before it. A length that is given must be the right one. Throws `DataError`. */
export const enframe = (
  json: FrameJson & { isLengthWanted?: boolean },
  body: Uint8Array,
  form: FrameForm,
): Uint8Array => {
  const tpdu = hexPart('tpdu', json.tpdu, form.tpduBytes);
  const line = hexPart('lineInformation', json.lineInformation, json.tpdu === undefined ? undefined : lineBytes);
  const header = hexPart('header', json.header, form.headerBytes);
  if (header.length > 0) checkedHeader(concat(header, body), form, tpdu.length);
  const rest = concat(tpdu, line, header, body);
  if (json.length === undefined && !json.isLengthWanted) return rest;
  if (json.length !== undefined && json.length !== rest.length)
    throw new DataError(`length: says ${json.length} bytes, ${rest.length} follow`);
  return concat(lengthBytes(rest.length, form), rest);
};
