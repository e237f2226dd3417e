import { aesKey, desKey, type Sm4Mode, sm4Key } from '@zhanggui/card-crypto';
import { DataError, type Input } from '../command.ts';
import { data, exampleKey, type Operation, type Result, required } from './operation.ts';

type Way = (given: { key: Uint8Array; data: Uint8Array; vector?: Uint8Array }) => Uint8Array;
type Cipher = { readonly encrypt: Way; readonly decrypt: Way };

const sm4 = (mode: Sm4Mode): Cipher => ({
  encrypt: ({ key, data: plain, vector }) => sm4Key(key).encrypt(plain, { mode, vector }),
  decrypt: ({ key, data: sealed, vector }) => sm4Key(key).decrypt(sealed, { mode, vector }),
});

/** The counter is enciphered, so both ways are one. */
const counter: Way = ({ key, data: text, vector }) => aesKey(key).counter(text, vector ?? new Uint8Array(16));

const ciphers: Readonly<Record<string, Cipher>> = {
  des: {
    encrypt: ({ key, data: plain }) => desKey(key).encrypt(plain),
    decrypt: ({ key, data: sealed }) => desKey(key).decrypt(sealed),
  },
  'des-cbc': {
    encrypt: ({ key, data: plain, vector }) => desKey(key).encryptCbc(plain, vector),
    decrypt: ({ key, data: sealed, vector }) => desKey(key).decryptCbc(sealed, vector),
  },
  aes: {
    encrypt: ({ key, data: plain }) => aesKey(key).encrypt(plain),
    decrypt: ({ key, data: sealed }) => aesKey(key).decrypt(sealed),
  },
  'aes-cbc': {
    encrypt: ({ key, data: plain, vector }) => aesKey(key).encryptCbc(plain, vector),
    decrypt: ({ key, data: sealed, vector }) => aesKey(key).decryptCbc(sealed, vector),
  },
  'aes-ctr': { encrypt: counter, decrypt: counter },
  sm4: sm4('ecb'),
  'sm4-cbc': sm4('cbc'),
  'sm4-cfb': sm4('cfb'),
  'sm4-ofb': sm4('ofb'),
  'sm4-ctr': sm4('ctr'),
};

const vectorBytes = (name: string): number => (name.startsWith('des') ? 8 : 16);

const turn =
  (way: keyof Cipher) =>
  (input: Input): Uint8Array => {
    const name = input.text('algorithm');
    const vector = input.has('vector') ? input.bytes('vector') : undefined;
    if (vector !== undefined && vector.length !== vectorBytes(name))
      throw new DataError(`--vector: ${vectorBytes(name)} bytes are wanted`);
    const cipher = ciphers[name] ?? sm4('ecb');
    return cipher[way]({ key: input.bytes('key'), data: input.bytes('data'), vector });
  };

const options = {
  algorithm: { kind: 'text', help: 'cipher and mode, ECB unless it says', choices: Object.keys(ciphers), usual: 'des' },
  key: { kind: 'hex', help: 'DES 8, 16 or 24 bytes, AES 16, 24 or 32, SM4 16', ...required },
  data: { ...data, help: 'whole blocks for ECB and CBC: nothing is filled up' },
  vector: { kind: 'hex', help: 'initial vector or first counter block; zeros when left out' },
} as const;

const gcmOptions = {
  key: { kind: 'hex', help: 'SM4 key, 16 bytes', ...required },
  nonce: { kind: 'hex', help: '12 bytes, never used twice under a key', ...required },
  data,
  attributes: { kind: 'hex', help: 'what is authenticated and not enciphered' },
} as const;

const gcmGiven = (input: Input) => {
  const nonce = input.bytes('nonce');
  if (nonce.length !== 12) throw new DataError('--nonce: 12 bytes are wanted');
  return {
    nonce,
    data: input.bytes('data'),
    attributes: input.has('attributes') ? input.bytes('attributes') : undefined,
  };
};

const seal = (input: Input): Result => {
  const { data: result, tag } = sm4Key(input.bytes('key')).seal(gcmGiven(input));
  return { result, tag };
};

const gcmExample = `--key ${exampleKey} --nonce 00001234567800000000ABCD`;

export const cipherOperations: readonly Operation[] = [
  {
    word: 'encrypt',
    summary: 'DES, AES or SM4 over data',
    options,
    example: [`--key ${exampleKey} --data 061253DFFEDCBA98`, 'DECD0AF638E0474B'],
    more: [[`--algorithm sm4 --key ${exampleKey} --data ${exampleKey}`, '681EDF34D206965E86B3E94F536E4246']],
    calculate: turn('encrypt'),
  },
  {
    word: 'decrypt',
    summary: 'the same backwards',
    options,
    example: [`--key ${exampleKey} --data DECD0AF638E0474B`, '061253DFFEDCBA98'],
    more: [[`--algorithm sm4 --key ${exampleKey} --data 681EDF34D206965E86B3E94F536E4246`, exampleKey]],
    calculate: turn('decrypt'),
  },
  {
    word: 'sm4-seal',
    summary: 'SM4-GCM: ciphertext and tag',
    options: gcmOptions,
    example: [`${gcmExample} --data 00112233`, 'BD481169'],
    calculate: seal,
  },
  {
    word: 'sm4-open',
    summary: 'SM4-GCM backwards; a wrong tag is refused',
    options: { ...gcmOptions, tag: { kind: 'hex', help: '16 bytes', ...required } },
    example: [`${gcmExample} --data BD481169 --tag F58A84D3B681761B3BB15E5ABCF12310`, '00112233'],
    calculate: (input) => sm4Key(input.bytes('key')).open({ ...gcmGiven(input), tag: input.bytes('tag') }),
  },
];
