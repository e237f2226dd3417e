import { ascii } from '@zhanggui/bytes';
import {
  aesCmac,
  cbcMac,
  interchangeMac,
  interchangeSm4Mac,
  type MacPadding,
  sm3Hmac,
  sm4CbcMac,
  sm4Cmac,
  tdesCmac,
  unionPayEcbMac,
  unionPaySm4Mac,
  x99Mac,
  x919Mac,
  xorMac,
} from '@zhanggui/card-crypto';
import type { Input } from '../command.ts';
import { data, type Operation, type Result, required } from './operation.ts';

type Mac = (key: Uint8Array, data: Uint8Array, options: { padding: MacPadding }) => Uint8Array;

const algorithms: Readonly<Record<string, Mac>> = {
  'unionpay-ecb': unionPayEcbMac,
  interchange: interchangeMac,
  xor: xorMac,
  cbc: cbcMac,
  x99: x99Mac,
  x919: x919Mac,
  'tdes-cmac': tdesCmac,
  'aes-cmac': aesCmac,
  'unionpay-sm4': unionPaySm4Mac,
  'interchange-sm4': interchangeSm4Mac,
  'sm4-cbc': sm4CbcMac,
  'sm4-cmac': sm4Cmac,
  'sm3-hmac': sm3Hmac,
};

/** MACs that travel as eight characters: the result is that text, and `bytes` is what the field holds. */
const written: ReadonlySet<string> = new Set(['unionpay-ecb', 'interchange', 'unionpay-sm4', 'interchange-sm4']);

const paddings: readonly MacPadding[] = ['zeros', '80', 'length'];

const calculate = (input: Input): Result => {
  const name = input.text('algorithm');
  const padding = paddings.find((known) => known === input.text('padding')) ?? 'zeros';
  const mac = (algorithms[name] ?? cbcMac)(input.bytes('key'), input.bytes('data'), { padding });
  return written.has(name) ? { result: ascii(mac), bytes: mac } : mac;
};

export const macOperations: readonly Operation[] = [
  {
    word: 'mac',
    summary: 'message authentication codes',
    options: {
      algorithm: { kind: 'text', help: 'which MAC', choices: Object.keys(algorithms), ...required },
      key: { kind: 'hex', help: 'the key, as long as its algorithm has it', ...required },
      data,
      padding: {
        kind: 'text',
        help: 'of cbc, x99 and x919, ISO 9797-1 paddings 1, 2 and 3',
        choices: paddings,
        usual: 'zeros',
      },
    },
    example: [
      '--algorithm unionpay-ecb --key C24A8FB57AA20123 --data 0200302004C020C0981100000000000000005100183402100006324392260009942820D1312101120084393136363838303134303030303030303030303030303030313536ACF46E73838A82F92600000000000000000822000001',
      '72489CAC',
    ],
    more: [
      [
        '--algorithm aes-cmac --key 2B7E151628AED2A6ABF7158809CF4F3C --data 6BC1BEE22E409F96E93D7E117393172A',
        '070A16B46B4D4144F79BDD9DD04A287C',
      ],
      [
        '--algorithm tdes-cmac --key 8AA83BF8CBDA10620BC1BF19FBB6CD58BC313D4A371CA8B5 --data 6BC1BEE22E409F96',
        '8E8F293136283797',
      ],
    ],
    calculate,
  },
];
