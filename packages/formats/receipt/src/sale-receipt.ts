import { addMoney, decimalText, type Money } from '@zhanggui/money';
import type { LocalDateTime } from '@zhanggui/time';
import type { Receipt, ReceiptLine } from './receipt.ts';

export type SaleReceiptLine = Readonly<{
  name: string;
  /** As the customer reads it: `2`, `0.350`. */
  quantity: string;
  unit?: string;
  unitPrice: Money;
  /** What the line costs after its discount. */
  amount: Money;
  /** What was taken off, not below zero. */
  discount?: Money;
}>;

export type SaleReceiptTender =
  | Readonly<{ kind: 'cash'; received: Money }>
  | Readonly<{ kind: 'card'; amount: Money; maskedPan?: string; authCode?: string }>
  | Readonly<{
      kind: 'wallet';
      wallet: 'wechat' | 'alipay' | 'unionpay';
      amount: Money;
      /** The wallet's number: what the customer finds in the app. */
      walletTradeNo?: string;
    }>;

export type SaleReceiptData = Readonly<{
  locale: 'zh' | 'en';
  shopName: string;
  address?: string;
  phone?: string;
  till: string;
  cashier: string;
  receiptNo: string;
  at: LocalDateTime;
  lines: readonly SaleReceiptLine[];
  total: Money;
  /** Below zero when cash rounding took something off. */
  rounding?: Money;
  tenders: readonly SaleReceiptTender[];
  change?: Money;
  remark?: string;
  /** Printed again. */
  duplicate?: boolean;
  sandbox?: boolean;
}>;

const zh = {
  phone: '电话',
  receiptNo: '小票号',
  time: '时间',
  till: '收银台',
  cashier: '收银员',
  discount: '优惠',
  total: '合计',
  rounding: '抹零',
  cash: '现金',
  card: '银行卡',
  cardNumber: '卡号',
  authCode: '授权码',
  wechat: '微信支付',
  alipay: '支付宝',
  unionpay: '云闪付',
  walletTradeNo: '交易单号',
  change: '找零',
  thanks: '谢谢惠顾，欢迎再来',
  duplicate: '重打印',
  sandbox: '沙箱 非真实交易',
} as const;

const en: Record<keyof typeof zh, string> = {
  phone: 'Tel',
  receiptNo: 'Receipt',
  time: 'Time',
  till: 'Till',
  cashier: 'Cashier',
  discount: 'Discount',
  total: 'Total',
  rounding: 'Rounding',
  cash: 'Cash',
  card: 'Card',
  cardNumber: 'Card no.',
  authCode: 'Auth no.',
  wechat: 'WeChat Pay',
  alipay: 'Alipay',
  unionpay: 'UnionPay QR',
  walletTradeNo: 'Wallet no.',
  change: 'Change',
  thanks: 'Thank you, see you again',
  duplicate: 'DUPLICATE',
  sandbox: 'SANDBOX, NOT A REAL SALE',
};

type Texts = Record<keyof typeof zh, string>;
const texts: Record<SaleReceiptData['locale'], Texts> = { zh, en };

/** A branch stands below its shop: so large, both seldom fit in one row, and a break in the name reads badly. */
const inRows = (shopName: string): string => shopName.replace(' · ', '\n');

/** The shop's receipt (小票) in one language. Line amounts less discounts add up to the total. */
export const saleReceipt = (data: SaleReceiptData): Receipt => {
  const t = texts[data.locale];
  return {
    lines: [
      { kind: 'text', text: inRows(data.shopName), align: 'center', size: 'double' },
      ...centred(data.address),
      ...centred(data.phone && `${t.phone} ${data.phone}`),
      ...centred(data.duplicate && t.duplicate),
      ...centred(data.sandbox && t.sandbox),
      { kind: 'rule' },
      pair(`${t.receiptNo} ${data.receiptNo}`, data.till),
      pair(data.at.replace('T', ' '), `${t.cashier} ${data.cashier}`),
      { kind: 'rule' },
      ...data.lines.flatMap((line) => goodsLines(line, t)),
      { kind: 'rule' },
      { kind: 'pair', left: t.total, right: priced(data.total), size: 'double', bold: true },
      ...amountLine(t.rounding, data.rounding),
      ...data.tenders.flatMap((tender) => tenderLines(tender, t)),
      ...amountLine(t.change, data.change),
      { kind: 'rule' },
      ...centred(data.remark),
      ...centred(t.thanks),
      { kind: 'feed', lines: 3 },
      { kind: 'cut' },
    ],
  };
};

const pair = (left: string, right: string): ReceiptLine => ({ kind: 'pair', left, right });

const centred = (text: string | false | undefined): ReceiptLine[] =>
  text ? [{ kind: 'text', text, align: 'center' }] : [];

/** With the currency: yuan by its wide sign, others by their code. */
const priced = (amount: Money): string =>
  amount.currency === 'CNY' ? `￥${decimalText(amount)}` : `${amount.currency} ${decimalText(amount)}`;

const amountLine = (name: string, amount: Money | undefined): ReceiptLine[] =>
  amount === undefined || amount.minor === 0n ? [] : [pair(name, decimalText(amount))];

const goodsLines = (
  { name, quantity, unit, unitPrice, amount, discount }: SaleReceiptLine,
  t: Texts,
): ReceiptLine[] => {
  const gross = discount ? addMoney(amount, discount) : amount;
  const asked = unit === undefined ? quantity : `${quantity} ${unit}`;
  return [
    { kind: 'text', text: name },
    pair(`  ${asked} x ${decimalText(unitPrice)}`, decimalText(gross)),
    ...(discount && discount.minor !== 0n ? [pair(`  ${t.discount}`, `-${decimalText(discount)}`)] : []),
  ];
};

const tenderLines = (tender: SaleReceiptTender, t: Texts): ReceiptLine[] => {
  switch (tender.kind) {
    case 'cash':
      return [pair(t.cash, decimalText(tender.received))];
    case 'card':
      return [
        pair(t.card, decimalText(tender.amount)),
        ...detailLine(t.cardNumber, tender.maskedPan),
        ...detailLine(t.authCode, tender.authCode),
      ];
    case 'wallet':
      return [
        pair(t[tender.wallet], decimalText(tender.amount)),
        ...numberLines(t.walletTradeNo, tender.walletTradeNo),
      ];
  }
};

const detailLine = (name: string, value: string | undefined): ReceiptLine[] =>
  value ? [pair(`  ${name}`, value)] : [];

/** Wallets' numbers are long: they stand on a line of their own. */
const numberLines = (name: string, value: string | undefined): ReceiptLine[] =>
  value
    ? [
        { kind: 'text', text: `  ${name}` },
        { kind: 'text', text: `  ${value}` },
      ]
    : [];
