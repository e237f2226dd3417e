import { negateMoney } from '@zhanggui/money';
import type { Receipt, ReceiptLine } from './receipt.ts';
import { type Copy, type Counterfoil, footer, header, known, pair, parties, total } from './slip-parts.ts';

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

export type SlipData = Counterfoil &
  Readonly<{
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
    chip?: SlipChip;
    /** No PIN was entered. */
    noPin?: boolean;
    /** A small amount that needs no signature either (免密免签): no line to sign on. */
    noSignature?: boolean;
    remark?: string;
  }>;

const entryLetters = { swipe: 'S', insert: 'I', tap: 'C', manual: 'M' } as const satisfies Record<EntryMode, string>;
const transactionTypes = { sale: '消费 SALE', void: '消费撤销 VOID' } as const;
const cardKinds = { debit: '借记卡 DEBIT', credit: '贷记卡 CREDIT' } as const;

/** 签购单, in both languages. The merchant's copy is signed and shows the chip's data; the cardholder's shows neither. */
export const cardSlip = (data: SlipData, copy: Copy): Receipt => ({
  lines: [
    ...header(data, copy),
    ...parties(data),
    ...known('收单行 ACQUIRER', data.acquirerCode),
    ...known('发卡行 ISSUER', data.issuerCode),
    { kind: 'rule' },
    ...transaction(data),
    { kind: 'rule' },
    ...remarks(data),
    ...(copy === 'merchant' ? [...chipBlock(data.chip), ...signature(data)] : []),
    ...footer,
  ],
});

const transaction = (data: SlipData): ReceiptLine[] => [
  { kind: 'pair', left: '卡号 CARD', right: `${data.maskedPan} /${entryLetters[data.entryMode]}`, bold: true },
  ...known('卡类别 CARD TYPE', data.cardKind && cardKinds[data.cardKind]),
  { kind: 'pair', left: '交易类型 TYPE', right: transactionTypes[data.kind], bold: true },
  pair('批次号 BATCH', data.batch),
  pair('凭证号 VOUCHER', data.stan),
  ...known('授权码 AUTH NO.', data.authCode),
  ...known('参考号 REF NO.', data.rrn),
  ...total(data, data.kind === 'void' ? negateMoney(data.amount) : data.amount),
];

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
