import {
  desEcbDecrypt,
  desEcbEncrypt,
  type Ibm3624Rule,
  ibm3624NaturalPin,
  ibm3624Offset,
  type PinBlock,
  type PinBlockRequest,
  pinBlockDecode,
  pinBlockEncode,
  pvv,
} from '@zhanggui/card-crypto';
import { type Input, type Option, UsageError } from '../command.ts';
import { exampleKey, examplePan, key, type Operation, pan, pin, required } from './operation.ts';

const formats = ['0', '1', '2', '3'] as const;
const format: Option = { kind: 'text', help: 'ISO 9564-1 format', choices: formats, usual: '0' };
const optionalPan: Option = { kind: 'digits', help: 'card number, of formats 0 and 3' };

/** Random digits a format asks for behind the PIN: any, or A to F only. */
const fillOf = (input: Input, least: 0 | 10): string => {
  if (input.has('fill')) return input.text('fill').toUpperCase();
  const digits = [...input.random(Math.max(0, 14 - input.text('pin').length))];
  return digits.map((byte) => ((byte % (16 - least)) + least).toString(16).toUpperCase()).join('');
};

const requestOf = (input: Input): PinBlockRequest => {
  const text = input.text('pin');
  const requests: Readonly<Record<string, () => PinBlockRequest>> = {
    0: () => ({ format: '0', pin: text, pan: input.text('pan') }),
    1: () => ({ format: '1', pin: text, fill: fillOf(input, 0) }),
    2: () => ({ format: '2', pin: text }),
    3: () => ({ format: '3', pin: text, pan: input.text('pan'), fill: fillOf(input, 10) }),
  };
  const request = requests[input.text('format')];
  if (request === undefined) throw new UsageError('no such format');
  return request();
};

const blockOf = (input: Input): PinBlock => {
  const block = input.has('key') ? desEcbDecrypt(input.bytes('key'), input.bytes('block')) : input.bytes('block');
  const name = input.text('format');
  return name === '0' || name === '3'
    ? { format: name, block, pan: input.text('pan') }
    : { format: name === '1' ? '1' : '2', block };
};

const ruleOptions = {
  start: { kind: 'text', help: 'first PAN digit, from the end when negative', usual: '-13' },
  length: { kind: 'digits', help: 'how many PAN digits', usual: '12' },
  pad: { kind: 'text', help: 'what fills them to sixteen', usual: 'F' },
  table: { kind: 'digits', help: 'decimalisation table', usual: '0123456789012345' },
} as const satisfies Record<string, Option>;

const ruleOf = (input: Input): Ibm3624Rule => {
  const start = Number(input.text('start'));
  if (!Number.isInteger(start)) throw new UsageError('--start is a whole number');
  return { start, length: Number(input.text('length')), pad: input.text('pad'), table: input.text('table') };
};

export const pinOperations: readonly Operation[] = [
  {
    word: 'pin-block',
    summary: 'a PIN block, in the clear or under a key',
    options: {
      format,
      pin,
      pan: optionalPan,
      key: { kind: 'hex', help: 'PIN key; without it the block stays in the clear' },
      fill: { kind: 'text', help: 'random digits of formats 1 and 3, as hexadecimal; made up when left out' },
    },
    example: [`--format 0 --pin 123456 --pan 123456789012345678 --key ${exampleKey}`, 'DECD0AF638E0474B'],
    calculate: (input) => {
      const block = pinBlockEncode(requestOf(input));
      return input.has('key') ? desEcbEncrypt(input.bytes('key'), block) : block;
    },
  },
  {
    word: 'pin-open',
    summary: 'the PIN of a block',
    options: {
      format,
      block: { kind: 'hex', help: 'the block', ...required },
      pan: optionalPan,
      key: { kind: 'hex', help: 'PIN key the block is under' },
    },
    example: [`--format 0 --block DECD0AF638E0474B --pan 123456789012345678 --key ${exampleKey}`, '123456'],
    calculate: (input) => pinBlockDecode(blockOf(input)),
  },
  {
    word: 'pvv',
    summary: 'PIN verification value',
    options: { key, pan, pin, index: { kind: 'digits', help: 'key index, one digit', usual: '1' } },
    example: [`--key ${exampleKey} --pan 1122334455667788 --pin 4524 --index 3`, '4021'],
    calculate: (input) =>
      pvv({ key: input.bytes('key'), keyIndex: input.text('index'), pan: input.text('pan'), pin: input.text('pin') }),
  },
  {
    word: 'natural-pin',
    summary: 'IBM 3624 natural PIN',
    options: { key, pan, digits: { kind: 'digits', help: 'how long the PIN is', usual: '6' }, ...ruleOptions },
    example: [
      `--key ${exampleKey} --pan 1122334455667788 --digits 4 --start 0 --length 16 --table 1234567890123456`,
      '4524',
    ],
    calculate: (input) =>
      ibm3624NaturalPin(
        { key: input.bytes('key'), pan: input.text('pan'), length: Number(input.text('digits')) },
        ruleOf(input),
      ),
  },
  {
    word: 'pin-offset',
    summary: 'IBM 3624 offset of a customer’s PIN',
    options: { key, pan, pin, ...ruleOptions },
    example: [`--key ${exampleKey} --pan ${examplePan} --pin 123456`, '112101'],
    calculate: (input) =>
      ibm3624Offset({ key: input.bytes('key'), pan: input.text('pan'), pin: input.text('pin') }, ruleOf(input)),
  },
];
