import { decimalText, type Money } from '@zhanggui/money';
import type { LocalDateTime } from '@zhanggui/time';
import type { ReceiptLine } from './receipt.ts';

export type Copy = 'merchant' | 'cardholder';

/** What every slip of a terminal says, whatever paid. */
export type Counterfoil = Readonly<{
  merchantName: string;
  merchantId: string;
  terminalId: string;
  operator: string;
  at: LocalDateTime;
  amount: Money;
  /** Printed again. */
  duplicate?: boolean;
  sandbox: boolean;
}>;

const copies = { merchant: '商户存根 MERCHANT COPY', cardholder: '持卡人存根 CARDHOLDER COPY' } as const;

export const pair = (left: string, right: string): ReceiptLine => ({ kind: 'pair', left, right });
/** A pair if there is something to show. */
export const known = (left: string, right: string | undefined): ReceiptLine[] =>
  right === undefined || right === '' ? [] : [pair(left, right)];

export const header = ({ sandbox, duplicate }: Counterfoil, copy: Copy): ReceiptLine[] => [
  { kind: 'text', text: 'POS 签购单', align: 'center', size: 'double' },
  { kind: 'text', text: copies[copy], align: 'center' },
  ...(duplicate ? ([{ kind: 'text', text: '重打印 DUPLICATE', align: 'center', bold: true }] as const) : []),
  ...(sandbox
    ? ([{ kind: 'text', text: '沙箱 SANDBOX\n非真实交易 NOT A REAL PAYMENT', align: 'center', bold: true }] as const)
    : []),
  { kind: 'rule' },
];

export const parties = (data: Counterfoil): ReceiptLine[] => [
  { kind: 'text', text: data.merchantName, bold: true },
  pair('商户号 MERCHANT', data.merchantId),
  pair('终端号 TERMINAL', data.terminalId),
  pair('操作员 OPERATOR', data.operator),
];

const currencyName = ({ currency }: Money): string => (currency === 'CNY' ? 'RMB' : currency);

/** When, and how much; money that goes back is negative on paper. */
export const total = ({ at }: Counterfoil, amount: Money): ReceiptLine[] => [
  pair('时间 TIME', at.replace('T', ' ').replaceAll('-', '/')),
  { kind: 'text', text: '金额 AMOUNT' },
  { kind: 'pair', left: currencyName(amount), right: decimalText(amount), size: 'double', bold: true },
];

export const footer: readonly ReceiptLine[] = [{ kind: 'feed', lines: 2 }, { kind: 'cut' }];
