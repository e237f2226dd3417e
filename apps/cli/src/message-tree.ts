import {
  CodecError,
  type FieldTable,
  interchangeField60,
  posField60,
  posField61,
  responseCode,
} from '@zhanggui/iso8583';
import { dumpTlv, readTlv } from '@zhanggui/tlv';

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

const classes: Readonly<Record<string, string>> = {
  1: '授权 authorisation',
  2: '金融 financial',
  3: '文件 file action',
  4: '冲正 reversal',
  5: '对账 reconciliation',
  6: '管理 administrative',
  8: '网络管理 network management',
};

const functions: Readonly<Record<string, string>> = {
  0: '请求 request',
  1: '应答 answer',
  2: '通知 advice',
  3: '通知应答 answer to an advice',
};

const kindOf = (mti: string): string =>
  [classes[mti.charAt(1)], functions[mti.charAt(2)]].filter((text) => text !== undefined).join(' · ');

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
  return [`${message.mti}  ${kindOf(message.mti)}`, ...lines].join('\n');
};
