import { decimalText, type Money } from '@zhanggui/money';
import type { LocalDateTime } from '@zhanggui/time';
import type { Receipt, ReceiptLine } from './receipt.ts';

export type EntryMode = 'insert' | 'swipe' | 'tap' | 'manual';

/** `arqc` of an online request or `tc` of the completed transaction, as hexadecimal text like the rest. */
export type SlipChip = Readonly<{
  aid: string;
  label: string;
  arqc?: string;
  tc?: string;
  tvr: string;
  tsi: string;
  atc: string;
}>;

export type SlipData = Readonly<{
  merchantName: string;
  merchantId: string;
  terminalId: string;
  operator: string;
  acquirerCode: string;
  issuerCode: string;
  /** First six and last four digits at most; the slip is no place to mask. */
  maskedPan: string;
  entryMode: EntryMode;
  cardKind?: 'debit' | 'credit';
  kind: 'sale' | 'void';
  batch: string;
  stan: string;
  authCode?: string;
  rrn?: string;
  at: LocalDateTime;
  amount: Money;
  chip?: SlipChip;
  /** No PIN was entered. */
  noPin?: boolean;
  /** A small amount that needs no signature either (免密免签): no line to sign on. */
  noSignature?: boolean;
  /** Printed again. */
  duplicate?: boolean;
  remark?: string;
  sandbox: boolean;
}>;

const entryLetters = { swipe: 'S', insert: 'I', tap: 'C', manual: 'M' } as const satisfies Record<EntryMode, string>;
const transactionTypes = { sale: '消费 SALE', void: '消费撤销 VOID' } as const;
const cardKinds = { debit: '借记卡 DEBIT', credit: '贷记卡 CREDIT' } as const;
const copies = { merchant: '商户存根 MERCHANT COPY', cardholder: '持卡人存根 CARDHOLDER COPY' } as const;

/** 签购单, in both languages. The merchant's copy is signed and shows the chip's data; the cardholder's shows neither. */
export const cardSlip = (data: SlipData, copy: 'merchant' | 'cardholder'): Receipt => ({
  lines: [
    { kind: 'text', text: 'POS 签购单', align: 'center', size: 'double' },
    { kind: 'text', text: copies[copy], align: 'center' },
    ...stripe(data),
    { kind: 'rule' },
    ...parties(data),
    { kind: 'rule' },
    ...transaction(data),
    { kind: 'rule' },
    ...remarks(data),
    ...(copy === 'merchant' ? [...chipBlock(data.chip), ...signature(data)] : []),
    { kind: 'feed', lines: 2 },
    { kind: 'cut' },
  ],
});

const pair = (left: string, right: string): ReceiptLine => ({ kind: 'pair', left, right });
/** A pair if there is something to show. */
const known = (left: string, right: string | undefined): ReceiptLine[] =>
  right === undefined || right === '' ? [] : [pair(left, right)];

const stripe = ({ sandbox, duplicate }: SlipData): ReceiptLine[] => [
  ...(duplicate ? ([{ kind: 'text', text: '重打印 DUPLICATE', align: 'center', bold: true }] as const) : []),
  ...(sandbox
    ? ([{ kind: 'text', text: '沙箱 SANDBOX\n非真实交易 NOT A REAL PAYMENT', align: 'center', bold: true }] as const)
    : []),
];

const parties = (data: SlipData): ReceiptLine[] => [
  { kind: 'text', text: data.merchantName, bold: true },
  pair('商户号 MERCHANT', data.merchantId),
  pair('终端号 TERMINAL', data.terminalId),
  pair('操作员 OPERATOR', data.operator),
  ...known('收单行 ACQUIRER', data.acquirerCode),
  ...known('发卡行 ISSUER', data.issuerCode),
];

const transaction = (data: SlipData): ReceiptLine[] => [
  { kind: 'pair', left: '卡号 CARD', right: `${data.maskedPan} /${entryLetters[data.entryMode]}`, bold: true },
  ...known('卡类别 CARD TYPE', data.cardKind && cardKinds[data.cardKind]),
  { kind: 'pair', left: '交易类型 TYPE', right: transactionTypes[data.kind], bold: true },
  pair('批次号 BATCH', data.batch),
  pair('凭证号 VOUCHER', data.stan),
  ...known('授权码 AUTH NO.', data.authCode),
  ...known('参考号 REF NO.', data.rrn),
  pair('时间 TIME', data.at.replace('T', ' ').replaceAll('-', '/')),
  { kind: 'text', text: '金额 AMOUNT' },
  { kind: 'pair', left: currencyName(data.amount), right: signedAmount(data), size: 'double', bold: true },
];

const currencyName = ({ currency }: Money): string => (currency === 'CNY' ? 'RMB' : currency);

/** A void gives money back, so its amount is negative on paper. */
const signedAmount = ({ kind, amount }: SlipData): string => (kind === 'void' ? '-' : '') + decimalText(amount);

const remarks = ({ remark, noPin, noSignature }: SlipData): ReceiptLine[] => {
  const waiver = noPin && noSignature ? '免密免签 NO PIN, NO SIGNATURE' : noPin ? '未输入密码 NO PIN ENTERED' : '';
  const texts = [remark ? `备注 REMARK: ${remark}` : '', waiver].filter((text) => text !== '');
  return texts.map((text) => ({ kind: 'text', text }));
};

const chipBlock = (chip: SlipChip | undefined): ReceiptLine[] =>
  chip === undefined
    ? []
    : [
        ...known('ARQC', chip.arqc),
        ...known('TC', chip.tc),
        pair(`TVR ${chip.tvr}`, `TSI ${chip.tsi}`),
        pair('AID', chip.aid),
        pair(chip.label, `ATC ${chip.atc}`),
      ];

const signature = ({ noSignature }: SlipData): ReceiptLine[] =>
  noSignature
    ? []
    : [
        { kind: 'rule' },
        { kind: 'text', text: '持卡人签名 CARDHOLDER SIGNATURE' },
        { kind: 'feed', lines: 3 },
        { kind: 'rule' },
        { kind: 'text', text: '本人确认以上交易，同意将其计入本卡账户' },
        { kind: 'text', text: 'I confirm this transaction and agree to its being booked to this card account.' },
      ];
