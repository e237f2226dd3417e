import type { Store } from '@zhanggui/store';
import type { TransactionKey } from './journal.ts';

/** A sale as a void or an inquiry finds it. */
export type TransactionRecord = Readonly<{
  kind: string;
  amountMinor: bigint;
  rrn: string | null;
  code: string | null;
  authCode: string | null;
  transmittedAt: string;
  upstreamStan: string;
  reversal: Uint8Array;
  voidedBy: string | null;
  reversedAt: bigint | null;
  reversalReason: string | null;
  receivedAt: bigint;
  answeredAt: bigint | null;
}>;

export const findTransaction = async (store: Store, key: TransactionKey): Promise<TransactionRecord | undefined> => {
  const [row] = await store.query<TransactionRecord>(
    {
      name: 'acquirer.find',
      text: `select kind, amount_minor as "amountMinor", rrn, code, auth_code as "authCode", transmitted_at as "transmittedAt",
               upstream_stan as "upstreamStan", reversal, voided_by as "voidedBy",
               reversed_at as "reversedAt", reversal_reason as "reversalReason", received_at as "receivedAt",
               answered_at as "answeredAt"
             from acquirer.transactions where terminal_id = $1 and batch = $2 and stan = $3`,
    },
    [key.terminalId, key.batch, key.stan],
  );
  return row;
};

/** One leg of a transaction's way, as one role saw it. `code` and `latencyMs` are null while there is no answer. */
export type Hop = Readonly<{
  role: 'acquirer';
  at: number;
  mti: string;
  code: string | null;
  latencyMs: number | null;
  note?: string;
}>;

/** The transaction's way as this host saw it: request, reversal by the terminal, reversal sent to the centre. */
export const journeyOf = async (
  store: Store,
  key: TransactionKey,
): Promise<{ rrn: string | null; hops: Hop[] } | undefined> => {
  const record = await findTransaction(store, key);
  if (!record) return undefined;
  const hops: Hop[] = [];
  if (record.rrn) hops.push(hop('0200', record.receivedAt, record.answeredAt, record.code, record.kind));
  if (record.reversedAt) hops.push(hop('0400', record.reversedAt, record.reversedAt, '00', record.reversalReason));
  const [advice] = await store.query<{
    createdAt: bigint;
    answeredAt: bigint | null;
    code: string | null;
    reason: string;
  }>(
    `select created_at as "createdAt", answered_at as "answeredAt", code, reason from acquirer.advices
     where terminal_id = $1 and batch = $2 and stan = $3`,
    [key.terminalId, key.batch, key.stan],
  );
  if (advice) hops.push(hop('0420', advice.createdAt, advice.answeredAt, advice.code, advice.reason));
  return { rrn: record.rrn, hops };
};

const hop = (mti: string, at: bigint, answeredAt: bigint | null, code: string | null, note: string | null): Hop => ({
  role: 'acquirer',
  at: Number(at),
  mti,
  code,
  latencyMs: answeredAt === null ? null : Number(answeredAt - at),
  ...(note === null ? {} : { note }),
});
