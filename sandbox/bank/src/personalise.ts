/** Personalisation: what the card factory writes into one chip (EMV Book 3 §7; PBOC debit/credit profile). */
import { bcd, concat, fromAscii, fromHex, hex } from '@zhanggui/bytes';
import { emvUdk, issueIccCertificate, publicKeyOf, type RsaPrivateKey, signStaticData } from '@zhanggui/card-crypto';
import type { IccApplication, IccProfile } from '@zhanggui/icc';
import { encodeTlv } from '@zhanggui/tlv';
import type { SandboxBank } from './bank.ts';
import { type CardKind, sandboxAuthority } from './identity.ts';
import { issueSmChain } from './sm-chain.ts';

/** The best offline data authentication the chip offers. */
export type ChipGrade = 'sda' | 'dda' | 'cda';
/** How the cardholder is verified: PIN always; PIN unless it is skipped, then signature; signature. */
export type VerificationRule = 'pin' | 'pin-or-signature' | 'signature';

export type ChipOrder = Readonly<{
  bin: string;
  pan: string;
  psn: string;
  /** YYMM; the application expires on that month's last day. */
  expiry: string;
  kind: CardKind;
  cardholder: string;
  serviceCode: string;
  track2Chip: string;
  grade: ChipGrade;
  verification: VerificationRule;
  iccKey: RsaPrivateKey;
  sm2?: Readonly<{ random: (bytes: number) => Uint8Array }>;
}>;

const applications = {
  debit: { aid: 'A000000333010101', label: 'SANDBOX DEBIT' },
  credit: { aid: 'A000000333010102', label: 'SANDBOX CREDIT' },
} as const;

/** AIP: static data 40, dynamic 20, cardholder verification 10, risk management 08, issuer authentication 04; CDA 01. */
const interchangeProfiles: Readonly<Record<ChipGrade, string>> = { sda: '5C00', dda: '7C00', cda: '7D00' };

/** Tag 8E without its two amounts: 02 online PIN, 1E signature, 1F none; bit 7 goes on to the next rule. */
const verificationRules: Readonly<Record<VerificationRule, string>> = {
  pin: '0200',
  'pin-or-signature': '42035E031F00',
  signature: '5E031F00',
};

/** CDOL1 and, after the answer code, CDOL2: amounts, country, TVR, currency, date, type, unpredictable number, time. */
const requestList = '9F02069F03069F1A0295055F2A029A039C019F37049F2103';

/** Where the card is sent online (default, denial, online): nearly always, as every domestic bank does. */
const issuerActionCodes = { '9F0D': 'DC4000A800', '9F0E': '0010000000', '9F0F': 'DC4084F800' } as const;

export const personalise = (bank: SandboxBank, order: ChipOrder): IccProfile => ({
  sandbox: true,
  atr: '3B6500005A47534158',
  applications: [personaliseApplication(bank, order)],
});

const personaliseApplication = (bank: SandboxBank, order: ChipOrder): IccApplication => {
  const { aid, label } = applications[order.kind];
  const aip = interchangeProfiles[order.grade];
  const signed = signedRecords(order);
  const udk = (mdk: string): string => hex(emvUdk({ mdk: fromHex(mdk), pan: order.pan, psn: order.psn }));
  const staticData = concat(...signed.map(objects), fromHex(aip));
  const sm2 = order.sm2 && smSide(bank, { ...order, random: order.sm2.random, staticData });
  const records = {
    '1.1': template(signed[0]),
    '1.2': template(signed[1]),
    '1.3': template({ '57': evenDigits(order.track2Chip.replace('=', 'D')), '5F20': hex(fromAscii(order.cardholder)) }),
    ...authenticationRecords(bank, order, staticData),
    ...sm2?.records,
  };
  return {
    aid,
    label,
    priority: 1,
    pdol: `9F33039F1A02${sm2 ? 'DF6901' : ''}`,
    aip,
    afl: order.grade === 'sda' ? '08010302 10010300' : '08010302 10010300 18010200',
    records,
    keyIndex: '01',
    udkAc: udk(bank.keys.mdkAc),
    udkMac: udk(bank.keys.mdkMac),
    iccKey: order.grade === 'sda' ? undefined : order.iccKey,
    sm2: sm2?.side,
    issuerAuthentication: 'mandatory',
    offlineCeilingMinor: '0',
    pinTriesMax: 3,
  };
};

type Objects = Readonly<Record<string, string>>;

/** What the issuer's signature covers: who, until when, under which rules; and what the card asks for. */
const signedRecords = (order: ChipOrder): [Objects, Objects] => [
  {
    '5A': evenDigits(order.pan),
    '5F24': `${order.expiry}${lastDayOfMonth(order.expiry)}`,
    '5F25': '200101',
    '5F28': '0156',
    '5F34': order.psn,
    '5F30': `0${order.serviceCode}`,
    '9F07': 'FF00',
    '9F08': '0020',
    '9F42': '0156',
    '9F14': '03',
    '9F23': '05',
    '8E': `0000000000000000${verificationRules[order.verification]}`,
    ...issuerActionCodes,
    '9F4A': '82',
  },
  { '8C': requestList, '8D': `8A02${requestList}`, '9F49': '9F3704' },
];

/** Certificates and signatures: file 2 leads to the issuer's key, file 3 to the card's. */
const authenticationRecords = (bank: SandboxBank, order: ChipOrder, staticData: Uint8Array): Objects => {
  const issuer = bank.issuerCertificates[order.bin];
  if (!issuer) throw new RangeError(`the bank has no BIN ${order.bin}`);
  const issuerRecords = {
    '2.1': template({ '8F': sandboxAuthority.index, '9F32': issuer.exponent, '92': issuer.remainder }),
    '2.2': template({ '90': issuer.certificate }),
    '2.3': template({
      '93': hex(signStaticData({ issuerKey: bank.issuerKey, dataAuthenticationCode: bcd('0001'), staticData })),
    }),
  };
  if (order.grade === 'sda') return issuerRecords;
  const icc = issueIccCertificate({
    issuerKey: bank.issuerKey,
    iccKey: publicKeyOf(order.iccKey),
    pan: order.pan,
    expiry: order.expiry,
    serial: bcd(order.pan.slice(-6)),
    staticData,
  });
  return {
    ...issuerRecords,
    '3.1': template({ '9F46': hex(icc.certificate) }),
    '3.2': template({ '9F47': hex(icc.exponent), '9F48': hex(icc.remainder) }),
  };
};

/** The same way for SM2: file 4 leads to the issuer's key, file 5 to the card's. */
const smSide = (
  bank: SandboxBank,
  order: Pick<ChipOrder, 'pan' | 'expiry' | 'grade'> & {
    staticData: Uint8Array;
    random: (bytes: number) => Uint8Array;
  },
): { records: Objects; side: NonNullable<IccApplication['sm2']> } => {
  const { keyIndex, cardKey, tags } = issueSmChain(bank.sm, order);
  const issuerRecords = {
    '4.1': template({ '8F': keyIndex }),
    '4.2': template({ '90': tags['90'] }),
    '4.3': template({ '93': tags['93'] }),
  };
  return {
    records: order.grade === 'sda' ? issuerRecords : { ...issuerRecords, '5.1': template({ '9F46': tags['9F46'] }) },
    side: { afl: `08010302 20010300${order.grade === 'sda' ? '' : ' 28010100'}`, iccKey: cardKey },
  };
};

const objects = (row: Objects): Uint8Array =>
  encodeTlv(Object.entries(row).map(([tag, value]) => ({ tag, value: fromHex(value) })));
const template = (row: Objects): string => hex(encodeTlv([{ tag: '70', value: objects(row) }]));

const evenDigits = (digits: string): string => (digits.length % 2 === 0 ? digits : `${digits}F`);

const lastDayOfMonth = (expiry: string): number =>
  new Date(Date.UTC(2000 + Number(expiry.slice(0, 2)), Number(expiry.slice(2)), 0)).getUTCDate();
