-- A day's bill of a wallet beside our books. Sums are of the run; `our` sums and the differences found make the bill's sums.
create table qrpay.reconciliations (
  merchant_id text not null,
  wallet text not null,
  bill_date date not null,
  at bigint not null,
  runs integer not null,
  lines integer not null,
  agreed integer not null,
  our_payments_minor bigint not null,
  our_refunds_minor bigint not null,
  our_fees_minor bigint not null,
  their_payments_minor bigint not null,
  their_refunds_minor bigint not null,
  their_fees_minor bigint not null,
  primary key (merchant_id, wallet, bill_date)
);

-- A line that is not the same on both sides. `reversal` is what went back of a payment that was reversed; its number is the payment's.
-- `copy` counts lines of one number: a line that stands twice in a bill is missing here once.
create table qrpay.differences (
  merchant_id text not null,
  difference_id uuid not null default gen_random_uuid(),
  wallet text not null,
  bill_date date not null,
  line text not null check (line in ('payment', 'refund', 'reversal')),
  number text not null,
  copy integer not null,
  kind text not null check (kind in ('missing-here', 'missing-there', 'amount', 'fee')),
  out_trade_no text not null,
  request_id uuid,
  our_amount_minor bigint,
  our_fee_minor bigint,
  our_at bigint,
  our_state text,
  their_amount_minor bigint,
  their_fee_minor bigint,
  their_at bigint,
  their_trade_no text,
  settled_by text,
  note text,
  settled_at bigint,
  -- Settled, and not found any more when the day was run again.
  is_gone boolean not null default false,
  primary key (merchant_id, difference_id),
  unique (merchant_id, wallet, bill_date, line, number, copy)
);

create index differences_open on qrpay.differences (merchant_id, bill_date desc, difference_id) where settled_at is null;
