import { posField60, posField61 } from '@zhanggui/iso8583';
import { amountField } from '@zhanggui/money';
import { encodeTlv, findTag } from '@zhanggui/tlv';
import type { Fields } from './host.ts';
import type { TransactionKind, TransactionRow } from './journal-rows.ts';
import type { TerminalParameters } from './parameters.ts';
import type { EntryMode } from './status.ts';

/** What a card gave: read from the stripe or from the chip. Lives in memory for one attempt only. */
export type CardData = Readonly<{
  entryMode: EntryMode;
  pan: string;
  /** Track 2 without sentinels, separator `=`; a chip may keep its own to itself. */
  track2?: string;
  /** YYMM. */
  expiry: string;
  /** PAN sequence number, chip only. */
  psn?: string;
  /** Chip data of the online request. */
  field55?: Uint8Array;
  /** A chip card read from its stripe because the chip failed. */
  fallback?: boolean;
}>;

type Original = Pick<TransactionRow, 'batch' | 'stan' | 'rrn' | 'authCode'>;

export type FinancialRequest = Readonly<{
  parameters: TerminalParameters;
  transaction: Pick<TransactionRow, 'kind' | 'amount'>;
  batch: string;
  stan: string;
  operator: string;
  card: CardData;
  pinBlock?: Uint8Array;
  /** The transaction being voided. */
  original?: Original;
}>;

/** Q/CUP 009.1: processing code, message type code 60.1, and whether silence is answered by a reversal. */
export const transactionTypes = {
  sale: { processingCode: '000000', messageType: '22', movesMoney: true },
  void: { processingCode: '200000', messageType: '23', movesMoney: true },
  balance: { processingCode: '310000', messageType: '01', movesMoney: false },
} as const satisfies Record<TransactionKind, { processingCode: string; messageType: string; movesMoney: boolean }>;

/** Field 22: how the PAN came (02 stripe, 05 chip), then whether a PIN came with it. */
const entryField = (card: CardData, pinBlock: Uint8Array | undefined): string =>
  `${card.entryMode === 'insert' ? '05' : '02'}${pinBlock ? '1' : '2'}`;

/** Field 60: the terminal reads chips (5); condition 2 tells of a chip that failed before this swipe. */
const field60 = (messageType: string, batch: string, card: CardData): string =>
  posField60.encode({
    messageType,
    batch,
    managementCode: '000',
    readingCapability: '5',
    chipCondition: card.fallback ? '2' : '0',
  });

/** Fields of an 0200 without field 64 (Q/CUP 009.1, message formats). Track 3 is never asked for. */
export const financialFields = (request: FinancialRequest): Fields => {
  const { parameters, transaction, card, pinBlock, original } = request;
  const type = transactionTypes[transaction.kind];
  const chip = card.entryMode === 'insert';
  return {
    ...(chip ? { 2: card.pan, 14: card.expiry } : {}),
    3: type.processingCode,
    ...(transaction.kind === 'balance' ? {} : { 4: amountField(transaction.amount) }),
    11: request.stan,
    22: entryField(card, pinBlock),
    ...(card.psn === undefined ? {} : { 23: card.psn.padStart(3, '0') }),
    25: '00',
    ...(pinBlock ? { 26: '12' } : {}),
    ...(card.track2 === undefined ? {} : { 35: card.track2 }),
    ...(original?.rrn ? { 37: original.rrn } : {}),
    ...(original?.authCode ? { 38: original.authCode } : {}),
    41: parameters.terminalId,
    42: parameters.merchantId,
    49: '156',
    ...(pinBlock ? { 52: pinBlock, 53: '2600000000000000' } : {}),
    ...(card.field55 ? { 55: card.field55 } : {}),
    60: field60(type.messageType, request.batch, card),
    ...(original?.batch && original.stan
      ? { 61: posField61.encode({ batch: original.batch, stan: original.stan }) }
      : {}),
    63: request.operator.padEnd(3, ' '),
  };
};

/** Tags of field 55 that a reversal repeats (Q/CUP 009.1, message formats). */
const reversalTags = ['95', '9F1E', '9F10', '9F36', 'DF31'];

/** The subset of chip data a reversal carries; undefined when none of it is there. */
export const reversalField55 = (tlvs: Parameters<typeof findTag>[0]): Uint8Array | undefined => {
  const kept = reversalTags.flatMap((tag) => {
    const value = findTag(tlvs, tag);
    return value ? [{ tag, value }] : [];
  });
  return kept.length > 0 ? encodeTlv(kept) : undefined;
};

/**
 * Fields of the 0400 that would undo an 0200, without fields 39 and 64: original trace and batch, never the tracks,
 * the PIN or the retrieval reference (Q/CUP 009.1, reversal).
 */
export const reversalFields = (request: FinancialRequest, field55: Uint8Array | undefined): Fields => {
  const sent = financialFields(request);
  const repeated = [3, 4, 11, 22, 23, 25, 38, 41, 42, 49, 60, 61] as const;
  const fields: Fields = { 2: request.card.pan, 14: request.card.expiry };
  for (const number of repeated) if (sent[number] !== undefined) fields[number] = sent[number];
  if (field55) fields[55] = field55;
  return fields;
};
