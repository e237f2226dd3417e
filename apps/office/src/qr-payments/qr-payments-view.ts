import type { QrPaymentDetail, QrPaymentRow, QrRefund } from '@zhanggui/api/contract';
import { type Money, parseMoney, subtractMoney } from '@zhanggui/money';
import { moneyOfMinor } from '@zhanggui/ui/money-text';

const moneyStates: ReadonlySet<QrPaymentRow['state']> = new Set(['paid', 'refunding', 'refunded']);

/** What came in and what went back of it; a payment nobody was charged for counts for nothing. */
export const totalsOf = (rows: readonly QrPaymentRow[]): { paidCount: number; paid: Money; refunded: Money } => {
  const paid = rows.filter(({ state }) => moneyStates.has(state));
  return {
    paidCount: paid.length,
    paid: moneyOfMinor(String(paid.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n))),
    refunded: moneyOfMinor(String(paid.reduce((sum, { refundedMinor }) => sum + BigInt(refundedMinor), 0n))),
  };
};

/** A refund without an end: the wallet has it, or may have it. */
export const isUnderWay = ({ state }: Pick<QrRefund, 'state'>): boolean => state !== 'refunded' && state !== 'refused';

export type CardDraft =
  | Readonly<{ kind: 'ready'; bank: string; cardNumber: string; holder: string }>
  | Readonly<{ kind: 'refused'; faults: readonly ('bank' | 'number' | 'holder')[] }>;

/** A card as a person types it: in groups, in small letters, with the figures of a Chinese keyboard. */
export const cardDraft = (typed: Readonly<{ bank: string; number: string; holder: string }>): CardDraft => {
  const bank = typed.bank.normalize('NFKC').trim().toUpperCase();
  const cardNumber = typed.number.normalize('NFKC').replace(/[\s-]/g, '');
  const holder = typed.holder.trim();
  const faults = [
    ...(/^[A-Z0-9_]{1,16}$/.test(bank) ? [] : (['bank'] as const)),
    ...(/^\d{12,19}$/.test(cardNumber) ? [] : (['number'] as const)),
    ...(holder.length > 0 && holder.length <= 60 ? [] : (['holder'] as const)),
  ];
  return faults.length > 0 ? { kind: 'refused', faults } : { kind: 'ready', bank, cardNumber, holder };
};

/** What can still be refunded: nothing of money that goes back by itself, nor of what is on its way already. */
export const refundable = ({ payment, refunds }: QrPaymentDetail): Money => {
  if (!moneyStates.has(payment.state) || payment.alarm === 'late-money') return moneyOfMinor('0');
  const underWay = refunds.filter(isUnderWay).reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n);
  return moneyOfMinor(String(BigInt(payment.amountMinor) - BigInt(payment.refundedMinor) - underWay));
};

export type RefundDraft =
  | Readonly<{ kind: 'ready'; amount: Money; kept: Money }>
  | Readonly<{ kind: 'refused'; reason: 'not-an-amount' | 'nothing' | 'too-much' }>;

/** What was typed as the amount of a refund, beside what is left. Figures of a Chinese keyboard are figures too. */
export const refundDraft = (text: string, left: Money): RefundDraft => {
  const plain = text.normalize('NFKC').replace('。', '.').replace(/^¥/, '').replaceAll(',', '');
  const amount = parseMoney(plain, left.currency);
  if (!amount || amount.minor < 0n) return { kind: 'refused', reason: 'not-an-amount' };
  if (amount.minor === 0n) return { kind: 'refused', reason: 'nothing' };
  if (amount.minor > left.minor) return { kind: 'refused', reason: 'too-much' };
  return { kind: 'ready', amount, kept: subtractMoney(left, amount) };
};

const fundings: Readonly<Record<string, 'qr.funding.other' | 'qr.funding.balance' | 'qr.funding.card'>> = {
  OTHERS: 'qr.funding.other',
  ALIPAYACCOUNT: 'qr.funding.balance',
  BANKCARD: 'qr.funding.card',
};

/** The wallets’ own codes of where the money came from that have a plain word; what has none is shown as it is. */
export const fundingText = (code: string) => fundings[code];
