import { adjustParity, desEcbDecrypt, desEcbEncrypt, kcv } from '@zhanggui/card-crypto';
import { data, exampleKey, key, type Operation } from './operation.ts';

export const keyOperations: readonly Operation[] = [
  {
    word: 'kcv',
    summary: 'check value of a DES key: zeros enciphered',
    options: { key },
    example: [`--key ${exampleKey}`, '08D7B4FB629D0885'],
    calculate: (input) => kcv(input.bytes('key')),
  },
  {
    word: 'parity',
    summary: 'a key with every byte made odd',
    options: { key: { ...key, help: 'key of any length' } },
    example: ['--key 0023456789ABCDEF', '0123456789ABCDEF'],
    calculate: (input) => adjustParity(input.bytes('key')),
  },
  {
    word: 'des-encrypt',
    summary: 'DES or triple DES, ECB, whole blocks',
    options: { key, data },
    example: [`--key ${exampleKey} --data 061253DFFEDCBA98`, 'DECD0AF638E0474B'],
    calculate: (input) => desEcbEncrypt(input.bytes('key'), input.bytes('data')),
  },
  {
    word: 'des-decrypt',
    summary: 'the same backwards',
    options: { key, data },
    example: [`--key ${exampleKey} --data DECD0AF638E0474B`, '061253DFFEDCBA98'],
    calculate: (input) => desEcbDecrypt(input.bytes('key'), input.bytes('data')),
  },
];
