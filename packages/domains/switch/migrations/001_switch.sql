-- The settlement day in force; it never goes back, whatever the clock does.
create table switch.settlement_days (
  centre text primary key,
  business_date text not null
);

-- One row is one request together with its reversal: whichever of the two arrives first makes the row, and the primary key orders
-- them. `key` is forwarder, transmission time with its year, trace number. A row without rrn is a reversal whose request was never seen.
create table switch.transactions (
  key text primary key,
  mti text not null,
  acquirer text not null,
  issuer text,
  rrn text,
  processing_code text not null,
  amount_minor bigint not null,
  pan_masked text not null,
  pan_hash bytea not null,
  -- The reversal this request would need at its issuer, ready to send, sealed in the key store. No track data, no PIN block.
  reversal bytea not null,
  settlement_date text not null,
  received_at bigint not null,
  instance text not null,
  answered_at bigint,
  code text,
  -- The answer without its MAC, sealed; a repeat of the request gets it again.
  answer bytea,
  -- An answer of the issuer's that came after this request had been given up.
  late_code text,
  reversed_at bigint
);

create index transactions_by_rrn on switch.transactions (rrn);
create index transactions_unanswered on switch.transactions (received_at) where code is null and rrn is not null;

-- Reversals on their way to issuers, repeated until each is acknowledged.
create table switch.advices (
  key text primary key,
  issuer text not null,
  reversal bytea not null,
  reason text not null,
  created_at bigint not null,
  next_at bigint not null,
  attempts integer not null default 0,
  state text not null default 'queued' check (state in ('queued', 'done', 'refused', 'cancelled')),
  answered_at bigint,
  code text
);

create index advices_due on switch.advices (next_at) where state = 'queued';

-- Approved, in part, or approved for a VIP.
create function switch.is_approval(code text) returns boolean language sql immutable as $$ select code in ('00', '10', '11') $$;

-- Inquiries move nothing and are never reversed.
create function switch.is_reversible(processing_code text) returns boolean
language sql immutable as $$ select processing_code not like '3%' $$;

-- Journals requests before they are forwarded. Returns nothing when all of them are new, else a row for each in order. 'new': forward it.
-- 'repeat': it has been here, `answer` is what it got, if it got one. 'clash': another request has its key. 'reversed': its reversal was
-- here first.
create function switch.begin_transactions(
  keys text[], mtis text[], acquirers text[], issuers text[], rrns text[], processing_codes text[], amounts bigint[],
  pans_masked text[], pan_hashes bytea[], reversals bytea[], settlement_dates text[], received_ats bigint[],
  at_instance text
) returns table (outcome text, answer bytea, code text)
language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  new_rows integer;
begin
  insert into switch.transactions (
    key, mti, acquirer, issuer, rrn, processing_code, amount_minor, pan_masked, pan_hash, reversal, settlement_date, received_at,
    instance
  )
  select r.*, at_instance
  from unnest(keys, mtis, acquirers, issuers, rrns, processing_codes, amounts, pans_masked, pan_hashes, reversals,
    settlement_dates, received_ats) as r
  order by 1
  on conflict do nothing;
  get diagnostics new_rows = row_count;
  if new_rows = cardinality(keys) then
    return;
  end if;

  -- Sealed reversals never repeat: one that is there was written by this call, or by the same call tried before.
  return query
    select
      case
        when t.rrn is null then 'reversed'
        when t.reversal = r.reversal then 'new'
        when t.processing_code = r.processing_code and t.amount_minor = r.amount and t.pan_hash = r.pan_hash then 'repeat'
        else 'clash'
      end,
      t.answer,
      t.code
    from unnest(keys, reversals, processing_codes, amounts, pan_hashes) with ordinality
      as r (key, reversal, processing_code, amount, pan_hash, ordinal)
    join switch.transactions t on t.key = r.key
    order by r.ordinal;
end $$;

-- Writes final answers, in key order, so that groups that share rows do not wait for each other in a circle. Where `undo` is set the
-- reversal is put on its way in the same commit. Returns nothing when all of them are final and may be given out, else a row for each in
-- order. 'answered': somebody else answered it already.
create function switch.finish_transactions(
  keys text[], codes text[], answers bytea[], undos boolean[], at_ms bigint
) returns table (outcome text)
language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  written_rows integer;
begin
  with written as (
    update switch.transactions t set code = r.code, answer = r.answer, answered_at = at_ms
    from (select * from unnest(keys, codes, answers, undos) as u (key, code, answer, undo) order by 1) as r
    where t.key = r.key and t.code is null
    returning t.key, t.issuer, t.processing_code, t.code, t.reversal, r.undo
  ), queued as (
    insert into switch.advices (key, issuer, reversal, reason, created_at, next_at)
    select w.key, w.issuer, w.reversal, w.code, at_ms, at_ms from written w
    where w.undo and w.issuer is not null and switch.is_reversible(w.processing_code)
    on conflict do nothing
  )
  select count(*) into written_rows from written;
  if written_rows = cardinality(keys) then
    return;
  end if;

  -- Sealed answers never repeat: one that is there was written by this call, or by the same call tried before.
  return query
    select case when t.answer is distinct from r.answer then 'answered' else 'final' end
    from unnest(keys, answers) with ordinality as r (key, answer, ordinal)
    join switch.transactions t on t.key = r.key
    order by r.ordinal;
end $$;

-- Takes in reversals. 'reversed': it is, or its request will be refused when it comes. 'too-late': its settlement date is over.
create function switch.reverse_transactions(
  keys text[], acquirers text[], open_dates text[], at_instance text, at_ms bigint
) returns table (outcome text)
language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  insert into switch.transactions (
    key, mti, acquirer, processing_code, amount_minor, pan_masked, pan_hash, reversal, settlement_date, received_at, instance
  )
  select r.key, '0420', r.acquirer, '', 0, '', '', '', open_dates[1], at_ms, at_instance
  from unnest(keys, acquirers) as r (key, acquirer)
  order by 1
  on conflict do nothing;

  perform 1 from switch.transactions t join unnest(keys) as r (key) using (key) order by t.key for update of t;

  update switch.transactions t set reversed_at = at_ms
    from unnest(keys) as r (key)
    where t.key = r.key and t.reversed_at is null and t.settlement_date = any (open_dates);

  insert into switch.advices (key, issuer, reversal, reason, created_at, next_at)
  select t.key, t.issuer, t.reversal, 'acquirer', at_ms, at_ms
  from unnest(keys) as r (key) join switch.transactions t using (key)
  -- A refused request left nothing to undo; one without an answer may have left everything.
  where t.reversed_at is not null and t.issuer is not null and switch.is_reversible(t.processing_code)
    and (t.code is null or switch.is_approval(t.code))
  order by 1
  on conflict do nothing;

  return query
    select case when t.reversed_at is null then 'too-late' else 'reversed' end
    from unnest(keys) with ordinality as r (key, ordinal) join switch.transactions t using (key)
    order by r.ordinal;
end $$;

-- Settles requests that were forwarded and never answered: refused as timed out, their reversals on the way. `own_before`: those of
-- this instance from before it started; `any_before`: anybody's, older than any answer may take.
create function switch.resolve_unanswered(at_instance text, own_before bigint, any_before bigint, at_ms bigint) returns bigint
language plpgsql as $$
declare
  resolved bigint;
begin
  with unanswered as (
    select t.key from switch.transactions t
    where t.code is null and t.rrn is not null
      and (t.received_at < any_before or (t.instance = at_instance and t.received_at < own_before))
    order by t.key for update skip locked
  ), settled as (
    update switch.transactions t set code = '98', answered_at = at_ms
    from unanswered u where t.key = u.key
    returning t.*
  ), queued as (
    insert into switch.advices (key, issuer, reversal, reason, created_at, next_at)
    select s.key, s.issuer, s.reversal, '98', at_ms, at_ms from settled s
    where s.issuer is not null and switch.is_reversible(s.processing_code)
    on conflict do nothing
  )
  select count(*) into resolved from settled;
  return resolved;
end $$;

-- Notes an answer that came too late. A refusal calls off a reversal that has not been acknowledged: there is nothing to undo.
create function switch.note_late(late_key text, issuer_code text, at_ms bigint) returns void
language sql as $$
  update switch.transactions set late_code = issuer_code where key = late_key;
  update switch.advices set state = 'cancelled', answered_at = at_ms, code = issuer_code
  where key = late_key and state = 'queued' and not switch.is_approval(issuer_code);
$$;

-- Hands out reversals that are due for issuers that can be reached, each to one caller; unacknowledged, it is due again at `again_at`.
create function switch.take_advices(reachable text[], at_ms bigint, again_at bigint, max_rows integer)
returns table (key text, issuer text, reversal bytea, reason text, created_at bigint, attempts integer)
language sql as $$
  update switch.advices a set next_at = again_at, attempts = a.attempts + 1
  from (
    select d.key from switch.advices d
    where d.state = 'queued' and d.next_at <= at_ms and d.issuer = any (reachable)
    order by d.next_at limit max_rows for update skip locked
  ) as due
  where a.key = due.key
  returning a.key, a.issuer, a.reversal, a.reason, a.created_at, a.attempts
$$;
