import { money } from '@zhanggui/money';
import {
  cardSlip,
  layout,
  type PrintedRow,
  type QrSlipData,
  qrSlip,
  type Receipt,
  type SlipData,
} from '@zhanggui/receipt';
import { type Text, text } from './texts.ts';

/** Columns of the terminal's 58 mm printer. */
export const paperColumns = 32;

/** Slip data as kept in the journal: JSON, so the amount's minor units are text. */
export type Slip = Omit<SlipData, 'amount'> & Readonly<{ amountMinor: string }>;

/** What the printer is asked for. */
export type PrintedSlip = Readonly<{ receipts: readonly Receipt[] }>;

const slipData = ({ amountMinor, ...rest }: Slip): SlipData => ({
  ...rest,
  amount: money(BigInt(amountMinor), 'CNY'),
});

export const merchantSlip = (slip: Slip): Receipt => cardSlip(slipData(slip), 'merchant');
export const cardholderSlip = (slip: Slip): Receipt => cardSlip(slipData(slip), 'cardholder');

/** Both copies of a slip; `duplicate` marks a second print. */
export const printedSlip = (slip: Slip, duplicate = false): PrintedSlip => {
  const marked = duplicate ? { ...slip, duplicate } : slip;
  return { receipts: [merchantSlip(marked), cardholderSlip(marked)] };
};

/** The same for a payment by QR code. */
export type KeptQrSlip = Omit<QrSlipData, 'amount'> & Readonly<{ amountMinor: string }>;

export const printedQrSlip = ({ amountMinor, ...rest }: KeptQrSlip, duplicate = false): PrintedSlip => {
  const data = { ...rest, amount: money(BigInt(amountMinor), 'CNY'), duplicate };
  return { receipts: [qrSlip(data, 'merchant'), qrSlip(data, 'cardholder')] };
};

/** Rows as the print head sees them. */
export const printedRows = (receipt: Receipt): PrintedRow[] => layout(receipt, { columns: paperColumns });

/** Paper that records a reversal nobody confirmed: the acquirer needs these numbers to settle it by hand. */
export const unconfirmedReversalReceipt = (facts: {
  merchantName: Text;
  terminalId: string;
  batch: string;
  stan: string;
  amount: string;
  at: string;
}): Receipt => {
  const title = text('冲正未成功', 'REVERSAL NOT CONFIRMED');
  return {
    lines: [
      { kind: 'text', text: facts.merchantName.zh, align: 'center', bold: true },
      { kind: 'text', text: title.zh, align: 'center', size: 'double' },
      { kind: 'text', text: title.en, align: 'center' },
      { kind: 'rule' },
      { kind: 'pair', left: '终端号 TERMINAL', right: facts.terminalId },
      { kind: 'pair', left: '批次号 BATCH', right: facts.batch },
      { kind: 'pair', left: '凭证号 VOUCHER', right: facts.stan },
      { kind: 'pair', left: '金额 AMOUNT', right: `RMB ${facts.amount}`, bold: true },
      { kind: 'pair', left: '时间 TIME', right: facts.at },
      { kind: 'rule' },
      { kind: 'text', text: '结果未知，请勿重复收款，请联系收单机构。' },
      { kind: 'text', text: 'Result unknown. Do not charge again. Call the acquirer.' },
      { kind: 'feed', lines: 2 },
      { kind: 'cut' },
    ],
  };
};
