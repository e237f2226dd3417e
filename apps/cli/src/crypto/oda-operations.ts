import { generateKeyPairSync } from 'node:crypto';
import {
  type Certificate,
  caKeyCheckValue,
  issueIccCertificate,
  issueIssuerCertificate,
  type KeyRecovery,
  publicKeyOf,
  type RsaPrivateKey,
  type RsaPublicKey,
  recoverIccKey,
  recoverIssuerKey,
  signCombined,
  signDynamicData,
  signStaticData,
  verifyCombined,
  verifyDynamicData,
  verifyStaticData,
} from '@zhanggui/card-crypto';
import { DataError, type Input, type Option } from '../command.ts';
import { isRecord } from '../field-values.ts';
import { numberOf, type Operation, pan, type Result, required } from './operation.ts';

export const hexOption = (help: string): Option => ({ kind: 'hex', help, ...required });
const signer: Option = { kind: 'text', help: 'private key as oda-key prints it: @file', ...required };
const publicKey = { modulus: hexOption('public key: modulus'), exponent: hexOption('public key: exponent') };
export const expiry: Option = { kind: 'digits', help: 'YYMM', ...required };
export const serial: Option = { kind: 'hex', help: 'serial number, 3 bytes', usual: '000001' };
export const staticData: Option = { kind: 'hex', help: 'what the card has signed statically', ...required };
export const terminalData = hexOption('what the DDOL asked for');
export const dynamicNumber = hexOption('dynamic number of the card');
const certificateOptions = {
  ...publicKey,
  certificate: hexOption('certificate: tag 90 or 9F46'),
  remainder: { kind: 'hex', help: 'rest of the key, tag 92 or 9F48, where there is one' },
  'key-exponent': hexOption('exponent of the key inside, tag 9F32 or 9F47'),
  pan,
  today: { kind: 'digits', help: 'YYMM; this month when left out' },
} as const satisfies Record<string, Option>;
export const combinedOptions = {
  'cryptogram-information': hexOption('tag 9F27'),
  'transaction-data': hexOption('values of PDOL and CDOL1, then the answer’s objects without 9F4B'),
  'unpredictable-number': hexOption('tag 9F37'),
} as const;

const keyParts = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'] as const;

const isPrivateKey = (json: unknown): json is RsaPrivateKey =>
  isRecord(json) && keyParts.every((part) => typeof json[part] === 'string');

const signerOf = (input: Input): RsaPrivateKey => {
  let json: unknown;
  try {
    json = JSON.parse(input.text('signer'));
  } catch {
    throw new DataError('--signer: not JSON');
  }
  const found = isRecord(json) && 'privateKey' in json ? json['privateKey'] : json;
  if (!isPrivateKey(found)) throw new DataError('--signer: not a private key as oda-key prints it');
  return found;
};

const keyOf = (input: Input): RsaPublicKey => ({
  modulus: input.bytes('modulus'),
  exponent: input.bytes('exponent'),
});

const newKey = (input: Input): Result => {
  const modulusLength = numberOf(input, 'bits', { least: 512, most: 1984 });
  const { privateKey: made } = generateKeyPairSync('rsa', { modulusLength, publicExponent: 3 });
  const { n = '', e = '', d = '', p = '', q = '', dp = '', dq = '', qi = '' } = made.export({ format: 'jwk' });
  const privateKey: RsaPrivateKey = { n, e, d, p, q, dp, dq, qi };
  const { modulus, exponent } = publicKeyOf(privateKey);
  return { result: modulus, exponent, privateKey };
};

const issued = ({ certificate, remainder, exponent }: Certificate): Result => ({
  result: certificate,
  remainder,
  exponent,
});

const certificateOf = (input: Input): Certificate & { pan: string; today: string } => ({
  certificate: input.bytes('certificate'),
  remainder: input.has('remainder') ? input.bytes('remainder') : new Uint8Array(),
  exponent: input.bytes('key-exponent'),
  pan: input.text('pan'),
  today: input.has('today') ? input.text('today') : input.today().slice(0, 4),
});

const recovered = (recovery: KeyRecovery): Result => {
  if (recovery.kind === 'invalid') throw new DataError(`the certificate does not hold: ${recovery.failure}`);
  return { result: recovery.key.modulus, exponent: recovery.key.exponent };
};

export const verdict = ({ kind, ...rest }: { kind: 'valid' | 'invalid' }): Result => ({
  result: kind === 'valid',
  ...rest,
});

export const byteOf = (input: Input, name: string): number => {
  const [value, ...more] = input.bytes(name);
  if (value === undefined || more.length > 0) throw new DataError(`--${name}: one byte is wanted`);
  return value;
};

const signOperations: readonly Operation[] = [
  {
    word: 'oda-key',
    summary: 'an RSA key for a test chain: modulus, exponent, and the private key',
    options: { bits: { kind: 'digits', help: '512 to 1984', usual: '1024' } },
    example: ['--bits 1152'],
    calculate: newKey,
  },
  {
    word: 'oda-issue-issuer',
    summary: 'issuer certificate (tag 90) under a CA key, with its remainder',
    options: {
      signer,
      ...publicKey,
      bin: { kind: 'digits', help: 'first digits of its PANs', ...required },
      expiry,
      serial,
    },
    sketch: '--signer @ca.json --modulus … --exponent 03 --bin 622500 --expiry 3512',
    calculate: (input) =>
      issued(
        issueIssuerCertificate({
          caKey: signerOf(input),
          issuerKey: keyOf(input),
          issuerIdentifier: input.text('bin'),
          expiry: input.text('expiry'),
          serial: input.bytes('serial'),
        }),
      ),
  },
  {
    word: 'oda-issue-card',
    summary: 'card certificate (tag 9F46) under an issuer key, with its remainder',
    options: { signer, ...publicKey, pan, expiry, serial, 'static-data': staticData },
    sketch: '--signer @issuer.json --modulus … --exponent 03 --pan 6225000000000014 --expiry 3012 --static-data …',
    calculate: (input) =>
      issued(
        issueIccCertificate({
          issuerKey: signerOf(input),
          iccKey: keyOf(input),
          pan: input.text('pan'),
          expiry: input.text('expiry'),
          serial: input.bytes('serial'),
          staticData: input.bytes('static-data'),
        }),
      ),
  },
  {
    word: 'oda-sign-static',
    summary: 'signed static application data (tag 93), SDA',
    options: {
      signer,
      'static-data': staticData,
      code: { kind: 'hex', help: 'data authentication code', usual: '0000' },
    },
    sketch: '--signer @issuer.json --static-data …',
    calculate: (input) =>
      signStaticData({
        issuerKey: signerOf(input),
        dataAuthenticationCode: input.bytes('code'),
        staticData: input.bytes('static-data'),
      }),
  },
  {
    word: 'oda-sign-dynamic',
    summary: 'signed dynamic application data (tag 9F4B), DDA',
    options: { signer, 'dynamic-number': dynamicNumber, 'terminal-data': terminalData },
    sketch: '--signer @card.json --dynamic-number 0102030405060708 --terminal-data 01020304',
    calculate: (input) =>
      signDynamicData({
        iccKey: signerOf(input),
        iccDynamicNumber: input.bytes('dynamic-number'),
        terminalData: input.bytes('terminal-data'),
      }),
  },
  {
    word: 'oda-sign-combined',
    summary: 'signature over a cryptogram (tag 9F4B), CDA',
    options: { signer, 'dynamic-number': dynamicNumber, cryptogram: hexOption('tag 9F26'), ...combinedOptions },
    sketch:
      '--signer @card.json --dynamic-number … --cryptogram … --cryptogram-information 80 --transaction-data … --unpredictable-number …',
    calculate: (input) =>
      signCombined({
        iccKey: signerOf(input),
        iccDynamicNumber: input.bytes('dynamic-number'),
        cryptogram: input.bytes('cryptogram'),
        cryptogramInformation: byteOf(input, 'cryptogram-information'),
        transactionData: input.bytes('transaction-data'),
        unpredictableNumber: input.bytes('unpredictable-number'),
      }),
  },
];

const unionPayKey01 =
  'BBE9066D2517511D239C7BFA77884144AE20C7372F515147E8CE6537C54C0A6A4D45F8CA4D290870CDA59F1344EF71D17D3F35D92F3F06778D0D511EC2A7DC4FFEADF4FB1253CE37A7B2B5A3741227BEF72524DA7A2B7B1CB426BEE27BC513B0CB11AB99BC1BC61DF5AC6CC4D831D0848788CD74F6D543AD37C5A2B4C5D5A93B';

const checkOperations: readonly Operation[] = [
  {
    word: 'oda-ca-check',
    summary: 'check value of a CA’s public key',
    options: { ...publicKey, rid: hexOption('RID, 5 bytes'), index: hexOption('key index') },
    example: [
      `--rid A000000333 --index 01 --exponent 03 --modulus ${unionPayKey01}`,
      'E881E390675D44C2DD81234DCE29C3F5AB2297A0',
    ],
    calculate: (input) => caKeyCheckValue(input.bytes('rid'), byteOf(input, 'index'), keyOf(input)),
  },
  {
    word: 'oda-recover-issuer',
    summary: 'issuer key out of its certificate',
    options: certificateOptions,
    sketch: '--modulus … --exponent 03 --certificate … --remainder … --key-exponent 03 --pan 6225000000000014',
    calculate: (input) => recovered(recoverIssuerKey({ ...certificateOf(input), caKey: keyOf(input) })),
  },
  {
    word: 'oda-recover-card',
    summary: 'card key out of its certificate',
    options: { ...certificateOptions, 'static-data': staticData },
    sketch: '--modulus … --exponent 03 --certificate … --key-exponent 03 --pan 6225000000000014 --static-data …',
    calculate: (input) =>
      recovered(
        recoverIccKey({
          ...certificateOf(input),
          issuerKey: keyOf(input),
          staticData: input.bytes('static-data'),
        }),
      ),
  },
  {
    word: 'oda-verify-static',
    summary: 'SDA: whether tag 93 holds',
    options: { ...publicKey, signed: hexOption('tag 93'), 'static-data': staticData },
    sketch: '--modulus … --exponent 03 --signed … --static-data …',
    calculate: (input) =>
      verdict(
        verifyStaticData({
          issuerKey: keyOf(input),
          signed: input.bytes('signed'),
          staticData: input.bytes('static-data'),
        }),
      ),
  },
  {
    word: 'oda-verify-dynamic',
    summary: 'DDA: whether tag 9F4B holds',
    options: { ...publicKey, signed: hexOption('tag 9F4B'), 'terminal-data': terminalData },
    sketch: '--modulus … --exponent 03 --signed … --terminal-data 01020304',
    calculate: (input) =>
      verdict(
        verifyDynamicData({
          iccKey: keyOf(input),
          signed: input.bytes('signed'),
          terminalData: input.bytes('terminal-data'),
        }),
      ),
  },
  {
    word: 'oda-verify-combined',
    summary: 'CDA: whether tag 9F4B holds, and the cryptogram in it',
    options: { ...publicKey, signed: hexOption('tag 9F4B'), ...combinedOptions },
    sketch:
      '--modulus … --exponent 03 --signed … --cryptogram-information 80 --transaction-data … --unpredictable-number …',
    calculate: (input) =>
      verdict(
        verifyCombined({
          iccKey: keyOf(input),
          signed: input.bytes('signed'),
          cryptogramInformation: byteOf(input, 'cryptogram-information'),
          transactionData: input.bytes('transaction-data'),
          unpredictableNumber: input.bytes('unpredictable-number'),
        }),
      ),
  },
];

export const odaOperations: readonly Operation[] = [...checkOperations, ...signOperations];
