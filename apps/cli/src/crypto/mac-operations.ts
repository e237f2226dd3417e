import { ascii } from '@zhanggui/bytes';
import { cbcMac, interchangeMac, type MacPadding, unionPayEcbMac, x919Mac, xorMac } from '@zhanggui/card-crypto';
import type { Input } from '../command.ts';
import { data, key, type Operation, type Result, required } from './operation.ts';

/** MACs that travel as eight characters: the result is the text, as it stands on paper; `bytes` is the field. */
const written = (mac: Uint8Array): Result => ({ result: ascii(mac), bytes: mac });

const algorithms: Readonly<Record<string, (input: Input) => Result>> = {
  'unionpay-ecb': (input) => written(unionPayEcbMac(input.bytes('key'), input.bytes('data'))),
  interchange: (input) => written(interchangeMac(input.bytes('key'), input.bytes('data'))),
  xor: (input) => xorMac(input.bytes('key'), input.bytes('data')),
  cbc: (input) => cbcMac(input.bytes('key'), input.bytes('data')),
  x919: (input) => x919Mac(input.bytes('key'), input.bytes('data'), { padding: input.text('padding') as MacPadding }),
};

export const macOperations: readonly Operation[] = [
  {
    word: 'mac',
    summary: 'message authentication codes',
    options: {
      algorithm: { kind: 'text', help: 'which MAC', choices: Object.keys(algorithms), ...required },
      key,
      data,
      padding: {
        kind: 'text',
        help: 'of x919: zeros, or a byte 80 before them',
        choices: ['zeros', '80'],
        usual: 'zeros',
      },
    },
    example: [
      '--algorithm unionpay-ecb --key C24A8FB57AA20123 --data 0200302004C020C0981100000000000000005100183402100006324392260009942820D1312101120084393136363838303134303030303030303030303030303030313536ACF46E73838A82F92600000000000000000822000001',
      '72489CAC',
    ],
    calculate: (input) => algorithms[input.text('algorithm')]?.(input) ?? '',
  },
];
