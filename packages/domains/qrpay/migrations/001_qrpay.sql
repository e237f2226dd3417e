-- One row is one payment: what was asked, what is known of it, and what is due next. It is committed before the wallet is asked.
-- The payment code of the payer is never stored: whoever has it can charge.
create table qrpay.payments (
  merchant_id text not null,
  request_id uuid not null,
  out_trade_no text not null,
  wallet text not null,
  how text not null check (how in ('code', 'show')),
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  description text not null,
  till_id text,
  terminal_id text,
  asked_at bigint not null,
  expires_at bigint,
  state text not null,
  qr text,
  wallet_trade_no text,
  paid_at bigint,
  payer text,
  funding text,
  refusal_code text,
  refusal_text text,
  is_cancelled boolean not null,
  is_undoing boolean not null,
  is_reversal_refused boolean not null,
  is_in_doubt boolean not null,
  owes_back boolean not null,
  alarm text,
  refunded_minor bigint not null,
  refunding_minor bigint not null,
  tries integer not null,
  next_at bigint,
  ended_at bigint,
  -- The day (in Beijing) whose bill has it, or should have it.
  day date,
  version integer not null,
  -- Who works on it, and until when nobody else may.
  leased_by text,
  leased_until bigint,
  primary key (merchant_id, request_id),
  check (refunded_minor >= 0 and refunding_minor >= 0 and refunded_minor + refunding_minor <= amount_minor)
);

create unique index payments_by_trade on qrpay.payments (merchant_id, out_trade_no);
create index payments_listed on qrpay.payments (merchant_id, asked_at desc, request_id desc);
create index payments_due on qrpay.payments (merchant_id, next_at) where next_at is not null;
create index payments_of_day on qrpay.payments (merchant_id, wallet, day) where day is not null;

create table qrpay.refunds (
  merchant_id text not null,
  refund_id uuid not null,
  request_id uuid not null,
  out_refund_no text not null,
  wallet text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  reason text not null,
  asked_by text not null,
  asked_at bigint not null,
  state text not null,
  wallet_refund_no text,
  refusal_code text,
  refusal_text text,
  alarm text,
  is_missing boolean not null,
  tries integer not null,
  next_at bigint,
  ended_at bigint,
  day date,
  version integer not null,
  leased_by text,
  leased_until bigint,
  primary key (merchant_id, refund_id)
);

create unique index refunds_by_number on qrpay.refunds (merchant_id, out_refund_no);
create index refunds_of_payment on qrpay.refunds (merchant_id, request_id, asked_at);
create index refunds_due on qrpay.refunds (merchant_id, next_at) where next_at is not null;
create index refunds_of_day on qrpay.refunds (merchant_id, wallet, day) where day is not null;
