import type { PhoneOrder, PhoneView, PhoneWalletState } from '@zhanggui/api/contract';

export const passwordDigits = 6;
const minuteMs = 60_000;

/** What can be done about an order now: which wallet pays, from where, and what stands in the way. */
export type PayView = Readonly<{
  order: PhoneOrder;
  wallet: PhoneWalletState;
  funding: string;
  /** The money chosen is not enough; another must be chosen first. */
  isShort: boolean;
  /** How long the password stays locked; undefined when it is not asked for or not locked. */
  lockedMs: number | undefined;
}>;

export const payView = (
  view: PhoneView,
  { order, chosen, now }: { order: PhoneOrder; chosen: string | undefined; now: number },
): PayView | undefined => {
  const wallet = view.wallets.find((candidate) => candidate.wallet === order.wallet);
  if (!wallet) return undefined;
  const funding = chosen ?? wallet.funding;
  const lockedMs = order.needsPassword && view.lockedUntil !== undefined ? view.lockedUntil - now : 0;
  return {
    order,
    wallet,
    funding,
    isShort: funding === 'balance' && BigInt(wallet.balanceMinor) < BigInt(order.amountMinor),
    lockedMs: lockedMs > 0 ? lockedMs : undefined,
  };
};

/** Digits after one key; a full password takes no more. */
export const typedPassword = (digits: string, key: string): string => {
  if (key === 'clear') return '';
  if (key === 'back') return digits.slice(0, -1);
  return /^\d$/.test(key) && digits.length < passwordDigits ? digits + key : digits;
};

/** Whole minutes and the rest in seconds, rounded up. */
export const waitParts = (ms: number): { minutes: number; seconds: number } => {
  const whole = Math.ceil(ms / 1000);
  return { minutes: Math.floor((whole * 1000) / minuteMs), seconds: whole % 60 };
};
