import {
  desEcbDecrypt,
  desEcbEncrypt,
  type Ibm3624Rule,
  ibm3624NaturalPin,
  ibm3624Offset,
  ibm3624Pin,
  type PinBlock,
  type PinBlockRequest,
  pinBlock4Decrypt,
  pinBlock4Encrypt,
  pinBlockDecode,
  pinBlockEncode,
  pvv,
  sm4EcbDecrypt,
  sm4EcbEncrypt,
  sm4PinBlockDecode,
  sm4PinBlockEncode,
} from '@zhanggui/card-crypto';
import { type Input, type Option, UsageError } from '../command.ts';
import { exampleKey, examplePan, key, numberOf, type Operation, pan, pin, required } from './operation.ts';

const formats = ['0', '1', '2', '3', '4', 'without-pan', 'sm4'] as const;
const format: Option = {
  kind: 'text',
  help: 'ISO 9564-1, UnionPay without PAN, or of terminals with SM4 keys',
  choices: formats,
  usual: '0',
};
const optionalPan: Option = { kind: 'digits', help: 'card number, of formats 0, 3, 4 and sm4' };

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
    'without-pan': () => ({ format: 'without-pan', pin: text }),
    3: () => ({ format: '3', pin: text, pan: input.text('pan'), fill: fillOf(input, 10) }),
  };
  const request = requests[input.text('format')];
  if (request === undefined) throw new UsageError('no such format');
  return request();
};

const clearBlockOf = (input: Input): PinBlock => {
  const block = input.has('key') ? desEcbDecrypt(input.bytes('key'), input.bytes('block')) : input.bytes('block');
  const name = input.text('format');
  if (name === '0' || name === '3') return { format: name, block, pan: input.text('pan') };
  return { format: name === '1' ? '1' : name === '2' ? '2' : 'without-pan', block };
};

const randomFillBytes = 8;

const makeBlock = (input: Input): Uint8Array => {
  const name = input.text('format');
  const given = { pin: input.text('pin') };
  if (name === '4') {
    const fill = input.has('fill') ? input.bytes('fill') : input.random(randomFillBytes);
    return pinBlock4Encrypt({ ...given, key: input.bytes('key'), pan: input.text('pan'), fill });
  }
  if (name === 'sm4') {
    const block = sm4PinBlockEncode({ ...given, pan: input.text('pan') });
    return input.has('key') ? sm4EcbEncrypt(input.bytes('key'), block) : block;
  }
  const block = pinBlockEncode(requestOf(input));
  return input.has('key') ? desEcbEncrypt(input.bytes('key'), block) : block;
};

const openBlock = (input: Input): string => {
  const name = input.text('format');
  const block = input.bytes('block');
  if (name === '4') return pinBlock4Decrypt({ key: input.bytes('key'), block, pan: input.text('pan') });
  if (name !== 'sm4') return pinBlockDecode(clearBlockOf(input));
  const clear = input.has('key') ? sm4EcbDecrypt(input.bytes('key'), block) : block;
  return sm4PinBlockDecode({ block: clear, pan: input.text('pan') });
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
  return {
    start,
    length: numberOf(input, 'length', { least: 1, most: 16 }),
    pad: input.text('pad'),
    table: input.text('table'),
  };
};

export const pinOperations: readonly Operation[] = [
  {
    word: 'pin-block',
    summary: 'a PIN block, in the clear or under a key',
    options: {
      format,
      pin,
      pan: optionalPan,
      key: { kind: 'hex', help: 'PIN key (format 4: AES, sm4: SM4); without it the block stays in the clear' },
      fill: { kind: 'text', help: 'random digits of formats 1, 3 and 4 in hexadecimal; made up when left out' },
    },
    example: [`--format 0 --pin 123456 --pan 123456789012345678 --key ${exampleKey}`, 'DECD0AF638E0474B'],
    more: [
      [
        '--format 4 --pin 1234 --pan 4111111111111111 --key AF8CB133A78F8DC2D1359F18527593FB --fill 2F69ADDE2E9E7ACE',
        'A912150391AB65A67E52883D81CE2D15',
      ],
      [
        '--format sm4 --pin 123654 --pan 6230606601007726888 --key F351D490994603795C6EBEE8FAEBB481',
        'CD01D6AD8F0A484C52A9364A0595AD60',
      ],
    ],
    calculate: makeBlock,
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
    calculate: openBlock,
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
        { key: input.bytes('key'), pan: input.text('pan'), length: numberOf(input, 'digits', { least: 1, most: 16 }) },
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
  {
    word: 'pin-from-offset',
    summary: 'the customer’s PIN of an IBM 3624 offset',
    options: {
      key,
      pan,
      offset: { kind: 'digits', help: 'as many digits as the PIN has', ...required },
      ...ruleOptions,
    },
    example: [`--key ${exampleKey} --pan ${examplePan} --offset 112101`, '123456'],
    calculate: (input) =>
      ibm3624Pin({ key: input.bytes('key'), pan: input.text('pan'), offset: input.text('offset') }, ruleOf(input)),
  },
];
