import {
  CodecError,
  type FieldTable,
  interchangeField60,
  posField60,
  posField61,
  responseCode,
} from '@zhanggui/iso8583';
import { dumpTlv, readTlv } from '@zhanggui/tlv';
import { kindText } from './message-kind.ts';

/** What is shown of a message: values as they may be seen, and the real ones for what explains itself. */
export type Shown = {
  readonly dialect: string;
  readonly table: FieldTable;
  readonly mti: string;
  readonly shown: Readonly<Record<string, unknown>>;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly isUnmasked: boolean;
};

const CHIP_DATA = '55';
const RESPONSE_CODE = '39';
const INDENT = '  ';

type View = { decode(text: string): object };
const views: Readonly<Record<string, Readonly<Record<string, View>>>> = {
  'unionpay-pos': { 60: posField60, 61: posField61 },
  interchange: { 60: interchangeField60 },
};

const viewLines = (view: View | undefined, value: unknown): string[] => {
  if (view === undefined || typeof value !== 'string') return [];
  try {
    return Object.entries(view.decode(value)).map(([name, part]) => `· ${name}: ${part}`);
  } catch (error) {
    // A field of the acquirer's own layout has no parts that we know.
    if (error instanceof CodecError) return [];
    throw error;
  }
};

const innerLines = (message: Shown, field: string): string[] => {
  const value = message.fields[field];
  if (field === RESPONSE_CODE && typeof value === 'string') {
    const { zh, en } = responseCode(value);
    return [`· ${zh}  ${en}`];
  }
  if (field === CHIP_DATA && value instanceof Uint8Array) {
    const { objects, faults } = readTlv(value);
    return [
      ...dumpTlv(objects, { isUnmasked: message.isUnmasked }).split('\n'),
      ...faults.map(({ message: text }) => `! ${text}`),
    ];
  }
  return viewLines(views[message.dialect]?.[field], value);
};

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A message for the eye: every field with its names, chip data as a tree, codes and parts with what they mean. */
export const messageTree = (message: Shown): string => {
  const width = Math.max(0, ...Object.keys(message.shown).map((field) => field.length)) + 1;
  const lines = Object.entries(message.shown).flatMap(([field, value]) => {
    const row = message.table[Number(field)];
    const isTree = field === CHIP_DATA && message.fields[field] instanceof Uint8Array;
    const title = `F${field}`.padEnd(width + 1);
    return [
      `${title} ${row?.zh ?? ''}  ${row?.name ?? ''}${isTree ? '' : `: ${valueText(value)}`}`,
      ...innerLines(message, field).map((line) => `${INDENT}${INDENT}${line}`),
    ];
  });
  return [`${message.mti}  ${kindText(message.mti)}`, ...lines].join('\n');
};
