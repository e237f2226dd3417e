import { ascii, fromHex, hex } from '@zhanggui/bytes';
import { CodecError } from './codec-error.ts';

/** The 46 bytes before a message between institutions. Batch, transaction and user information are the sender's own. */
export type InterchangeHeader = {
  readonly destination: string;
  readonly source: string;
  readonly batch: number;
  /** Eight characters. */
  readonly transactionInfo: string;
  readonly userInfo: number;
  /** `00000`, or why the switch sends the sender's own message back to it. */
  readonly rejectCode: string;
  /** 2 unless stated. */
  readonly flagVersion?: number;
  /** Three bytes as hexadecimal; zeros unless stated. */
  readonly reserved?: string;
};

/** A frame without its four length digits. */
export type InterchangeFrame = { readonly header: InterchangeHeader; readonly body: Uint8Array };

const HEADER_BYTES = 46;
const FRAME_BYTES_MAX = 9999;
const MEMBER_BYTES = 11;
const PRINTABLE = /^[\x20-\x7e]*$/;

/** Header of a message that no request asked for. */
export const interchangeHeader = ({
  destination,
  source,
}: {
  destination: string;
  source: string;
}): InterchangeHeader => ({
  destination,
  source,
  batch: 0,
  transactionInfo: '00000000',
  userInfo: 0,
  rejectCode: '00000',
});

/** The sender's own values come back to it unchanged; only the direction turns. */
export const answerInterchangeHeader = (header: InterchangeHeader): InterchangeHeader => ({
  ...header,
  destination: header.source,
  source: header.destination,
});

const putText = (out: Uint8Array, at: number, value: string, length: number): void => {
  if (value.length !== length || !PRINTABLE.test(value)) throw new CodecError('frame-malformed');
  for (let index = 0; index < length; index += 1) out[at + index] = value.charCodeAt(index);
};

const putByte = (out: Uint8Array, at: number, value: number): void => {
  if (!Number.isInteger(value) || value < 0 || value > 0xff) throw new CodecError('frame-malformed');
  out[at] = value;
};

const putReserved = (out: Uint8Array, at: number, digits: string): void => {
  if (!/^[0-9A-F]{6}$/.test(digits)) throw new CodecError('frame-malformed');
  out.set(fromHex(digits), at);
};

/** Frame without its four length digits. Throws `CodecError` when a part does not fit its place. */
export const encodeInterchangeFrame = ({ header, body }: InterchangeFrame): Uint8Array => {
  const total = HEADER_BYTES + body.length;
  if (total > FRAME_BYTES_MAX) throw new CodecError('length-exceeds-max');
  const out = new Uint8Array(total);
  putByte(out, 0, HEADER_BYTES);
  putByte(out, 1, header.flagVersion ?? 2);
  putText(out, 2, String(total).padStart(4, '0'), 4);
  putText(out, 6, header.destination.padEnd(MEMBER_BYTES), MEMBER_BYTES);
  putText(out, 17, header.source.padEnd(MEMBER_BYTES), MEMBER_BYTES);
  if (header.reserved !== undefined) putReserved(out, 28, header.reserved);
  putByte(out, 31, header.batch);
  putText(out, 32, header.transactionInfo, 8);
  putByte(out, 40, header.userInfo);
  putText(out, 41, header.rejectCode, 5);
  out.set(body, HEADER_BYTES);
  return out;
};

/** Parts of a frame; `body` is a view of `bytes`, which hold no length prefix. Throws `CodecError`. */
export const decodeInterchangeFrame = (bytes: Uint8Array): InterchangeFrame => {
  if (bytes.length < HEADER_BYTES || bytes[0] !== HEADER_BYTES) throw new CodecError('frame-malformed', { offset: 0 });
  const head = ascii(bytes.subarray(0, HEADER_BYTES));
  const take = (start: number, end: number): string => head.slice(start, end);
  const texts = take(2, 28) + take(32, 40) + take(41, HEADER_BYTES);
  if (!PRINTABLE.test(texts)) throw new CodecError('frame-malformed', { offset: 2 });
  if (take(2, 6) !== String(bytes.length).padStart(4, '0')) throw new CodecError('frame-malformed', { offset: 2 });
  return {
    header: {
      flagVersion: bytes[1] ?? 0,
      destination: take(6, 17).trimEnd(),
      source: take(17, 28).trimEnd(),
      reserved: hex(bytes.subarray(28, 31)),
      batch: bytes[31] ?? 0,
      transactionInfo: take(32, 40),
      userInfo: bytes[40] ?? 0,
      rejectCode: take(41, HEADER_BYTES),
    },
    body: bytes.subarray(HEADER_BYTES),
  };
};
