create table acquirer.merchants (
  merchant_id text primary key,
  name text not null,
  status text not null default 'open' check (status in ('open', 'closed'))
);

create table acquirer.terminals (
  terminal_id text primary key,
  merchant_id text not null,
  name text not null,
  mcc text not null,
  batch text not null default '000001',
  -- Counts sign-ins: working keys live in the key store under a reference that ends in it. 0: never signed in, or signed out.
  key_generation integer not null default 0,
  signed_in_at bigint
);

-- Blocks of numbers are taken from here, so that numbering costs one write in ten thousand transactions.
create table acquirer.counters (
  name text primary key,
  next bigint not null
);

-- One row is one transaction together with its reversal: whichever of the two arrives first makes the row, and the primary key
-- orders them. A row without rrn is a reversal whose request was never seen.
create table acquirer.transactions (
  terminal_id text not null,
  batch text not null,
  stan text not null,
  merchant_id text not null,
  kind text not null,
  amount_minor bigint not null,
  currency text not null,
  entry_mode text not null,
  pan_masked text not null,
  pan_hash bytea not null,
  -- The reversal this transaction would need, ready to send, sealed in the key store. No track data, no PIN block.
  reversal bytea not null,
  rrn text,
  transmitted_at text not null,
  upstream_stan text not null,
  original_stan text,
  received_at bigint not null,
  instance text not null,
  answered_at bigint,
  code text,
  auth_code text,
  settlement_date text,
  -- The answer to the terminal without its MAC, sealed; a repeat of the request gets it again.
  answer bytea,
  -- The void that holds this sale: under way, or approved.
  voided_by text,
  reversed_at bigint,
  reversal_reason text,
  primary key (terminal_id, batch, stan)
);

create index transactions_unanswered on acquirer.transactions (received_at) where code is null and rrn is not null;

-- Reversals on their way to the centre, repeated until it acknowledges them.
create table acquirer.advices (
  terminal_id text not null,
  batch text not null,
  stan text not null,
  reversal bytea not null,
  reason text not null,
  created_at bigint not null,
  next_at bigint not null,
  attempts integer not null default 0,
  state text not null default 'queued' check (state in ('queued', 'done', 'refused')),
  answered_at bigint,
  code text,
  primary key (terminal_id, batch, stan)
);

create index advices_due on acquirer.advices (next_at) where state = 'queued';

-- Approved, in part, or approved for a VIP.
create function acquirer.is_approval(code text) returns boolean language sql immutable as $$ select code in ('00', '10', '11') $$;

-- Journals requests before they are forwarded. Returns nothing when all of them are new, else a row for each in order. 'new': forward it.
-- 'repeat': it has been here, `answer` is what it got, if it got one. 'clash': another transaction has its number. 'reversed': its reversal
-- was here first. 'held': the sale it voids is no longer there to be voided.
create function acquirer.begin_transactions(
  terminal_ids text[], batches text[], stans text[], merchant_ids text[], kinds text[], amounts bigint[], currencies text[],
  entry_modes text[], pans_masked text[], pan_hashes bytea[], reversals bytea[], rrns text[], transmitted_ats text[],
  upstream_stans text[], original_stans text[], received_ats bigint[], at_instance text
) returns table (outcome text, answer bytea, code text)
language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  new_rows integer;
  has_voids boolean := array_remove(original_stans, null) <> '{}';
begin
  insert into acquirer.transactions (
    terminal_id, batch, stan, merchant_id, kind, amount_minor, currency, entry_mode, pan_masked, pan_hash, reversal, rrn,
    transmitted_at, upstream_stan, original_stan, received_at, instance
  )
  select r.*, at_instance
  from unnest(terminal_ids, batches, stans, merchant_ids, kinds, amounts, currencies, entry_modes, pans_masked, pan_hashes,
    reversals, rrns, transmitted_ats, upstream_stans, original_stans, received_ats) as r
  order by 1, 2, 3
  on conflict do nothing;
  get diagnostics new_rows = row_count;
  if new_rows = cardinality(stans) and not has_voids then
    return;
  end if;

  if has_voids then
    update acquirer.transactions t set voided_by = r.void_stan
      from (
        select distinct on (u.terminal_id, u.batch, u.stan) u.*
        from unnest(terminal_ids, batches, original_stans, stans) as u (terminal_id, batch, stan, void_stan)
        order by u.terminal_id, u.batch, u.stan, u.void_stan
      ) as r
      where t.terminal_id = r.terminal_id and t.batch = r.batch and t.stan = r.stan
        and t.voided_by is null and acquirer.is_approval(t.code) and t.reversed_at is null;
  end if;

  return query
    select
      case
        when t.rrn is null then 'reversed'
        when t.rrn = r.rrn and r.original_stan is not null and o.voided_by is distinct from r.stan then 'held'
        when t.rrn = r.rrn then 'new'
        when t.kind = r.kind and t.amount_minor = r.amount and t.pan_hash = r.pan_hash then 'repeat'
        else 'clash'
      end,
      t.answer,
      t.code
    from unnest(terminal_ids, batches, stans, rrns, original_stans, kinds, amounts, pan_hashes) with ordinality
      as r (terminal_id, batch, stan, rrn, original_stan, kind, amount, pan_hash, ordinal)
    join acquirer.transactions t on t.terminal_id = r.terminal_id and t.batch = r.batch and t.stan = r.stan
    left join acquirer.transactions o
      on o.terminal_id = r.terminal_id and o.batch = r.batch and o.stan = r.original_stan
    order by r.ordinal;
end $$;

-- Lets go of sales whose void came to nothing.
create function acquirer.release_voided(terminal_ids text[], batches text[], stans text[]) returns void
language sql as $$
  update acquirer.transactions o set voided_by = null
  from acquirer.transactions v
  join unnest(terminal_ids, batches, stans) as r (terminal_id, batch, stan) using (terminal_id, batch, stan)
  where v.original_stan is not null and (v.reversed_at is not null or not acquirer.is_approval(v.code))
    and o.terminal_id = v.terminal_id and o.batch = v.batch and o.stan = v.original_stan and o.voided_by = v.stan
$$;

-- Writes final answers, in key order, so that groups that share rows do not wait for each other in a circle. Where `undo` is set the
-- reversal is put on its way in the same commit. Returns nothing when all of them are final and may be given out, else a row for each in
-- order. 'reversed': the terminal has reversed it meanwhile. 'answered': somebody else answered it already.
create function acquirer.finish_transactions(
  terminal_ids text[], batches text[], stans text[], codes text[], auth_codes text[], settlement_dates text[], answers bytea[],
  undos boolean[], at_ms bigint
) returns table (outcome text)
language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  plain_rows integer;
begin
  with written as (
    update acquirer.transactions t
    set code = r.code, auth_code = r.auth_code, settlement_date = r.settlement_date, answer = r.answer, answered_at = at_ms
    from (
      select * from unnest(terminal_ids, batches, stans, codes, auth_codes, settlement_dates, answers, undos)
        as u (terminal_id, batch, stan, code, auth_code, settlement_date, answer, undo)
      order by 1, 2, 3
    ) as r
    where t.terminal_id = r.terminal_id and t.batch = r.batch and t.stan = r.stan and t.code is null
    returning t.terminal_id, t.batch, t.stan, t.code, t.reversal, t.reversed_at, r.undo
  ), queued as (
    insert into acquirer.advices (terminal_id, batch, stan, reversal, reason, created_at, next_at)
    select w.terminal_id, w.batch, w.stan, w.reversal, w.code, at_ms, at_ms from written w where w.undo
    on conflict do nothing
  )
  select count(*) filter (where w.reversed_at is null) into plain_rows from written w;

  if array_remove(codes, '00') <> '{}' then
    perform acquirer.release_voided(terminal_ids, batches, stans);
  end if;
  if plain_rows = cardinality(stans) then
    return;
  end if;

  -- Sealed answers never repeat: one that is there was written by this call, or by the same call tried before.
  return query
    select
      case when t.answer is distinct from r.answer then 'answered' when t.reversed_at is not null then 'reversed' else 'final' end
    from unnest(terminal_ids, batches, stans, answers) with ordinality as r (terminal_id, batch, stan, answer, ordinal)
    join acquirer.transactions t on t.terminal_id = r.terminal_id and t.batch = r.batch and t.stan = r.stan
    order by r.ordinal;
end $$;

-- Takes in reversals. 'reversed': it is, or its request will be refused when it comes. 'too-late': its settlement date is over.
create function acquirer.reverse_transactions(
  terminal_ids text[], batches text[], stans text[], merchant_ids text[], reasons text[], open_dates text[], at_instance text,
  at_ms bigint
) returns table (outcome text, rrn text, settlement_date text, reversal bytea)
language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  insert into acquirer.transactions (
    terminal_id, batch, stan, merchant_id, kind, amount_minor, currency, entry_mode, pan_masked, pan_hash, reversal,
    transmitted_at, upstream_stan, received_at, instance
  )
  select r.*, 'unseen', 0, '', '', '', '', '', '', '', at_ms, at_instance
  from unnest(terminal_ids, batches, stans, merchant_ids) as r
  order by 1, 2, 3
  on conflict do nothing;

  perform 1 from acquirer.transactions t
    join unnest(terminal_ids, batches, stans) as r (terminal_id, batch, stan) using (terminal_id, batch, stan)
    order by t.terminal_id, t.batch, t.stan for update of t;

  update acquirer.transactions t set reversed_at = at_ms, reversal_reason = r.reason
    from unnest(terminal_ids, batches, stans, reasons) as r (terminal_id, batch, stan, reason)
    where t.terminal_id = r.terminal_id and t.batch = r.batch and t.stan = r.stan
      and t.reversed_at is null
      and (t.settlement_date is null or open_dates = '{}' or t.settlement_date = any (open_dates));

  insert into acquirer.advices (terminal_id, batch, stan, reversal, reason, created_at, next_at)
  select t.terminal_id, t.batch, t.stan, t.reversal, t.reversal_reason, at_ms, at_ms
  from unnest(terminal_ids, batches, stans) as r (terminal_id, batch, stan)
  join acquirer.transactions t using (terminal_id, batch, stan)
  -- A refused transaction left nothing to undo; one without an answer may have left everything.
  where t.reversed_at is not null and t.rrn is not null and t.kind in ('sale', 'void') and (t.code is null or acquirer.is_approval(t.code))
  order by 1, 2, 3
  on conflict do nothing;

  perform acquirer.release_voided(terminal_ids, batches, stans);

  return query
    select case when t.reversed_at is null then 'too-late' else 'reversed' end, t.rrn, t.settlement_date, t.reversal
    from unnest(terminal_ids, batches, stans) with ordinality as r (terminal_id, batch, stan, ordinal)
    join acquirer.transactions t on t.terminal_id = r.terminal_id and t.batch = r.batch and t.stan = r.stan
    order by r.ordinal;
end $$;

-- Settles transactions that were forwarded and never answered: refused as timed out, their reversals on the way. `own_before`: those
-- of this instance from before it started; `any_before`: anybody's, older than any answer may take.
create function acquirer.resolve_unanswered(at_instance text, own_before bigint, any_before bigint, at_ms bigint) returns bigint
language plpgsql as $$
declare
  resolved bigint;
begin
  with unanswered as (
    select t.terminal_id, t.batch, t.stan from acquirer.transactions t
    where t.code is null and t.rrn is not null
      and (t.received_at < any_before or (t.instance = at_instance and t.received_at < own_before))
    order by t.terminal_id, t.batch, t.stan for update skip locked
  ), settled as (
    update acquirer.transactions t set code = '98', answered_at = at_ms
    from unanswered u where t.terminal_id = u.terminal_id and t.batch = u.batch and t.stan = u.stan
    returning t.*
  ), released as (
    update acquirer.transactions o set voided_by = null from settled s
    where s.original_stan is not null and o.terminal_id = s.terminal_id and o.batch = s.batch and o.stan = s.original_stan
  ), queued as (
    insert into acquirer.advices (terminal_id, batch, stan, reversal, reason, created_at, next_at)
    select s.terminal_id, s.batch, s.stan, s.reversal, '98', at_ms, at_ms from settled s where s.kind in ('sale', 'void')
    on conflict do nothing
  )
  select count(*) into resolved from settled;
  return resolved;
end $$;

-- Hands out reversals that are due, each to one caller; unacknowledged, it is due again at `again_at`.
create function acquirer.take_advices(at_ms bigint, again_at bigint, max_rows integer)
returns table (terminal_id text, batch text, stan text, reversal bytea, reason text, created_at bigint, attempts integer)
language sql as $$
  update acquirer.advices a set next_at = again_at, attempts = a.attempts + 1
  from (
    select d.terminal_id, d.batch, d.stan from acquirer.advices d
    where d.state = 'queued' and d.next_at <= at_ms
    order by d.next_at limit max_rows for update skip locked
  ) as due
  where a.terminal_id = due.terminal_id and a.batch = due.batch and a.stan = due.stan
  returning a.terminal_id, a.batch, a.stan, a.reversal, a.reason, a.created_at, a.attempts
$$;
