import { readScan, type Scan } from '@zhanggui/paycode';
import { type BusinessDate, businessDate } from '@zhanggui/time';
import type { Wallet } from '@zhanggui/wallet-channel';
import { QrPayError } from './qrpay-error.ts';

/** Which of our wallets takes the codes of one that is not ours: 龙支付 may come through a UnionPay account. */
export type GuestCodes = Readonly<Partial<Record<'ccb' | 'qq', Wallet>>>;

const takerOf = (scan: Extract<Scan, { kind: 'payment-code' | 'face-token' }>, guests: GuestCodes) =>
  scan.wallet === 'ccb' || scan.wallet === 'qq' ? guests[scan.wallet] : scan.wallet;

/**
 * The wallet whose payment code or face token was scanned, and the code without what a person typed into it. No gateway here takes the
 * code of an EMVCo consumer (UnionPay's has room for twenty digits). Throws `code-unknown`, `code-not-taken` and `wallet-not-offered`.
 */
export const routeCode = (
  scanned: string,
  shop: Readonly<{ offers: (wallet: Wallet) => boolean; guests: GuestCodes }>,
): Readonly<{ wallet: Wallet; authCode: string }> => {
  const scan = readScan(scanned);
  if (scan.kind === 'consumer-code') throw new QrPayError('code-not-taken', 'authCode');
  if (scan.kind !== 'payment-code' && scan.kind !== 'face-token') throw new QrPayError('code-unknown', 'authCode');
  const wallet = takerOf(scan, shop.guests);
  if (!wallet || !shop.offers(wallet)) throw new QrPayError('wallet-not-offered', scan.wallet);
  return { wallet, authCode: scan.code.reveal() };
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A request's or refund's id as the journal has it. Throws `request-malformed`. */
export const idOf = (id: string, place: string): string => {
  const lower = id.toLowerCase();
  if (!uuid.test(lower)) throw new QrPayError('request-malformed', place);
  return lower;
};

/** A day of the calendar. Throws `request-malformed`. */
export const dayOf = (date: string, place: string): BusinessDate => {
  try {
    return businessDate(date);
  } catch (cause) {
    throw new QrPayError('request-malformed', place, { cause });
  }
};

/** Our number at the wallet: all 32 digits of the id, so that a number is never used twice, by whichever database. */
export const numberOf = (id: string): string => id.replaceAll('-', '');

/** The id of a refund that nobody asked for: the payment's with another version (RFC 9562 version 8) and a count. */
export const sendBackId = (requestId: string, count: number): string =>
  `${requestId.slice(0, 14)}8${count.toString(16).padStart(3, '0').slice(-3)}${requestId.slice(18)}`;
