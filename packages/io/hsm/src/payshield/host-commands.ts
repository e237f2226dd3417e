import { counted, type HostField, key, mark, rest, text, until } from './fields.ts';

/** A host command: what is sent behind its two characters, and what comes behind the answer's and its error code. */
export type HostCommand = Readonly<{
  answer: string;
  request: readonly HostField[];
  response: readonly HostField[];
  /** An error code that is a remark: the command was done. */
  remark?: string;
}>;

const pinBlock = text('block', 16);
const account = text('account', 12);
const ibm3624 = [text('checkLength', 2), account, text('decimalisation', 16), text('validation', 12)] as const;
const verifyIbm = [
  key('pinKey'),
  key('pvk'),
  text('pinDigitsMax', 2),
  pinBlock,
  text('format', 2),
  ...ibm3624,
] as const;
const translation = {
  request: [
    key('from'),
    key('to'),
    text('pinDigitsMax', 2),
    pinBlock,
    text('fromFormat', 2),
    text('toFormat', 2),
    account,
  ],
  response: [text('pinLength', 2), pinBlock, text('format', 2)],
} as const;
const macHead = [
  text('mode', 1),
  text('inputFormat', 1),
  text('size', 1),
  text('algorithm', 1),
  text('padding', 1),
  text('keyType', 3),
  key('key'),
] as const;
const chip = [
  text('mode', 1),
  text('scheme', 1),
  key('mdk'),
  text('card', 8),
  text('atc', 2),
  text('unpredictable', 4),
] as const;

/**
 * The host commands we use. A0, A6, CA, CC, CW, CY, DE and KQ follow public documentation of payShield and its forerunners; BU, BA,
 * NC, M8, DA, EA and optional parts of A8, M6 and M8 are inferred from their neighbours and wait for a device to confirm them.
 * A command's name here is its code, and a digit where one code has two forms.
 */
export const hostCommands = {
  /** Diagnostics. */
  NC: { answer: 'ND', request: [], response: [text('lmkCheck', 16), rest('firmware')] },
  /** Generate a key. */
  A0: {
    answer: 'A1',
    request: [text('mode', 1), text('keyType', 3), text('scheme', 1)],
    response: [key('key'), text('kcv', 6)],
  },
  /** Import a key from under a ZMK. 01: its parity was wrong and is put right. */
  A6: {
    answer: 'A7',
    remark: '01',
    request: [text('keyType', 3), key('zmk'), key('cryptogram'), text('scheme', 1)],
    response: [key('key'), text('kcv', 6)],
  },
  /** Export a key under a ZMK (carrier 0) or TMK (1). */
  A8: {
    answer: 'A9',
    request: [text('keyType', 3), mark(';'), text('carrier', 1), key('under'), key('key'), text('scheme', 1)],
    response: [key('cryptogram'), text('kcv', 6)],
  },
  /** A key's check value, all of it. */
  BU: {
    answer: 'BV',
    request: [
      text('keyTypeCode', 2),
      text('lengthFlag', 1),
      key('key'),
      mark(';'),
      text('keyType', 3),
      mark(';'),
      text('reserved', 2),
      text('kcvType', 1),
    ],
    response: [text('kcv', 16)],
  },
  /** PIN from TPK to ZPK, and from ZPK to ZPK. */
  CA: { answer: 'CB', ...translation },
  CC: { answer: 'CD', ...translation },
  /** Verify a terminal's and an interchange's PIN by IBM 3624. 02: the PVK is longer than one DES key. */
  DA: { answer: 'DB', remark: '02', request: [...verifyIbm, text('offset', 12)], response: [] },
  EA: { answer: 'EB', remark: '02', request: [...verifyIbm, text('offset', 12)], response: [] },
  /** Encipher a clear PIN under the LMK; the offset of such a PIN. */
  BA: { answer: 'BB', request: [text('pin', 13), account], response: [text('pin', 13)] },
  DE: {
    answer: 'DF',
    remark: '02',
    request: [key('pvk'), text('pin', 13), ...ibm3624],
    response: [text('offset', 12)],
  },
  /** Generate and verify a card value. */
  CW: {
    answer: 'CX',
    request: [key('cvk'), until('pan', ';'), text('expiry', 4), text('serviceCode', 3)],
    response: [text('cvv', 3)],
  },
  CY: {
    answer: 'CZ',
    request: [key('cvk'), text('cvv', 3), until('pan', ';'), text('expiry', 4), text('serviceCode', 3)],
    response: [],
  },
  /** Generate and verify a MAC. */
  M6: { answer: 'M7', request: [...macHead, counted('data', 4)], response: [rest('mac')] },
  M8: { answer: 'M9', request: [...macHead, counted('data', 4), rest('mac')], response: [] },
  /** Verify an ARQC (mode 0); make an ARPC by method 1 (mode 2). */
  KQ0: { answer: 'KR', request: [...chip, counted('data', 2), mark(';'), text('arqc', 8)], response: [] },
  KQ2: { answer: 'KR', request: [...chip, text('arqc', 8), text('arc', 2)], response: [text('arpc', 8)] },
} as const satisfies Record<string, HostCommand>;

export type HostCommandName = keyof typeof hostCommands;

/** The type codes that keys of our uses have there. */
export const keyTypes = {
  zmk: '000',
  zpk: '001',
  pvk: '002',
  tak: '003',
  zak: '008',
  tpk: '70D',
  tmk: '80D',
  cvk: '402',
  'mdk-ac': '109',
} as const;

/** Formats of PIN blocks. */
export const pinFormatCodes = { '0': '01', '3': '47' } as const;
