import type { ShiftTotals } from '@zhanggui/api/contract';
import { countCash } from '@zhanggui/basket';
import { type CurrencyCode, type Money, money } from '@zhanggui/money';
import type { DenominationCount, OpenSale } from '../records.ts';
import { drawerDifference } from './shift-totals.ts';

type CloseHindrance = 'open-sale' | 'parked' | 'reason';

export type CloseView = Readonly<{
  counted: Money;
  expected: Money;
  difference: Money;
  verdict: 'over' | 'short' | 'even';
  hindrance: CloseHindrance | undefined;
}>;

type Given = Readonly<{
  counts: readonly DenominationCount[];
  reason: string;
  totals: ShiftTotals;
  sale: OpenSale | undefined;
  parkedCount: number;
  currency: CurrencyCode;
}>;

/** What the count comes to, and what still stands in the way: open sales first, then a reason for a difference. */
export const closeView = ({ counts, reason, totals, sale, parkedCount, currency }: Given): CloseView => {
  const counted = countCash(
    counts.map(({ valueMinor, count }) => ({ value: money(BigInt(valueMinor), currency), count })),
    currency,
  );
  const difference = drawerDifference(counted, totals);
  const verdict = difference.minor > 0n ? 'over' : difference.minor < 0n ? 'short' : 'even';
  const hasOpenSale = (sale?.basket.lines.length ?? 0) > 0;
  const needsReason = verdict !== 'even' && reason.trim() === '';
  return {
    counted,
    expected: money(BigInt(totals.expectedCashMinor), currency),
    difference,
    verdict,
    hindrance: hasOpenSale ? 'open-sale' : parkedCount > 0 ? 'parked' : needsReason ? 'reason' : undefined,
  };
};
