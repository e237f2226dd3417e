import { fromHex } from '@zhanggui/bytes';
import { explainTag, type Meaning, tagName } from '@zhanggui/tlv';

export type SlipLine = {
  readonly label: string;
  readonly value: string;
  readonly name: { readonly en: string; readonly zh: string };
  readonly meaning?: readonly Meaning[];
  /** The scheme an AID belongs to. */
  readonly scheme?: string;
};

/** Labels that slips print, by the tag they stand for. */
const labels: Readonly<Record<string, string>> = {
  AID: '9F06',
  TVR: '95',
  TSI: '9B',
  ATC: '9F36',
  ARQC: '9F26',
  TC: '9F26',
  AAC: '9F26',
  AIP: '82',
  AUC: '9F07',
  CVMR: '9F34',
  'CVM RESULTS': '9F34',
  IAD: '9F10',
  CID: '9F27',
  UNPR: '9F37',
  'UNPR NO': '9F37',
  'UNPR NUM': '9F37',
  TTQ: '9F66',
  CTQ: '9F6C',
  TERMCAP: '9F33',
  CSN: '5F34',
};

const schemes: readonly (readonly [rid: string, scheme: string])[] = [
  ['A000000333', 'UnionPay'],
  ['A000000003', 'Visa'],
  ['A000000004', 'Mastercard'],
  ['A000000065', 'JCB'],
  ['A000000025', 'American Express'],
  ['A000000152', 'Discover'],
];

const pattern = new RegExp(
  `\\b(${Object.keys(labels)
    .sort((left, right) => right.length - left.length)
    .join('|')})\\b\\.?\\s*[:：=]?\\s*((?:[0-9A-F]{2})+)\\b`,
  'gi',
);

export const slipExample = 'TVR 0000048000 TSI E800 AID A000000333010101 ATC 0007 ARQC F294D7022FA9B058';

/** What the chip lines of a slip say, in the order they stand there. Lines of other kinds are left out. */
export const explainSlip = (text: string): SlipLine[] =>
  [...text.matchAll(pattern)].map(([, found = '', digits = '']) => {
    const label = found.toUpperCase();
    const value = digits.toUpperCase();
    const tag = labels[label] ?? '';
    const meaning = explainTag(tag, fromHex(value));
    const scheme = tag === '9F06' ? schemes.find(([rid]) => value.startsWith(rid))?.[1] : undefined;
    return {
      label,
      value,
      name: tagName(tag) ?? { en: label, zh: label },
      ...(meaning === undefined ? {} : { meaning }),
      ...(scheme === undefined ? {} : { scheme }),
    };
  });
