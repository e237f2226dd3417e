import { adjustParity, aesCmacKcv, aesKcv, kcv, sm4CmacKcv, sm4Kcv, tdesCmacKcv } from '@zhanggui/card-crypto';
import { exampleKey, type Operation, required } from './operation.ts';

/** A ready key prints masked; these take bytes, and give the whole check value. */
const checkValues: Readonly<Record<string, (key: Uint8Array) => Uint8Array>> = {
  des: kcv,
  aes: aesKcv,
  sm4: sm4Kcv,
  'tdes-cmac': tdesCmacKcv,
  'aes-cmac': aesCmacKcv,
  'sm4-cmac': sm4CmacKcv,
};

const key = { kind: 'hex', help: 'the key', ...required } as const;

export const keyOperations: readonly Operation[] = [
  {
    word: 'kcv',
    summary: 'check value of a key: zeros enciphered, the whole block of it',
    options: {
      key,
      algorithm: {
        kind: 'text',
        help: 'the key’s; CMAC is X9.24-1’s way',
        choices: Object.keys(checkValues),
        usual: 'des',
      },
    },
    example: [`--key ${exampleKey}`, '08D7B4FB629D0885'],
    calculate: (input) => (checkValues[input.text('algorithm')] ?? kcv)(input.bytes('key')),
  },
  {
    word: 'parity',
    summary: 'a DES key with every byte made odd',
    options: { key },
    example: ['--key 0023456789ABCDEF', '0123456789ABCDEF'],
    calculate: (input) => adjustParity(input.bytes('key')),
  },
];
