import type { ShiftTotals, TillSession } from '@zhanggui/api/contract';
import type { Receipt, ReceiptLine } from '@zhanggui/receipt';
import { moneyOfMinor, moneyText } from '@zhanggui/ui/money-text';
import { createTranslator, type Locale } from '@zhanggui/ui/texts';
import { currencyOf } from '../counter.ts';
import type { StoredShift } from '../records.ts';
import { dateTimeText } from '../shell/time-text.ts';
import { tillTexts } from '../till-texts.ts';
import { drawerDifference } from './shift-totals.ts';

/** Printers know no true minus sign (U+2212 is not in GB18030’s two-byte part). */
const onPaper = (text: string): string => text.replace('−', '-');

/** The closing of a shift on paper. The number comes from the shop; until then the paper says that it is missing. */
export const zReceipt = (shift: StoredShift, totals: ShiftTotals, session: TillSession, locale: Locale): Receipt => {
  const t = createTranslator(tillTexts, locale);
  const currency = currencyOf(session);
  const amount = (minor: string) => onPaper(moneyText(moneyOfMinor(minor, currency)));
  const pair = (left: string, right: string, bold = false): ReceiptLine => ({ kind: 'pair', left, right, bold });
  const { closed, report } = shift;
  const counted = moneyOfMinor(closed?.countedMinor ?? '0', currency);
  const difference = drawerDifference(counted, totals);
  return {
    lines: [
      { kind: 'text', text: session.shop.name[locale], align: 'center', bold: true },
      { kind: 'text', text: t('receipt.z.title'), align: 'center', size: 'double', bold: true },
      {
        kind: 'text',
        text: report ? t('shift.z.number', { number: report.zNumber }) : t('receipt.z.x'),
        align: 'center',
      },
      { kind: 'rule' },
      pair(session.till.name[locale], session.staff.name[locale]),
      pair(t('receipt.z.opened'), dateTimeText(shift.openedAt)),
      pair(t('receipt.z.closed'), dateTimeText(closed?.at ?? shift.openedAt)),
      pair(t('receipt.z.receipts'), `${totals.firstReceiptNo ?? '—'} – ${totals.lastReceiptNo ?? '—'}`),
      { kind: 'rule' },
      pair(t('receipt.z.sales'), String(totals.saleCount)),
      pair(t('receipt.z.total'), amount(totals.totalMinor), true),
      pair(t('receipt.z.discount'), amount(totals.discountMinor)),
      pair(t('receipt.z.rounding'), amount(totals.roundingMinor)),
      ...totals.byTender.map((row) => pair(t(`shift.close.${row.kind}`), amount(row.amountMinor))),
      { kind: 'rule' },
      ...totals.byDepartment.map((row) => pair(row.name[locale], amount(row.amountMinor))),
      { kind: 'rule' },
      pair(t('shift.close.float'), amount(shift.floatMinor)),
      pair(t('shift.close.expected'), amount(totals.expectedCashMinor)),
      pair(t('shift.close.counted'), onPaper(moneyText(counted)), true),
      pair(t('shift.close.difference'), onPaper(moneyText(difference, { plus: true })), true),
      ...(closed?.reason ? [{ kind: 'text', text: closed.reason } satisfies ReceiptLine] : []),
      { kind: 'feed', lines: 2 },
      { kind: 'cut' },
    ],
  };
};
