-- Double-entry books in the model of @zhanggui/ledger. Every amount is in minor units.

create table ledger.accounts (
  account_id      text   primary key,
  ledger          text   not null,                    -- the institution's book and its currency: '03050001/156'
  overdraft_minor bigint check (overdraft_minor >= 0), -- null: without a bound
  debits_pending  bigint not null default 0 check (debits_pending >= 0),
  debits_posted   bigint not null default 0 check (debits_posted >= 0),
  credits_pending bigint not null default 0 check (credits_pending >= 0),
  credits_posted  bigint not null default 0 check (credits_posted >= 0)
) with (fillfactor = 70);

-- A transfer lives with the customer's account it concerns; the other side is an account of the institution.
create table ledger.transfers (
  account_id        text    not null,
  transfer_id       text    not null,
  debit_account_id  text    not null,
  credit_account_id text    not null check (credit_account_id <> debit_account_id),
  amount_minor      bigint  not null check (amount_minor >= 0),
  kind              text    not null check (kind in ('posted', 'pending', 'post', 'void')),
  pending_id        text    check ((pending_id is not null) = (kind in ('post', 'void'))),
  forced            boolean not null,
  at_ms             bigint  not null,
  primary key (account_id, transfer_id)
);

-- A hold is resolved once.
create unique index transfers_resolve_once on ledger.transfers (account_id, pending_id) where pending_id is not null;

-- What a group of transfers adds to the four totals of an account.
create type ledger.balance_change as (
  account_id      text,
  debits_pending  bigint,
  debits_posted   bigint,
  credits_pending bigint,
  credits_posted  bigint
);

create function ledger.add_to_balances(p_changes ledger.balance_change[]) returns void language sql as $$
  update ledger.accounts as account
     set debits_pending  = account.debits_pending  + change.debits_pending,
         debits_posted   = account.debits_posted   + change.debits_posted,
         credits_pending = account.credits_pending + change.credits_pending,
         credits_posted  = account.credits_posted  + change.credits_posted
    from unnest(p_changes) as change
   where account.account_id = change.account_id;
$$;

-- Writes what a group decided. The caller holds the locks of the customers' accounts; the institution's own accounts come last
-- in the order of locks, by id, so that two groups never wait for each other in a circle.
create function ledger.write_group(
  p_customers   ledger.balance_change[],
  p_institution ledger.balance_change[],
  p_transfers   ledger.transfers[]
) returns void language plpgsql
set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  insert into ledger.transfers select * from unnest(p_transfers);
  perform ledger.add_to_balances(p_customers);
  perform 1 from ledger.accounts
    where account_id in (select change.account_id from unnest(p_institution) as change)
    order by account_id for update;
  perform ledger.add_to_balances(p_institution);
end;
$$;

-- The proof: totals of each account as its transfers make them, beside the totals the account carries.
create view ledger.proof as
with movement as (
  select transfer.*, pending.amount_minor as held_minor
    from ledger.transfers as transfer
    left join ledger.transfers as pending
      on pending.account_id = transfer.account_id and pending.transfer_id = transfer.pending_id
), side as (
  select debit_account_id as account_id,
         sum(case kind when 'pending' then amount_minor when 'posted' then 0 else -held_minor end) as debits_pending,
         sum(case kind when 'posted' then amount_minor when 'post' then amount_minor else 0 end) as debits_posted,
         0 as credits_pending, 0 as credits_posted
    from movement group by debit_account_id
  union all
  select credit_account_id, 0, 0,
         sum(case kind when 'pending' then amount_minor when 'posted' then 0 else -held_minor end),
         sum(case kind when 'posted' then amount_minor when 'post' then amount_minor else 0 end)
    from movement group by credit_account_id
), total as (
  select account_id, sum(debits_pending) as debits_pending, sum(debits_posted) as debits_posted,
         sum(credits_pending) as credits_pending, sum(credits_posted) as credits_posted
    from side group by account_id
)
select account.account_id, account.ledger, account.overdraft_minor,
       account.debits_pending, account.debits_posted, account.credits_pending, account.credits_posted,
       account.debits_pending = coalesce(total.debits_pending, 0)
         and account.debits_posted = coalesce(total.debits_posted, 0)
         and account.credits_pending = coalesce(total.credits_pending, 0)
         and account.credits_posted = coalesce(total.credits_posted, 0) as is_proven
  from ledger.accounts as account left join total using (account_id);
