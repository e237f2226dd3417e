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
create type issuer.journal_change as (
  pan_hash              bytea,
  message_key           text,
  state                 text,
  transfer_id           text,
  settlement_account_id text,
  received_at_ms        bigint,
  answered_at_ms        bigint
);

-- Locks the accounts of a group in the order of their ids, and only then reads: every statement of a volatile function sees what
-- was committed before it began. A card is guarded by the lock of its account. One row per item, in order.
-- The planner is held to look-ups by key, because a plan made while the tables were small would outlive their growth.
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
  perform 1 from ledger.accounts as account
    where account.account_id in (
      select card.account_id from unnest(p_items) as item join issuer.cards as card on card.pan_hash = item.pan_hash)
    order by account.account_id for update;
  return query
    select card.account_id, card.sequence_number, card.expiry, card.service_code, card.pin_offset, card.status,
           card.pin_tries_left, card.pin_tries_on, card.last_atc,
           owner.kind, owner.currency, account.ledger, account.overdraft_minor,
           account.debits_pending, account.debits_posted, account.credits_pending, account.credits_posted,
           same.entry, past.entry, before.entry
      from unnest(p_items) with ordinality as item (pan_hash, message_key, original_key, position)
      left join issuer.cards as card on card.pan_hash = item.pan_hash
      left join issuer.accounts as owner on owner.account_id = card.account_id
      left join ledger.accounts as account on account.account_id = card.account_id
      left join lateral (
        select to_jsonb(journal) as entry from issuer.journal
         where journal.pan_hash = item.pan_hash and journal.message_key = item.message_key offset 0) as same on true
      left join lateral (
        select to_jsonb(journal) as entry, journal.original_key from issuer.journal
         where journal.pan_hash = item.pan_hash and journal.message_key = item.original_key offset 0) as past on true
      left join lateral (
        select to_jsonb(journal) as entry from issuer.journal
         where journal.pan_hash = item.pan_hash and journal.message_key = past.original_key offset 0) as before on true
     order by item.position;
end;
$$;

-- Writes what a group decided, in the transaction that locked it.
create function issuer.write_group(
  p_journal     issuer.journal[],
  p_changes     issuer.journal_change[],
  p_cards       issuer.card_change[],
  p_customers   ledger.balance_change[],
  p_institution ledger.balance_change[],
  p_transfers   ledger.transfers[]
) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  insert into issuer.journal select * from unnest(p_journal);
  if cardinality(p_changes) > 0 then
    update issuer.journal as past
       set state = change.state, transfer_id = change.transfer_id, settlement_account_id = change.settlement_account_id,
           received_at_ms = change.received_at_ms, answered_at_ms = change.answered_at_ms
      from unnest(p_changes) as change
     where past.pan_hash = change.pan_hash and past.message_key = change.message_key;
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
