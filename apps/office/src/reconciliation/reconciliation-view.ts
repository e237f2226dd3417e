import type { Difference, DifferenceKind, Reconciliation } from '@zhanggui/api/contract';
import { type Money, subtractMoney } from '@zhanggui/money';
import type { IconName, StatusRole } from '@zhanggui/ui';
import { moneyOfMinor, moneyText } from '@zhanggui/ui/money-text';

type Day = Pick<Reconciliation, 'wallet' | 'date'>;
const wallets = ['wechat', 'alipay', 'unionpay'] as const;

/** A day of a wallet as it stands in an address: `2026-11-22.wechat`. */
export const dayKey = ({ wallet, date }: Day): string => `${date}.${wallet}`;
export const dayOfKey = (key: string): Day | undefined => {
  const [date = '', name] = key.split('.');
  const wallet = wallets.find((known) => known === name);
  return wallet && /^\d{4}-\d\d-\d\d$/.test(date) ? { wallet, date } : undefined;
};

export type Agreement = Readonly<{
  text: 'bill.agrees' | 'bill.nothing' | 'bill.open' | 'bill.settled';
  n: number;
  role: StatusRole;
}>;

/** What a day comes to: all agrees, somebody has to look, or everything was looked at. */
export const agreementOf = ({
  lines,
  open,
  differences,
}: Pick<Reconciliation, 'lines' | 'open' | 'differences'>): Agreement => {
  if (open > 0) return { text: 'bill.open', n: open, role: 'warn' };
  const n = Object.values(differences).reduce((sum, count) => sum + count, 0);
  if (n > 0) return { text: 'bill.settled', n, role: 'info' };
  return lines === 0 ? { text: 'bill.nothing', n: 0, role: 'info' } : { text: 'bill.agrees', n: 0, role: 'ok' };
};

const figure = (minor: string): string => moneyText(moneyOfMinor(minor), { symbol: false });

/** A figure of both sides; what differs is marked. */
export type Pair = Readonly<{ ours: string; theirs: string; isSame: boolean }>;

export const sumPair = (row: Reconciliation, sum: keyof Reconciliation['ours']): Pair => ({
  ours: figure(row.ours[sum]),
  theirs: figure(row.theirs[sum]),
  isSame: row.ours[sum] === row.theirs[sum],
});

/** Kinds in the order they are worked off: money we do not know of first, fees last. */
export const kinds = ['missing-here', 'missing-there', 'amount', 'fee'] as const satisfies readonly DifferenceKind[];

export type DifferenceState = 'open' | 'reopened' | 'settled' | 'gone';

export const differenceState = ({ isGone, settledAt, by }: Difference): DifferenceState => {
  if (isGone) return 'gone';
  if (settledAt !== undefined) return 'settled';
  return by === undefined ? 'open' : 'reopened';
};

export const stateLook: Readonly<Record<DifferenceState, { role: StatusRole; icon?: IconName }>> = {
  open: { role: 'warn' },
  reopened: { role: 'warn', icon: 'repeat' },
  settled: { role: 'ok' },
  gone: { role: 'offline', icon: 'minus' },
};

export type Narrowing = Readonly<{ kind?: DifferenceKind | undefined; onlyOpen?: boolean | undefined }>;

const isWaiting = (difference: Difference): boolean => {
  const state = differenceState(difference);
  return state === 'open' || state === 'reopened';
};

/** By kind, and in each kind what waits before what was settled. */
export const inOrder = (differences: readonly Difference[], { kind, onlyOpen }: Narrowing): readonly Difference[] =>
  differences
    .filter((difference) => (kind === undefined || difference.kind === kind) && (!onlyOpen || isWaiting(difference)))
    .sort(
      (one, other) =>
        kinds.indexOf(one.kind) - kinds.indexOf(other.kind) || Number(isWaiting(other)) - Number(isWaiting(one)),
    );

const measured = ({ kind, here, there }: Difference): readonly [Money, Money] => {
  const name = kind === 'fee' ? 'feeMinor' : 'amountMinor';
  return [moneyOfMinor(here?.[name] ?? '0'), moneyOfMinor(there?.[name] ?? '0')];
};

/** The wallet’s figure less ours, signed: of the fee where the fee differs, else of the amount. */
export const gapText = (difference: Difference, symbol = false): string => {
  const [ours, theirs] = measured(difference);
  return moneyText(subtractMoney(theirs, ours), { plus: true, symbol });
};

/** One figure as the table shows it; undefined where that side has no such line. */
export const sideText = (side: Difference['here'], name: 'amountMinor' | 'feeMinor'): string | undefined =>
  side && figure(side[name]);

type Advice =
  | 'missing-here.payment'
  | 'missing-here.known'
  | 'missing-here.refund'
  | 'missing-there.payment'
  | 'missing-there.refund'
  | 'amount'
  | 'fee';

/** Which sentences say what a difference means and what to do. */
export const adviceOf = ({ kind, line, requestId }: Difference): Advice => {
  if (kind === 'amount' || kind === 'fee') return kind;
  if (kind === 'missing-there') return `missing-there.${line}`;
  if (line === 'refund') return 'missing-here.refund';
  return requestId === undefined ? 'missing-here.payment' : 'missing-here.known';
};
