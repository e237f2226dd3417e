import { fromAscii } from '@zhanggui/bytes';
import { CodecError } from './codec-error.ts';
import type { InterchangeFields } from './interchange.ts';
import type { Message } from './message.ts';

const POS_MAC_BYTES = 8;
/** MTI of two bytes and a bitmap of eight, whose last bit announces field 64. */
const POS_HEAD_BYTES = 10;

/**
 * What a terminal's MAC covers: the encoded message from its MTI to the end of field 63, bit 64 already set. Encode with
 * eight zero bytes in field 64, and write the MAC over them. Throws `CodecError` when the message carries no field 64.
 */
export const posMacInput = (body: Uint8Array): Uint8Array => {
  const isPresent = ((body[POS_HEAD_BYTES - 1] ?? 0) & 1) === 1 && body.length >= POS_HEAD_BYTES + POS_MAC_BYTES;
  if (!isPresent) throw new CodecError('field-missing', { field: 'F64' });
  return body.subarray(0, body.length - POS_MAC_BYTES);
};

/** The last eight bytes of a message that carries a MAC. */
export const posMac = (body: Uint8Array): Uint8Array => body.subarray(posMacInput(body).length);

type TextField<Fields> = {
  [Field in keyof Fields]-?: Fields[Field] extends string | undefined ? Field : never;
}[keyof Fields];
type MacField = TextField<InterchangeFields>;

const TRANSACTION_FIELDS: readonly MacField[] = [2, 3, 4, 7, 11, 18, 25, 28, 32, 33, 38, 39, 41, 42, 90, 102, 103];
const KEY_RESET_FIELDS: readonly MacField[] = [7, 11, 39, 53, 70, 100];
const KEY_RESET_MTIS: ReadonlySet<string> = new Set(['0800', '0810']);
/** Fields that keep the two digits of their length in front. */
const PREFIXED_FIELDS: ReadonlySet<MacField> = new Set([2, 32, 33, 100, 102, 103]);
/** MTI, trace number and transmission time of the original; its institutions stay out. */
const ORIGINAL_CHARACTERS = 20;

const macWord = (field: MacField, value: string): string => {
  if (field === 90) return value.slice(0, ORIGINAL_CHARACTERS);
  return PREFIXED_FIELDS.has(field) ? String(value.length).padStart(2, '0') + value : value;
};

/**
 * What the MAC between institutions covers (field 128): selected fields joined by spaces, in upper case, without any
 * character but letters, digits, space, comma and full stop. A key reset has a selection of its own.
 */
export const interchangeMacInput = ({ mti, fields }: Message<InterchangeFields>): Uint8Array => {
  const words = [mti];
  for (const field of KEY_RESET_MTIS.has(mti) ? KEY_RESET_FIELDS : TRANSACTION_FIELDS) {
    const value = fields[field];
    if (value !== undefined) words.push(macWord(field, value));
  }
  return fromAscii(
    words
      .join(' ')
      .toUpperCase()
      .replaceAll(/[^A-Z0-9 ,.]/g, ''),
  );
};
