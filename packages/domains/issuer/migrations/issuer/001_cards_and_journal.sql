-- Cards, their accounts and the journal of what the issuer answered. A card is found by the keyed hash of its PAN, which is the
-- distribution column of cards and journal; the clear PAN is nowhere.

create table issuer.accounts (
  account_id   text   primary key,
  kind         text   not null check (kind in ('debit', 'credit')),
  currency     text   not null,          -- ISO 4217 numeric
  holder       text   not null,
  opened_at_ms bigint not null
);

create table issuer.cards (
  pan_hash        bytea    primary key,
  sealed_pan      bytea    not null,
  masked_pan      text     not null,
  account_id      text     not null,
  sequence_number text     not null,     -- card sequence number, two digits
  expiry          text     not null,     -- YYMM
  service_code    text     not null,
  pin_offset      text     not null,
  status          text     not null,
  pin_tries_left  smallint not null,
  pin_tries_on    text     not null,     -- the day the tries were counted, YYYY-MM-DD
  last_atc        integer  not null,
  issued_at_ms    bigint   not null
) with (fillfactor = 70);

-- One row per request, under the key of the request; written in the transaction that decides it.
create table issuer.journal (
  pan_hash              bytea  not null,
  message_key           text   not null, -- year, field 7, field 11, field 33, MTI
  original_key          text,            -- the request that a void or a reversal names
  kind                  text   not null check (kind in ('sale', 'balance', 'void', 'reversal', 'unsupported')),
  mti                   text   not null,
  processing_code       text   not null,
  rrn                   text   not null,
  masked_pan            text   not null,
  account_id            text,            -- null: no such card
  amount_minor          bigint not null,
  currency              text   not null,
  code                  text   not null,
  auth_code             text,
  available_minor       bigint,          -- the answer to a balance inquiry
  state                 text   not null check (state in ('approved', 'declined', 'voided', 'reversed', 'awaited')),
  transfer_id           text,            -- the debit or hold in force
  settlement_account_id text,            -- and the institution's account it is booked against
  received_at_ms        bigint not null,
  answered_at_ms        bigint not null,
  primary key (pan_hash, message_key)
);
create index journal_by_rrn on issuer.journal (rrn);

create type issuer.group_item as (pan_hash bytea, message_key text, original_key text);
create type issuer.card_change as (pan_hash bytea, pin_tries_left smallint, pin_tries_on text, last_atc integer);
create type issuer.undo as (
  pan_hash bytea, message_key text, state text, transfer_id text, settlement_account_id text
);

-- Locks the cards, then the accounts of a group, each in the order of their ids, and only then reads: every statement of a
-- volatile function sees what was committed before it began. One row per item, in order. The planner is held to index look-ups,
-- because a plan made while the tables were small would outlive their growth.
create function issuer.lock_group(p_items issuer.group_item[])
returns table (
  account_id text, sequence_number text, expiry text, service_code text, pin_offset text, status text,
  pin_tries_left smallint, pin_tries_on text, last_atc integer,
  kind text, currency text, ledger text, overdraft_minor bigint,
  debits_pending bigint, debits_posted bigint, credits_pending bigint, credits_posted bigint,
  repeated jsonb, original jsonb, original_of_original jsonb
) language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  perform 1 from issuer.cards as card
    where card.pan_hash in (select item.pan_hash from unnest(p_items) as item)
    order by card.pan_hash for update;
  perform 1 from ledger.accounts as account
    where account.account_id in (
      select card.account_id from unnest(p_items) as item join issuer.cards as card on card.pan_hash = item.pan_hash)
    order by account.account_id for update;
  return query
    select card.account_id, card.sequence_number, card.expiry, card.service_code, card.pin_offset, card.status,
           card.pin_tries_left, card.pin_tries_on, card.last_atc,
           owner.kind, owner.currency, account.ledger, account.overdraft_minor,
           account.debits_pending, account.debits_posted, account.credits_pending, account.credits_posted,
           case when same.message_key is not null then to_jsonb(same) end,
           case when past.message_key is not null then to_jsonb(past) end,
           case when before.message_key is not null then to_jsonb(before) end
      from unnest(p_items) with ordinality as item (pan_hash, message_key, original_key, position)
      left join issuer.cards as card on card.pan_hash = item.pan_hash
      left join issuer.accounts as owner on owner.account_id = card.account_id
      left join ledger.accounts as account on account.account_id = card.account_id
      left join issuer.journal as same
        on same.pan_hash = item.pan_hash and same.message_key = item.message_key
      left join issuer.journal as past
        on past.pan_hash = item.pan_hash and past.message_key = item.original_key
      left join issuer.journal as before
        on before.pan_hash = item.pan_hash and before.message_key = past.original_key
     order by item.position;
end;
$$;

-- Writes what a group decided, in the transaction that locked it.
create function issuer.write_group(
  p_journal     issuer.journal[],
  p_undone      issuer.undo[],
  p_cards       issuer.card_change[],
  p_customers   ledger.balance_change[],
  p_institution ledger.balance_change[],
  p_transfers   ledger.transfers[]
) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  -- A row that only awaited its request, because the reversal came first, gives way to the request.
  insert into issuer.journal as kept select * from unnest(p_journal)
    on conflict (pan_hash, message_key) do update
       set original_key = excluded.original_key, kind = excluded.kind, processing_code = excluded.processing_code,
           rrn = excluded.rrn, amount_minor = excluded.amount_minor, currency = excluded.currency, code = excluded.code,
           state = excluded.state, received_at_ms = excluded.received_at_ms, answered_at_ms = excluded.answered_at_ms
     where kept.state = 'awaited';
  if cardinality(p_undone) > 0 then
    update issuer.journal as past
       set state = undo.state, transfer_id = undo.transfer_id, settlement_account_id = undo.settlement_account_id
      from unnest(p_undone) as undo
     where past.pan_hash = undo.pan_hash and past.message_key = undo.message_key;
  end if;
  if cardinality(p_cards) > 0 then
    update issuer.cards as card
       set pin_tries_left = change.pin_tries_left, pin_tries_on = change.pin_tries_on, last_atc = change.last_atc
      from unnest(p_cards) as change
     where card.pan_hash = change.pan_hash;
  end if;
  if cardinality(p_transfers) > 0 then
    perform ledger.write_group(p_customers, p_institution, p_transfers);
  end if;
end;
$$;
