import { concat, equal, fromHex, hex } from '@zhanggui/bytes';
import {
  AesDukptDevice,
  aesDukptTransactionKey,
  decryptTrack,
  openIssuerScript,
  type PinBlock,
  keyBlockFillBytes,
  pinBlock4Decrypt,
  pinBlock4Encrypt,
  pinBlockDecode,
  pinBlockEncode,
  recoverIccKey,
  recoverIssuerKey,
  recoverSmIccKey,
  recoverSmIssuerKey,
  sealIssuerScript,
  sm2CipherFromDer,
  sm2CipherToDer,
  sm2Decrypt,
  sm2Encrypt,
  sm2NumberFromPkcs8,
  sm2PointFromSpki,
  sm2PointToSpki,
  sm2PublicKey,
  sm2SignatureFromDer,
  sm2SignatureToDer,
  sm4PinBlockDecode,
  sm4PinBlockEncode,
  TdesDukptDevice,
  tdesDukptTransactionKey,
  unwrapKeyBlock,
  verifyCombined,
  verifyDynamicData,
  verifySmCombined,
  verifySmDynamicData,
  verifySmStaticData,
  verifyStaticData,
  wrapKeyBlock,
} from '@zhanggui/card-crypto';
import { readFields } from '@zhanggui/hsm/payshield/fields';
import { hostCommands } from '@zhanggui/hsm/payshield/host-commands';
import type { FuzzTarget } from './fuzz-targets.ts';

const pan = '6225000000000014';
const today = '2611';
const nothing = new Uint8Array();
const utf = new TextEncoder();
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const key16 = fromHex('0123456789ABCDEFFEDCBA9876543210');
const key32 = concat(key16, key16);

const target = (name: string, seeds: readonly (string | Uint8Array)[], run: FuzzTarget['run']): FuzzTarget => ({
  name,
  seeds: seeds.map((seed) => (typeof seed === 'string' ? fromHex(seed) : seed)),
  run,
});

const pinSeeds = {
  '0': pinBlockEncode({ format: '0', pin: '1234', pan }),
  '1': pinBlockEncode({ format: '1', pin: '1234', fill: 'ABCDEF0123' }),
  '2': pinBlockEncode({ format: '2', pin: '1234' }),
  '3': pinBlockEncode({ format: '3', pin: '1234', pan, fill: 'ABCDEFABCD' }),
  'without-pan': pinBlockEncode({ format: 'without-pan', pin: '1234' }),
} as const;

/** Formats 0 and 3 are bound to a PAN. */
const asked = (format: string, block: Uint8Array): PinBlock =>
  (format === '0' || format === '3' ? { format, block, pan } : { format, block }) as PinBlock;

const pinBlocks: readonly FuzzTarget[] = [
  ...Object.entries(pinSeeds).map(([format, seed]) =>
    target(`PIN block ${format}`, [seed], (block) => {
      if (!/^\d{4,12}$/.test(pinBlockDecode(asked(format, block)))) throw new Error('a PIN that is none');
    }),
  ),
  target(
    'PIN block 4',
    [pinBlock4Encrypt({ key: key16, pin: '1234', pan, fill: key16.subarray(0, 8) })],
    (block) => void pinBlock4Decrypt({ key: key16, block, pan }),
  ),
  target('PIN block SM4', [sm4PinBlockEncode({ pin: '123456', pan })], (block) => {
    const pin = sm4PinBlockDecode({ block, pan });
    if (!equal(sm4PinBlockEncode({ pin, pan }), block)) throw new Error('what decoded encodes to other bytes');
  }),
];

const keyBlocks: readonly FuzzTarget[] = (['A', 'B', 'C', 'D', 'E'] as const).map((version) => {
  const kbpk = version === 'D' || version === 'E' ? key32 : key16;
  const fields = { usage: 'P0', algorithm: 'T', modeOfUse: 'E', keyVersion: '00', exportability: 'E' } as const;
  const options = [{ id: 'KS', data: '00604B120F9292800000' }];
  const seeds = [
    { version, ...fields },
    { version, ...fields, options },
  ].map((header) => {
    const fill = new Uint8Array(keyBlockFillBytes({ version, keyBytes: 16 }));
    return utf.encode(wrapKeyBlock({ kbpk, header, key: key16, fill }));
  });
  return target(`key block ${version}`, seeds, (bytes) => {
    if (unwrapKeyBlock({ block: textOf(bytes), kbpk }).key.length === 0) throw new Error('a key of no bytes');
  });
});

const devices: readonly FuzzTarget[] = [
  target(
    'DUKPT device, triple DES',
    [TdesDukptDevice.load({ initialKey: key16, ksn: fromHex('FFFF9876543210E00000') }).toBytes()],
    (stored) => void TdesDukptDevice.fromBytes(stored),
  ),
  target(
    'DUKPT device, AES',
    [AesDukptDevice.load({ initialKey: key16, initialKeyId: fromHex('1234567890123456') }).toBytes()],
    (stored) => void AesDukptDevice.fromBytes(stored),
  ),
  target(
    'key serial number',
    ['FFFF9876543210E00001', '123456789012345600000001'],
    (ksn) =>
      void (ksn.length === 12
        ? aesDukptTransactionKey({ initialKey: key16, ksn })
        : tdesDukptTransactionKey({ initialKey: key16, ksn })),
  ),
];

/** A certificate or signature is valid or says which check failed; it never throws. */
const verdict = (name: string, seeds: readonly string[], run: (bytes: Uint8Array) => { kind: string }): FuzzTarget =>
  target(name, seeds, (bytes) => {
    if (!['valid', 'invalid'].includes(run(bytes).kind)) throw new Error('no verdict');
  });

const rsa = { modulus: fromHex(`C${'7'.repeat(255)}`), exponent: Uint8Array.of(3) };
const certified = (certificate: Uint8Array) => ({
  certificate,
  remainder: nothing,
  exponent: rsa.exponent,
  pan,
  today,
});
const signature = 'A'.repeat(256);
const ofCard = { cryptogramInformation: 0x80, transactionData: nothing, unpredictableNumber: fromHex('01020304') };
const smKey = fromHex(
  '04E8105E77861FD2EB727C84E36D3D4A5666BD0ADCE8781F0145D3D82D72B92748E22D5404C6C41F3EC8B790DE2F61CF29FAECB168C79F5C8666762D53CC26A460',
);
const smIssuer =
  '12622800011220000001040011409F483BF2CC71C5093728318061E3F768EA7C170F82DD8C4B979FBD8C76A129F93FB5746E96F5E49B987FFB521E473B25E1B017C30BE3FC638BA14D5FA4AADC16B1E1A02ED62D811268C4A2123CD8B26690BCE14BB7A01713C01C2D2FF2892D1596A7D9D131C73813C3A3D6F851DCDA917E986923F98DD2444ADC8EF0D0CE1E2A';
const smDynamic = `150908${'1'.repeat(16)}${smIssuer.slice(-128)}`;

const certificates: readonly FuzzTarget[] = [
  verdict('issuer certificate', [signature], (bytes) => recoverIssuerKey({ ...certified(bytes), caKey: rsa })),
  verdict('card certificate', [signature], (bytes) =>
    recoverIccKey({ ...certified(bytes), issuerKey: rsa, staticData: nothing }),
  ),
  verdict('static signature', [signature], (signed) =>
    verifyStaticData({ issuerKey: rsa, signed, staticData: nothing }),
  ),
  verdict('dynamic signature', [signature], (signed) =>
    verifyDynamicData({ iccKey: rsa, signed, terminalData: nothing }),
  ),
  verdict('combined signature', [signature], (signed) => verifyCombined({ ...ofCard, iccKey: rsa, signed })),
  ...[
    verdict('SM2 issuer certificate', [smIssuer], (certificate) =>
      recoverSmIssuerKey({ caKey: smKey, certificate, pan: '6228000100000000007', today: '2012' }),
    ),
    verdict('SM2 card certificate', [`14${smIssuer.slice(2)}`], (certificate) =>
      recoverSmIccKey({ issuerKey: smKey, certificate, pan, today, staticData: nothing }),
    ),
    verdict('SM2 static signature', [`136230${smIssuer.slice(-128)}`], (signed) =>
      verifySmStaticData({ issuerKey: smKey, signed, staticData: nothing }),
    ),
    verdict('SM2 dynamic signature', [smDynamic], (signed) =>
      verifySmDynamicData({ iccKey: smKey, signed, terminalData: nothing }),
    ),
    verdict('SM2 combined signature', [smDynamic], (signed) => verifySmCombined({ ...ofCard, iccKey: smKey, signed })),
  ].map((costly) => ({ ...costly, costs: 40 })),
];

const number = new Uint8Array(32).fill(1);
const point = sm2PointToSpki(smKey);
const der = sm2SignatureToDer(fromHex(smIssuer.slice(-128)));
const cipher = sm2CipherToDer(concat(smKey, new Uint8Array(32), new Uint8Array(19)));

const sm2Forms: readonly FuzzTarget[] = [
  target('SM2 public key, DER', [point], (bytes) => {
    if (!equal(sm2PointToSpki(sm2PointFromSpki(bytes)), bytes)) throw new Error('what decoded encodes to other bytes');
  }),
  target('SM2 signature, DER', [der], (bytes) => {
    const length = sm2SignatureFromDer(bytes).length;
    if (length !== 0 && length !== 64) throw new Error('a signature of another length');
  }),
  target('SM2 private key, DER', [point, der], (bytes) => void sm2NumberFromPkcs8(bytes)),
  target('SM2 cipher, DER', [cipher], (bytes) => void sm2CipherFromDer(bytes)),
  {
    ...target(
      'SM2 cipher',
      [sm2Encrypt({ publicKey: sm2PublicKey(number), nonce: number, data: key16 })],
      (bytes) => void sm2Decrypt({ privateKey: number, cipher: bytes }),
    ),
    costs: 40,
  },
];

const others: readonly FuzzTarget[] = [
  ...(['pboc', 'visa', 'mchip', 'common'] as const).map((style) => {
    const security = { style, udkMac: key16, udkEncryption: key16, atc: Uint8Array.of(0, 1), arqc: new Uint8Array(8) };
    const seed = sealIssuerScript(security, { header: fromHex('84240002'), secret: new Uint8Array(8) });
    return target(`issuer script ${style}`, [seed], (command) => void openIssuerScript(security, command, true));
  }),
  target(
    'enciphered track',
    [utf.encode('6225000000000014=30122011234567890')],
    (bytes) => void decryptTrack(key16, textOf(bytes)),
  ),
  ...Object.entries(hostCommands).map(([name, { response }]) =>
    target(
      `payShield answer ${name}`,
      [utf.encode(`U${hex(key32).slice(0, 32)}${hex(key16)}01${hex(key16)}`), utf.encode(hex(key16))],
      (bytes) => void readFields(response, textOf(bytes)),
    ),
  ),
];

/** Everything of card-crypto that reads what comes from outside, and the answers of a network HSM. */
export const cryptoTargets: readonly FuzzTarget[] = [
  ...pinBlocks,
  ...keyBlocks,
  ...devices,
  ...certificates,
  ...sm2Forms,
  ...others,
];
