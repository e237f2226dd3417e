import type { CurrencyCode } from '@zhanggui/money';
import { type Money, money } from '@zhanggui/money';
import type { StoredSale } from '../records.ts';

export type DoneView = Readonly<{ change: Money; hasChange: boolean; received: Money; receiptNo: string }>;

/** What the cashier needs after a sale: the change above all. */
export const doneView = ({ document }: StoredSale, currency: CurrencyCode): DoneView => {
  const change = money(BigInt(document.changeMinor), currency);
  const received = document.tenders.reduce(
    (sum, tender) => sum + BigInt(tender.kind === 'cash' ? tender.receivedMinor : tender.amountMinor),
    0n,
  );
  return { change, hasChange: change.minor > 0n, received: money(received, currency), receiptNo: document.receiptNo };
};
