import { posField61 } from '@zhanggui/iso8583';
import type { Host } from './host.ts';
import type { TransactionKey } from './journal.ts';
import { batchOf, isApproval, type PosMessage } from './pos.ts';
import { findTransaction, type TransactionRecord } from './records.ts';
import { Refusal } from './refusal.ts';

/** Finds what a void is for: field 61 names its batch and trace number. */
export const originalOf = async (
  { store }: Host,
  request: PosMessage,
  terminalId: string,
): Promise<{ key: TransactionKey; record: TransactionRecord } | Refusal> => {
  const { batch, stan } = posField61.decode(request.fields[61] ?? '');
  const key = { terminalId, batch, stan };
  const record = await findTransaction(store, key);
  const refusal = voidRefusal(request, key, record);
  if (refusal) return refusal;
  return record ? { key, record } : new Refusal('25', 'no original');
};

/** Why this request cannot void that transaction: 25 it is not there to be voided, 12 it cannot be, 64 for another amount. */
export const voidRefusal = (
  request: PosMessage,
  original: TransactionKey,
  record: TransactionRecord | undefined,
): Refusal | undefined => {
  const { 4: amount = '', 11: stan, 37: rrn } = request.fields;
  if (original.batch !== batchOf(request)) return new Refusal('25', 'the original is of another batch');
  if (!record?.rrn || record.rrn !== rrn) return new Refusal('25', 'no original');
  if (record.kind !== 'sale') return new Refusal('12', 'only a sale is voided');
  if (record.code === null || !isApproval(record.code)) return new Refusal('25', 'the original was not approved');
  if (record.reversedAt !== null) return new Refusal('25', 'the original was reversed');
  // Its own earlier attempt may hold the original: then this is a repeat, which gets its answer again.
  if (record.voidedBy !== null && record.voidedBy !== stan) return new Refusal('12', 'voided already');
  if (record.amountMinor !== BigInt(amount)) return new Refusal('64', 'amount');
  return undefined;
};
