import type { Store } from '@zhanggui/store';

/** One leg of a transaction's way, as one role saw it. `code` and `latencyMs` are null while there is no answer. */
export type Hop = Readonly<{
  role: 'switch';
  at: number;
  mti: string;
  code: string | null;
  latencyMs: number | null;
  note?: string;
}>;

type Row = Readonly<{ at: bigint; mti: string; code: string | null; answeredAt: bigint | null; note: string | null }>;

/** What the centre saw under a retrieval reference: requests, reversals taken in, reversals sent to the issuer. */
export const journeyOf = async (store: Store, rrn: string): Promise<Hop[]> => {
  const rows = await store.query<Row>(
    `select t.received_at as at, t.mti, t.code, t.answered_at as "answeredAt",
       case when t.late_code is not null then 'late ' || t.late_code end as note
     from switch.transactions t where t.rrn = $1
     union all
     select t.reversed_at, '0420', '00', t.reversed_at, 'from ' || t.acquirer
     from switch.transactions t where t.rrn = $1 and t.reversed_at is not null
     union all
     select a.created_at, '0420', a.code, a.answered_at, 'to ' || a.issuer
     from switch.advices a join switch.transactions t using (key) where t.rrn = $1
     order by 1`,
    [rrn],
  );
  return rows.map(({ at, mti, code, answeredAt, note }) => ({
    role: 'switch',
    at: Number(at),
    mti,
    code,
    latencyMs: answeredAt === null ? null : Number(answeredAt - at),
    ...(note === null ? {} : { note }),
  }));
};
