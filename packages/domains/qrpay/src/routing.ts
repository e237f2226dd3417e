import { readScan } from '@zhanggui/paycode';
import { type BusinessDate, businessDate } from '@zhanggui/time';
import type { Wallet } from '@zhanggui/wallet-channel';
import { QrPayError } from './qrpay-error.ts';

/** The wallet whose payment code was scanned, and the code as its digits. Throws `code-unknown` and `wallet-not-offered`. */
export const routeCode = (
  scanned: string,
  offers: (wallet: Wallet) => boolean,
): Readonly<{ wallet: Wallet; authCode: string }> => {
  const scan = readScan(scanned);
  if (scan.kind !== 'payment-code') throw new QrPayError('code-unknown', 'authCode');
  if (scan.wallet === 'ccb' || scan.wallet === 'qq' || !offers(scan.wallet))
    throw new QrPayError('wallet-not-offered', scan.wallet);
  return { wallet: scan.wallet, authCode: scan.code.reveal() };
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
  `${requestId.slice(0, 14)}8${(count % 16).toString(16)}${requestId.slice(16)}`;
