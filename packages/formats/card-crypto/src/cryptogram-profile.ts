import { ascii, concat } from '@zhanggui/bytes';
import { CryptoError } from './crypto-error.ts';
import {
  arpc,
  arpcMethod2,
  arqc,
  type CardKeyOption,
  emvCommonSessionKey,
  emvSessionKey,
  emvUdk,
  mchipSessionKey,
} from './cryptogram.ts';
import { sm4Arpc, sm4Arqc, sm4CardKey, sm4SessionKey } from './cryptogram-sm4.ts';

/** A tag that the cryptogram covers: the whole of it, or `bytes` of the issuer application data behind its first `from`. */
type Covered = Readonly<{ tag: string; bytes: number; from?: number }>;

type Profile = Readonly<{
  cardKey: CardKeyOption | 'sm4';
  /** `none`: the card key itself makes the cryptogram. */
  session: 'none' | 'pboc' | 'common' | 'mchip' | 'sm4';
  covers: readonly Covered[];
  padding: 'zeros' | '80';
  answer: Readonly<{ method: 1; key: 'card' | 'session' } | { method: 2 }>;
}>;

const anyLength = 0;
const terminalData: readonly Covered[] = [
  { tag: '9F02', bytes: 6 },
  { tag: '9F03', bytes: 6 },
  { tag: '9F1A', bytes: 2 },
  { tag: '95', bytes: 5 },
  { tag: '5F2A', bytes: 2 },
  { tag: '9A', bytes: 3 },
  { tag: '9C', bytes: 1 },
  { tag: '9F37', bytes: 4 },
  { tag: '82', bytes: 2 },
  { tag: '9F36', bytes: 2 },
];
/** Contactless: amount, unpredictable number, counter, and the second byte of the card verification results. */
const shortData: readonly Covered[] = [
  { tag: '9F02', bytes: 6 },
  { tag: '9F37', bytes: 4 },
  { tag: '9F36', bytes: 2 },
  { tag: '9F10', from: 4, bytes: 1 },
];
const visaResults: Covered = { tag: '9F10', from: 3, bytes: 4 };
const mchipResults: Covered = { tag: '9F10', from: 2, bytes: 6 };
const mchipCounters: Covered = { tag: '9F10', from: 10, bytes: 8 };
const allIssuerData: Covered = { tag: '9F10', bytes: anyLength };

const visaModern = {
  cardKey: 'B',
  session: 'common',
  covers: [...terminalData, allIssuerData],
  padding: '80',
  answer: { method: 2 },
} as const satisfies Profile;

const pboc = {
  cardKey: 'A',
  session: 'pboc',
  covers: [...terminalData, visaResults],
  padding: '80',
  answer: { method: 1, key: 'session' },
} as const satisfies Profile;
const underSm4 = { cardKey: 'sm4', session: 'sm4' } as const;

/**
 * What a cryptogram version number stands for: keys, data list, padding and answer. The numbers are the schemes' own:
 * Visa and PBOC (UnionPay's chips are PBOC's) write theirs in the third byte of 9F10, M/Chip in the second.
 */
const profiles = {
  'visa-10': {
    cardKey: 'A',
    session: 'none',
    covers: [...terminalData, visaResults],
    padding: 'zeros',
    answer: { method: 1, key: 'card' },
  },
  'visa-17': {
    cardKey: 'A',
    session: 'none',
    covers: shortData,
    padding: 'zeros',
    answer: { method: 1, key: 'card' },
  },
  'visa-18': visaModern,
  'visa-22': visaModern,
  'pboc-01': pboc,
  'pboc-17': { ...pboc, covers: shortData },
  'pboc-01-sm4': { ...pboc, ...underSm4 },
  'pboc-17-sm4': { ...pboc, ...underSm4, covers: shortData },
  'mchip-16': {
    cardKey: 'A',
    session: 'mchip',
    covers: [...terminalData, mchipResults],
    padding: '80',
    answer: { method: 1, key: 'card' },
  },
  'mchip-17': {
    cardKey: 'A',
    session: 'mchip',
    covers: [...terminalData, mchipResults, mchipCounters],
    padding: '80',
    answer: { method: 1, key: 'card' },
  },
  'mchip-20': {
    cardKey: 'A',
    session: 'common',
    covers: [...terminalData, mchipResults],
    padding: '80',
    answer: { method: 1, key: 'session' },
  },
  'mchip-21': {
    cardKey: 'A',
    session: 'common',
    covers: [...terminalData, mchipResults, mchipCounters],
    padding: '80',
    answer: { method: 1, key: 'session' },
  },
} as const satisfies Readonly<Record<string, Profile>>;

export type CryptogramProfileName = keyof typeof profiles;
export const cryptogramProfileNames = Object.keys(profiles) as readonly CryptogramProfileName[];
const profileOf = (name: CryptogramProfileName): Profile => profiles[name];

/** Values of field 55 by tag in upper-case hexadecimal, as the terminal sent them. */
export type ChipValues = Readonly<Partial<Record<string, Uint8Array>>>;

type OfCard = Readonly<{ profile: CryptogramProfileName; udk: Uint8Array; values: ChipValues }>;

/** The card's key by the rule of its profile: what is personalised into it. */
export const profileCardKey = (given: {
  profile: CryptogramProfileName;
  mdk: Uint8Array;
  pan: string;
  psn: string;
}): Uint8Array => {
  const { cardKey } = profileOf(given.profile);
  return cardKey === 'sm4' ? sm4CardKey(given) : emvUdk({ ...given, option: cardKey });
};

/** What the cryptogram covers, in order and unpadded. Throws `card-data-format` when a tag is missing or has another length. */
export const cryptogramData = ({ profile, values }: Omit<OfCard, 'udk'>): Uint8Array =>
  concat(...profileOf(profile).covers.map((covered) => coveredBytes(covered, values)));

/** ARQC, TC or AAC as the card makes it, 8 bytes: which of the three it is stands in the card verification results. */
export const applicationCryptogram = (card: OfCard): Uint8Array => {
  const { session, padding } = profileOf(card.profile);
  const given = { sessionKey: sessionKeyOf(card), data: cryptogramData(card) };
  return session === 'sm4' ? sm4Arqc(given) : arqc({ ...given, padding });
};

/** What the issuer answers: two bytes of answer code (method 1), or the card status update (method 2). */
export type IssuerAnswer = Readonly<{ arc: Uint8Array } | { csu: Uint8Array; proprietaryData?: Uint8Array }>;

/** Tag 91 for the card: the ARPC (8 or 4 bytes) and behind it what it covers. Throws `card-data-format`. */
export const issuerAuthenticationData = (
  given: OfCard & Readonly<{ arqc: Uint8Array; answer: IssuerAnswer }>,
): Uint8Array => {
  const { answer: rule, session } = profileOf(given.profile);
  const sessionKey = rule.method === 1 && rule.key === 'card' ? given.udk : sessionKeyOf(given);
  const { answer, arqc: request } = given;
  if (rule.method === 1) {
    if (!('arc' in answer)) throw new CryptoError('card-data-format');
    const answerOf = session === 'sm4' ? sm4Arpc : arpc;
    return concat(answerOf({ sessionKey, arqc: request, arc: ascii(answer.arc) }), answer.arc);
  }
  if (!('csu' in answer)) throw new CryptoError('card-data-format');
  const made = arpcMethod2({ sessionKey, arqc: request, ...answer });
  return concat(made, answer.csu, answer.proprietaryData ?? new Uint8Array(0));
};

const sessionKeyOf = ({ profile, udk, values }: OfCard): Uint8Array => {
  const atc = coveredBytes({ tag: '9F36', bytes: 2 }, values);
  switch (profileOf(profile).session) {
    case 'none':
      return udk;
    case 'pboc':
      return emvSessionKey({ udk, atc });
    case 'sm4':
      return sm4SessionKey({ udk, atc });
    case 'common':
      return emvCommonSessionKey({ udk, diversifier: concat(atc, new Uint8Array(6)) });
    case 'mchip':
      return mchipSessionKey({ udk, atc, unpredictableNumber: coveredBytes({ tag: '9F37', bytes: 4 }, values) });
  }
};

const coveredBytes = ({ tag, from, bytes }: Covered, values: ChipValues): Uint8Array => {
  const value = values[tag];
  const isSound =
    value !== undefined &&
    (from === undefined ? bytes === anyLength || value.length === bytes : value.length >= from + bytes);
  if (!isSound) throw new CryptoError('card-data-format');
  return from === undefined ? value : value.subarray(from, from + bytes);
};
