import type { InterchangeMessage } from '@zhanggui/interchange-link';
import { field90, interchangeField60, type OriginalTransaction } from '@zhanggui/iso8583';
import type { AuthorisationRequest, EntryMode } from '@zhanggui/issuing';
import { type Pan, pan as secretPan } from '@zhanggui/secret';
import { type EpochMs, wallClock } from '@zhanggui/time';
import { type ChipData, chipDataOf } from './chip.ts';
import type { RequestKind } from './journal.ts';

/** What the stripe says of the card; only its verification value proves that it is the card's own. */
type StripeData = Readonly<{ expiry: string; serviceCode: string; cvn: string }>;

/** A request read into the issuer's own words. */
export type IssuerRequest = Readonly<{
  message: InterchangeMessage;
  kind: RequestKind;
  mti: string;
  pan: Pan;
  key: string;
  originalKey: string | null;
  processingCode: string;
  rrn: string;
  currency: string;
  amountMinor: bigint;
  entry: EntryMode;
  terminal: Pick<AuthorisationRequest, 'terminalReadsChips' | 'isFallback' | 'asksNoPin'>;
  pinBlock: Uint8Array | undefined;
  stripe: StripeData | undefined;
  chip: ChipData | undefined;
  receivedAt: EpochMs;
}>;

/** Field 7 has no year: it is the one that puts the message nearest to the present. */
const yearOf = (mmddhhmmss: string, at: EpochMs): string => {
  const today = wallClock(at);
  const year = Number(today.slice(0, 4));
  const months = Number(mmddhhmmss.slice(0, 2)) - Number(today.slice(5, 7));
  return String(months > 6 ? year - 1 : months < -6 ? year + 1 : year);
};

type KeyParts = Pick<OriginalTransaction, 'mti' | 'transmittedAt' | 'stan' | 'forwarder'>;

/** The network's identity of a request (Q/CUP 006), with the year in front because journals are kept for years. */
const requestKey = ({ mti, transmittedAt, stan, forwarder }: KeyParts, at: EpochMs): string =>
  `${yearOf(transmittedAt, at)}${transmittedAt}.${stan}.${forwarder.replace(/^0+/, '')}.${mti}`;

const originalKeyOf = (text: string | undefined, at: EpochMs): string | null => {
  if (text === undefined) return null;
  return requestKey(field90.decode(text), at);
};

const isByChip = (entry: EntryMode): boolean => entry === 'contact' || entry === 'contactless';

const entryModes: Readonly<Record<string, EntryMode>> = {
  '01': 'manual',
  '02': 'stripe',
  '05': 'contact',
  '07': 'contactless',
  '90': 'stripe',
  '95': 'contact',
  '96': 'contactless',
  '98': 'contactless',
};

/** MTI, first two digits of field 3 and field 25 name the kind (Q/CUP 006). */
const kindOf = (mti: string, processingCode: string, condition: string): RequestKind => {
  if (mti === '0420') return 'reversal';
  if (mti !== '0200') return 'unsupported';
  switch (processingCode.slice(0, 2)) {
    case '00':
      return condition === '00' ? 'sale' : 'unsupported';
    case '20':
      return condition === '00' ? 'void' : 'unsupported';
    case '30':
    case '31':
      return 'balance';
    default:
      return 'unsupported';
  }
};

/** Track 2 of domestic cards: PAN, separator, YYMM, service code, PVV 5, 00, CVN 3 (issuers’ practice). */
const stripeOf = (track2: string | undefined, pan: string): StripeData | undefined => {
  const match = /^(\d{12,19})[=D](\d{4})(\d{3})\d{5}00(\d{3})/.exec(track2 ?? '');
  const [, trackPan, expiry, serviceCode, cvn] = match ?? [];
  if (trackPan !== pan || !expiry || !serviceCode || !cvn) return undefined;
  return { expiry, serviceCode, cvn };
};

const terminalOf = (field60: string | undefined): IssuerRequest['terminal'] => {
  const conditions = field60 === undefined ? undefined : interchangeField60.decode(field60);
  const { readingCapability, chipCondition, smallAmountWithoutPin } = conditions ?? {};
  return {
    terminalReadsChips: readingCapability === '5' || readingCapability === '6',
    isFallback: chipCondition === '1' || chipCondition === '2',
    asksNoPin: smallAmountWithoutPin === '1',
  };
};

/** The request in a message; `undefined` when a field without which nothing can be journaled is missing. */
export const readRequest = (message: InterchangeMessage, receivedAt: EpochMs): IssuerRequest | undefined => {
  const { mti, fields } = message;
  const { 2: pan, 7: transmittedAt, 11: stan, 33: forwarder } = fields;
  if (pan === undefined || transmittedAt === undefined || stan === undefined || forwarder === undefined)
    return undefined;
  const processingCode = fields[3] ?? '';
  const entry = entryModes[(fields[22] ?? '').slice(0, 2)] ?? 'manual';
  return {
    message,
    kind: kindOf(mti, processingCode, fields[25] ?? ''),
    mti,
    pan: secretPan(pan),
    key: requestKey({ mti, transmittedAt, stan, forwarder }, receivedAt),
    originalKey: originalKeyOf(fields[90], receivedAt),
    processingCode,
    rrn: fields[37] ?? '',
    currency: fields[49] ?? '',
    amountMinor: BigInt(fields[4] ?? '0'),
    entry,
    terminal: terminalOf(fields[60]),
    pinBlock: fields[52],
    stripe: entry === 'stripe' ? stripeOf(fields[35], pan) : undefined,
    chip: isByChip(entry) ? chipDataOf(fields[55]) : undefined,
    receivedAt,
  };
};
