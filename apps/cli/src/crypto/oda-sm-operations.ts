import {
  issueSmIccCertificate,
  issueSmIssuerCertificate,
  recoverSmIccKey,
  recoverSmIssuerKey,
  type SmKeyRecovery,
  type SmSigner,
  signSmCombined,
  signSmDynamicData,
  signSmStaticData,
  verifySmCombined,
  verifySmDynamicData,
  verifySmStaticData,
} from '@zhanggui/card-crypto';
import { DataError, type Input, type Option } from '../command.ts';
import {
  byteOf,
  combinedOptions,
  dynamicNumber,
  expiry,
  hexOption,
  serial,
  staticData,
  terminalData,
  verdict,
} from './oda-operations.ts';
import { type Operation, pan, type Result, required } from './operation.ts';
import { nonce, nonceOf } from './sm-operations.ts';

const signer = { signer: hexOption('private key of the signer, 32 bytes'), nonce } as const;
const publicKey = { key: hexOption('public key of the signer: 04, x and y, 65 bytes') } as const;
const subject = hexOption('public key to certify: 04, x and y, 65 bytes');
const today: Option = { kind: 'digits', help: 'YYMM; this month when left out' };
const certificateOptions = {
  ...publicKey,
  certificate: hexOption('certificate: tag 90 or 9F46'),
  pan,
  today,
} as const satisfies Record<string, Option>;

const signerOf = (input: Input): SmSigner => ({ privateKey: input.bytes('signer'), nonce: nonceOf(input) });

const certificateOf = (input: Input): { certificate: Uint8Array; pan: string; today: string } => ({
  certificate: input.bytes('certificate'),
  pan: input.text('pan'),
  today: input.has('today') ? input.text('today') : input.today().slice(0, 4),
});

const recovered = (recovery: SmKeyRecovery): Result => {
  if (recovery.kind === 'invalid') throw new DataError(`the certificate does not hold: ${recovery.failure}`);
  return recovery.key;
};

const caKey57 =
  '04E8105E77861FD2EB727C84E36D3D4A5666BD0ADCE8781F0145D3D82D72B92748E22D5404C6C41F3EC8B790DE2F61CF29FAECB168C79F5C8666762D53CC26A460';
const issuerCertificate =
  '12622800011220000001040011409F483BF2CC71C5093728318061E3F768EA7C170F82DD8C4B979FBD8C76A129F93FB5746E96F5E49B987FFB521E473B25E1B017C30BE3FC638BA14D5FA4AADC16B1E1A02ED62D811268C4A2123CD8B26690BCE14BB7A01713C01C2D2FF2892D1596A7D9D131C73813C3A3D6F851DCDA917E986923F98DD2444ADC8EF0D0CE1E2A';
const issuerKey =
  '049F483BF2CC71C5093728318061E3F768EA7C170F82DD8C4B979FBD8C76A129F93FB5746E96F5E49B987FFB521E473B25E1B017C30BE3FC638BA14D5FA4AADC16';

const checkOperations: readonly Operation[] = [
  {
    word: 'oda-sm-recover-issuer',
    summary: 'SM2 issuer key out of its certificate (PBOC 3.0)',
    options: certificateOptions,
    example: [`--key ${caKey57} --certificate ${issuerCertificate} --pan 6228000100000000007 --today 2012`, issuerKey],
    calculate: (input) => recovered(recoverSmIssuerKey({ ...certificateOf(input), caKey: input.bytes('key') })),
  },
  {
    word: 'oda-sm-recover-card',
    summary: 'SM2 card key out of its certificate',
    options: { ...certificateOptions, 'static-data': staticData },
    sketch: '--key … --certificate … --pan 6225000000000014 --static-data …',
    calculate: (input) =>
      recovered(
        recoverSmIccKey({
          ...certificateOf(input),
          issuerKey: input.bytes('key'),
          staticData: input.bytes('static-data'),
        }),
      ),
  },
  {
    word: 'oda-sm-verify-static',
    summary: 'SDA with SM2: whether tag 93 holds',
    options: { ...publicKey, signed: hexOption('tag 93'), 'static-data': staticData },
    sketch: '--key … --signed … --static-data …',
    calculate: (input) =>
      verdict(
        verifySmStaticData({
          issuerKey: input.bytes('key'),
          signed: input.bytes('signed'),
          staticData: input.bytes('static-data'),
        }),
      ),
  },
  {
    word: 'oda-sm-verify-dynamic',
    summary: 'DDA with SM2: whether tag 9F4B holds',
    options: { ...publicKey, signed: hexOption('tag 9F4B'), 'terminal-data': terminalData },
    sketch: '--key … --signed … --terminal-data 01020304',
    calculate: (input) =>
      verdict(
        verifySmDynamicData({
          iccKey: input.bytes('key'),
          signed: input.bytes('signed'),
          terminalData: input.bytes('terminal-data'),
        }),
      ),
  },
  {
    word: 'oda-sm-verify-combined',
    summary: 'CDA with SM2: whether tag 9F4B holds, and the cryptogram in it',
    options: { ...publicKey, signed: hexOption('tag 9F4B'), ...combinedOptions },
    sketch: '--key … --signed … --cryptogram-information 80 --transaction-data … --unpredictable-number …',
    calculate: (input) =>
      verdict(
        verifySmCombined({
          iccKey: input.bytes('key'),
          signed: input.bytes('signed'),
          cryptogramInformation: byteOf(input, 'cryptogram-information'),
          transactionData: input.bytes('transaction-data'),
          unpredictableNumber: input.bytes('unpredictable-number'),
        }),
      ),
  },
];

const signOperations: readonly Operation[] = [
  {
    word: 'oda-sm-issue-issuer',
    summary: 'SM2 issuer certificate (tag 90) under a CA key',
    options: {
      ...signer,
      subject,
      bin: { kind: 'digits', help: 'first digits of its PANs', ...required },
      expiry,
      serial,
    },
    sketch: '--signer @ca.hex --subject … --bin 622500 --expiry 3512',
    calculate: (input) =>
      issueSmIssuerCertificate({
        ca: signerOf(input),
        subject: input.bytes('subject'),
        issuerIdentifier: input.text('bin'),
        expiry: input.text('expiry'),
        serial: input.bytes('serial'),
      }),
  },
  {
    word: 'oda-sm-issue-card',
    summary: 'SM2 card certificate (tag 9F46) under an issuer key',
    options: { ...signer, subject, pan, expiry, serial, 'static-data': staticData },
    sketch: '--signer @issuer.hex --subject … --pan 6225000000000014 --expiry 3012 --static-data …',
    calculate: (input) =>
      issueSmIccCertificate({
        issuer: signerOf(input),
        subject: input.bytes('subject'),
        pan: input.text('pan'),
        expiry: input.text('expiry'),
        serial: input.bytes('serial'),
        staticData: input.bytes('static-data'),
      }),
  },
  {
    word: 'oda-sm-sign-static',
    summary: 'signed static application data (tag 93) with SM2',
    options: {
      ...signer,
      'static-data': staticData,
      code: { kind: 'hex', help: 'data authentication code', usual: '0000' },
    },
    sketch: '--signer @issuer.hex --static-data …',
    calculate: (input) =>
      signSmStaticData({
        issuer: signerOf(input),
        dataAuthenticationCode: input.bytes('code'),
        staticData: input.bytes('static-data'),
      }),
  },
  {
    word: 'oda-sm-sign-dynamic',
    summary: 'signed dynamic application data (tag 9F4B) with SM2',
    options: { ...signer, 'dynamic-number': dynamicNumber, 'terminal-data': terminalData },
    sketch: '--signer @card.hex --dynamic-number 0102030405060708 --terminal-data 01020304',
    calculate: (input) =>
      signSmDynamicData({
        icc: signerOf(input),
        iccDynamicNumber: input.bytes('dynamic-number'),
        terminalData: input.bytes('terminal-data'),
      }),
  },
  {
    word: 'oda-sm-sign-combined',
    summary: 'signature over a cryptogram (tag 9F4B) with SM2',
    options: { ...signer, 'dynamic-number': dynamicNumber, cryptogram: hexOption('tag 9F26'), ...combinedOptions },
    sketch:
      '--signer @card.hex --dynamic-number … --cryptogram … --cryptogram-information 80 --transaction-data … --unpredictable-number …',
    calculate: (input) =>
      signSmCombined({
        icc: signerOf(input),
        iccDynamicNumber: input.bytes('dynamic-number'),
        cryptogram: input.bytes('cryptogram'),
        cryptogramInformation: byteOf(input, 'cryptogram-information'),
        transactionData: input.bytes('transaction-data'),
        unpredictableNumber: input.bytes('unpredictable-number'),
      }),
  },
];

/** The same words as the RSA ones: what a card with SM2 keys has in the tags of the same names. */
export const odaSmOperations: readonly Operation[] = [...checkOperations, ...signOperations];
