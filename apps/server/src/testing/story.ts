import assert from 'node:assert/strict';
import type { Store } from '@zhanggui/store';

/** A sale that moved money and was not undone, as one host tells it. */
type Told = { rrn: string; amount: bigint };

const tellers = {
  acquirer: `select rrn, amount_minor as amount from acquirer.transactions t
    where kind = 'sale' and acquirer.is_approval(code) and reversed_at is null
      and not exists (select 1 from acquirer.transactions v where v.kind = 'void' and acquirer.is_approval(v.code) and v.reversed_at is null
        and v.terminal_id = t.terminal_id and v.batch = t.batch and v.stan = t.voided_by)`,
  issuer: `select rrn, amount_minor as amount from issuer.journal where kind = 'sale' and state = 'approved'`,
  switch: `select rrn, amount_minor as amount from switch.transactions t
    where processing_code like '00%' and code = '00' and reversed_at is null
      and not exists (select 1 from switch.advices a where a.key = t.key and a.state <> 'cancelled')
      and not exists (select 1 from acquirer.transactions o join acquirer.transactions v
        on v.terminal_id = o.terminal_id and v.batch = o.batch and v.stan = o.voided_by
        where o.rrn = t.rrn and acquirer.is_approval(v.code) and v.reversed_at is null)`,
} as const;

const tell = async (store: Store, teller: keyof typeof tellers): Promise<Map<string, bigint>> => {
  const rows = await store.query<Told>(tellers[teller]);
  return new Map(rows.map(({ rrn, amount }) => [rrn, amount]));
};

const inOrder = (told: Map<string, bigint>) => [...told].sort(([left], [right]) => left.localeCompare(right));

/** The journals of acquirer, switch and issuer tell the same story, nothing is under way, and the books add up to zero. */
export const assertOneStory = async (store: Store): Promise<{ sales: number; amount: bigint }> => {
  const [acquirer, centre, issuer] = await Promise.all([
    tell(store, 'acquirer'),
    tell(store, 'switch'),
    tell(store, 'issuer'),
  ]);
  assert.deepEqual(inOrder(acquirer), inOrder(issuer), 'acquirer and issuer know the same sales');
  assert.deepEqual(inOrder(centre), inOrder(issuer), 'switch and issuer know the same sales');
  const [open] = await store.query<{ open: bigint }>(
    `select (select count(*) from acquirer.transactions where code is null and rrn is not null)
          + (select count(*) from switch.transactions where code is null and rrn is not null)
          + (select count(*) from acquirer.advices where state = 'queued')
          + (select count(*) from switch.advices where state = 'queued') as open`,
  );
  assert.equal(open?.open, 0n, 'nothing is under way');
  const [books] = await store.query<{ posted: bigint; pending: bigint; unproven: bigint }>(
    `select coalesce(sum(credits_posted - debits_posted), 0)::bigint as posted,
            coalesce(sum(credits_pending - debits_pending), 0)::bigint as pending,
            count(*) filter (where not is_proven) as unproven from ledger.proof`,
  );
  assert.deepEqual(books, { posted: 0n, pending: 0n, unproven: 0n }, 'the sum of all accounts is zero');
  return { sales: issuer.size, amount: [...issuer.values()].reduce((sum, amount) => sum + amount, 0n) };
};
