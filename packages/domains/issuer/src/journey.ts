import type { Store } from '@zhanggui/store';
import type { EpochMs } from '@zhanggui/time';

/** One stop on a transaction's way. */
export type Hop = Readonly<{
  role: 'issuer';
  at: EpochMs;
  mti: string;
  code: string | null;
  /** From receipt to decision; the commit and the way back are the next hop's to measure. */
  latencyMs: number | null;
  note?: string;
}>;

/** What the issuer did under a retrieval reference number (field 37), oldest first. */
export const journeyOf = async (store: Store, rrn: string): Promise<Hop[]> => {
  const rows = await store.query<{
    mti: string;
    kind: string;
    state: string;
    code: string;
    received_at_ms: bigint;
    answered_at_ms: bigint;
  }>(
    `select mti, kind, state, code, received_at_ms, answered_at_ms from issuer.journal
      where rrn = $1 and state <> 'awaited' order by received_at_ms, message_key`,
    [rrn],
  );
  return rows.map((row) => ({
    role: 'issuer',
    at: Number(row.received_at_ms) as EpochMs,
    mti: row.mti,
    code: row.code,
    latencyMs: Number(row.answered_at_ms - row.received_at_ms),
    note: `${row.kind}, ${row.state}`,
  }));
};
