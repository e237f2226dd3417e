import { layout } from './layout.ts';

export type CodeText = { readonly zh: string; readonly en: string };

type CodeTable = Readonly<Record<string, CodeText>>;

const text = (zh: string, en: string): CodeText => ({ zh, en });
const UNKNOWN = text('未知', 'Unknown');

/** Field 3: what is done, and from which account of the cardholder to which. */
export const processingCode = layout({
  field: 'F3',
  required: { transaction: 2, fromAccount: 2, toAccount: 2 },
  optional: {},
});

/** Field 22 of the 1987 edition: how the card was read, and whether a PIN can be entered or was. */
export const entryMode = layout({ field: 'F22', required: { reading: 2, pin: 1 }, optional: {} });

/** Field 22 of the 1993 edition, one character for each question. */
export const pointOfService = layout({
  field: 'F22',
  required: {
    readingCapability: 1,
    verificationCapability: 1,
    captureCapability: 1,
    environment: 1,
    cardholderPresent: 1,
    cardPresent: 1,
    reading: 1,
    verification: 1,
    verifiedBy: 1,
    writingCapability: 1,
    outputCapability: 1,
    pinDigitsMax: 1,
  },
  optional: {},
});

/** Field 74 of the 2003 edition: amounts of 16 digits and numbers of 10, of credits and of debits. */
export const reconciliationPrimary = layout({
  field: 'F74',
  required: {
    creditAmount: 16,
    creditCount: 10,
    creditChargebackAmount: 16,
    creditChargebackCount: 10,
    creditReversalAmount: 16,
    creditReversalCount: 10,
    debitAmount: 16,
    debitCount: 10,
    debitChargebackAmount: 16,
    debitChargebackCount: 10,
    debitReversalAmount: 16,
    debitReversalCount: 10,
  },
  optional: {},
});

/** First two digits of field 3. */
const TRANSACTIONS: CodeTable = {
  '00': text('消费', 'Purchase'),
  '01': text('取现', 'Cash'),
  '03': text('预授权', 'Pre-authorisation'),
  '17': text('圈存撤销', 'Load undone'),
  '20': text('退货或撤销', 'Refund or void'),
  '31': text('余额查询', 'Balance inquiry'),
  '33': text('账户验证', 'Account check'),
  '40': text('转账', 'Transfer'),
  '60': text('指定账户圈存', 'Load from the linked account'),
  '62': text('非指定账户圈存', 'Load from another account'),
  '63': text('现金充值', 'Load for cash'),
};

/** Digits 3 and 4, and 5 and 6, of field 3. */
const ACCOUNTS: CodeTable = {
  '00': text('默认账户', 'Default'),
  '10': text('储蓄账户', 'Savings'),
  '20': text('支票账户', 'Cheque'),
  '30': text('信用账户', 'Credit'),
  '40': text('通用账户', 'Universal'),
  '50': text('投资账户', 'Investment'),
};

/** First two digits of field 22. */
const READINGS: CodeTable = {
  '00': text('未指明', 'Not stated'),
  '01': text('手工', 'Keyed'),
  '02': text('磁条', 'Stripe'),
  '03': text('条码或二维码', 'Bar code or QR code'),
  '04': text('光学识别', 'Optical'),
  '05': text('接触式芯片', 'Chip'),
  '07': text('非接触式芯片', 'Contactless chip'),
  '80': text('芯片降级为磁条', 'Stripe instead of the chip'),
  '90': text('磁条，信息可靠', 'Stripe, read whole'),
  '91': text('非接触式磁条', 'Contactless stripe'),
  '92': text('预约', 'Reservation'),
  '95': text('芯片，信息不可靠', 'Chip, data not reliable'),
};

/** Field 25. */
const CONDITIONS: CodeTable = {
  '00': text('正常', 'Normal'),
  '06': text('预授权', 'Pre-authorisation'),
  '08': text('邮件或电话', 'Mail or telephone'),
  '18': text('邮件或电话预授权', 'Pre-authorisation by mail or telephone'),
  '51': text('电子商务', 'Electronic commerce'),
  '52': text('电子商务', 'Electronic commerce'),
  '60': text('追加预授权', 'Further pre-authorisation'),
  '64': text('分期付款', 'Instalments'),
  '65': text('积分', 'Points'),
  '66': text('账户充值', 'Account top-up'),
  '67': text('预约消费', 'Booked purchase'),
  '91': text('电子现金圈存', 'Electronic cash load'),
};

/** Texts of codes inside fields 3, 22 and 25. A code that is not known says so. */
export const codeTexts = {
  transaction: (code: string): CodeText => TRANSACTIONS[code] ?? UNKNOWN,
  account: (code: string): CodeText => ACCOUNTS[code] ?? UNKNOWN,
  reading: (code: string): CodeText => READINGS[code] ?? UNKNOWN,
  condition: (code: string): CodeText => CONDITIONS[code] ?? UNKNOWN,
} as const;
