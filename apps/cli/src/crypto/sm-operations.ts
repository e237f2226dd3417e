import { sm3, sm4EcbDecrypt, sm4EcbEncrypt } from '@zhanggui/card-crypto';
import { DataError, type Input, type Option } from '../command.ts';
import { data, exampleKey, type Operation, required } from './operation.ts';

const smKey: Option = { kind: 'hex', help: 'SM4 key, 16 bytes', ...required };
const blockBytes = 16;

const checked = (input: Input): { key: Uint8Array; data: Uint8Array } => {
  const given = { key: input.bytes('key'), data: input.bytes('data') };
  if (given.key.length !== blockBytes) throw new DataError('--key: an SM4 key is 16 bytes');
  if (given.data.length % blockBytes !== 0) throw new DataError('--data: not a whole number of 16-byte blocks');
  return given;
};

export const smOperations: readonly Operation[] = [
  {
    word: 'sm3',
    summary: 'SM3 digest',
    options: { data },
    example: ['--data 616263', '66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0'],
    calculate: (input) => sm3(input.bytes('data')),
  },
  {
    word: 'sm4-encrypt',
    summary: 'SM4, ECB, whole blocks',
    options: { key: smKey, data },
    example: [`--key ${exampleKey} --data ${exampleKey}`, '681EDF34D206965E86B3E94F536E4246'],
    calculate: (input) => {
      const given = checked(input);
      return sm4EcbEncrypt(given.key, given.data);
    },
  },
  {
    word: 'sm4-decrypt',
    summary: 'the same backwards',
    options: { key: smKey, data },
    example: [`--key ${exampleKey} --data 681EDF34D206965E86B3E94F536E4246`, exampleKey],
    calculate: (input) => {
      const given = checked(input);
      return sm4EcbDecrypt(given.key, given.data);
    },
  },
];
