import { sm2Decrypt, sm2Encrypt, sm2PublicKey, sm2Sign, sm2Verify, sm3 } from '@zhanggui/card-crypto';
import type { Input, Option } from '../command.ts';
import { data, type Operation, required } from './operation.ts';

const privateKey: Option = { kind: 'hex', help: 'private key, 32 bytes', ...required };
const publicKey: Option = { kind: 'hex', help: 'public key: 04, x and y, 65 bytes', ...required };
export const nonce: Option = { kind: 'hex', help: 'random number, 32 bytes; made up when left out, as it should be' };
const identity: Option = { kind: 'text', help: 'the signer’s identity', usual: '1234567812345678' };

/** Random numbers of a signature: a line that repeats one gives the private key away. */
export const nonceOf = (input: Input): Uint8Array => (input.has('nonce') ? input.bytes('nonce') : input.random(32));

const examplePrivate = '3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8';
const examplePublic =
  '0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13';
const exampleNonce = '59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21';
const exampleSignature =
  'F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA';
const exampleCipher =
  '0404EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF059983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD876621886CA989CA9C7D58087307CA93092D651EFA';
const exampleText = '6D65737361676520646967657374';
const exampleSecret = '656E6372797074696F6E207374616E64617264';

export const smOperations: readonly Operation[] = [
  {
    word: 'sm3',
    summary: 'SM3 digest',
    options: { data },
    example: ['--data 616263', '66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0'],
    calculate: (input) => sm3(input.bytes('data')),
  },
  {
    word: 'sm2-key',
    summary: 'a fresh pair of SM2 keys: the public one, and the private one',
    options: {},
    example: [''],
    calculate: (input) => {
      const key = input.random(32).with(0, 0);
      return { result: sm2PublicKey(key), privateKey: key };
    },
  },
  {
    word: 'sm2-public-key',
    summary: 'the public key of a private one',
    options: { key: privateKey },
    example: [`--key ${examplePrivate}`, examplePublic],
    calculate: (input) => sm2PublicKey(input.bytes('key')),
  },
  {
    word: 'sm2-sign',
    summary: 'SM2 signature with SM3: r and s',
    options: { key: privateKey, data, identity, nonce },
    example: [`--key ${examplePrivate} --data ${exampleText} --nonce ${exampleNonce}`, exampleSignature],
    calculate: (input) =>
      sm2Sign({
        privateKey: input.bytes('key'),
        nonce: nonceOf(input),
        data: input.bytes('data'),
        identity: input.text('identity'),
      }),
  },
  {
    word: 'sm2-verify',
    summary: 'whether a signature is this key’s',
    options: { key: publicKey, data, identity, signature: { kind: 'hex', help: 'r and s, 64 bytes', ...required } },
    example: [`--key ${examplePublic} --data ${exampleText} --signature ${exampleSignature}`, true],
    calculate: (input) =>
      sm2Verify({
        publicKey: input.bytes('key'),
        signature: input.bytes('signature'),
        data: input.bytes('data'),
        identity: input.text('identity'),
      }),
  },
  {
    word: 'sm2-encrypt',
    summary: 'SM2 encryption: C1, C3, C2',
    options: { key: publicKey, data, nonce },
    example: [`--key ${examplePublic} --data ${exampleSecret} --nonce ${exampleNonce}`, exampleCipher],
    calculate: (input) =>
      sm2Encrypt({ publicKey: input.bytes('key'), nonce: nonceOf(input), data: input.bytes('data') }),
  },
  {
    word: 'sm2-decrypt',
    summary: 'the same backwards',
    options: { key: privateKey, data },
    example: [`--key ${examplePrivate} --data ${exampleCipher}`, exampleSecret],
    calculate: (input) => sm2Decrypt({ privateKey: input.bytes('key'), cipher: input.bytes('data') }),
  },
];
