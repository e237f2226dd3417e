-- Every key is led by merchant_id, the distribution column. Amounts are minor units of the merchant's currency, instants are epoch milliseconds.

create table shop.merchants (
  merchant_id text primary key,
  name_zh text not null,
  name_en text not null,
  currency text not null,
  -- Cash is paid in multiples of this many minor units; null: to the last one.
  cash_rounding_unit_minor bigint,
  cash_rounding text,
  denominations_minor jsonb not null,
  segments jsonb not null,
  receipt_columns integer not null,
  catalogue_version integer not null default 1
);

create table shop.stores (
  merchant_id text not null,
  store_id text not null,
  name_zh text not null,
  name_en text not null,
  address_zh text not null,
  address_en text not null,
  phone text not null,
  primary key (merchant_id, store_id)
);

create table shop.tills (
  merchant_id text not null,
  till_id text not null,
  store_id text not null,
  number text not null,
  name_zh text not null,
  name_en text not null,
  terminal_id text,
  last_sequence integer not null default 0,
  last_z_number integer not null default 0,
  primary key (merchant_id, till_id),
  unique (merchant_id, number)
);

create table shop.staff (
  merchant_id text not null,
  staff_id text not null,
  number text not null,
  name_zh text not null,
  name_en text not null,
  role text not null,
  -- argon2id, in PHC string form.
  pin_hash text not null,
  username text,
  password_hash text,
  failed_attempts integer not null default 0,
  locked_until bigint not null default 0,
  primary key (merchant_id, staff_id),
  unique (merchant_id, number),
  unique (merchant_id, username)
);

create table shop.sessions (
  merchant_id text not null,
  -- SHA-256 of the cookie: a copy of this table signs nobody in.
  token_hash bytea not null,
  face text not null,
  staff_id text not null,
  till_id text,
  expires_at bigint not null,
  primary key (merchant_id, token_hash)
);

create table shop.departments (
  merchant_id text not null,
  department_id text not null,
  name_zh text not null,
  name_en text not null,
  position integer not null,
  primary key (merchant_id, department_id)
);

create table shop.items (
  merchant_id text not null,
  item_id text not null,
  barcode text not null,
  name_zh text not null,
  name_en text not null,
  initials text not null,
  unit_id text not null,
  price_minor bigint not null,
  department_id text not null,
  primary key (merchant_id, item_id),
  unique (merchant_id, barcode)
);

create table shop.shifts (
  merchant_id text not null,
  shift_id uuid not null,
  till_id text not null,
  staff_id text not null,
  opened_at bigint not null,
  float_minor bigint not null,
  closed_at bigint,
  counted_minor bigint,
  -- What the drawer should have held when it was counted: a sale that arrives later does not rewrite a Z report.
  expected_minor bigint,
  denominations jsonb,
  reason text,
  z_number integer,
  primary key (merchant_id, shift_id)
);
create unique index one_open_shift_per_till on shop.shifts (merchant_id, till_id) where closed_at is null;
create index shifts_by_opening on shop.shifts (merchant_id, opened_at);

create table shop.cash_moves (
  merchant_id text not null,
  move_id uuid not null,
  shift_id uuid not null,
  staff_id text not null,
  kind text not null,
  amount_minor bigint not null,
  reason text not null,
  at bigint not null,
  primary key (merchant_id, move_id)
);
create index cash_moves_by_shift on shop.cash_moves (merchant_id, shift_id);

create table shop.sales (
  merchant_id text not null,
  sale_id uuid not null,
  till_id text not null,
  shift_id uuid not null,
  staff_id text not null,
  sequence integer not null,
  receipt_no text not null,
  at bigint not null,
  business_date date not null,
  -- Wall-clock hour, 0 to 23.
  hour smallint not null,
  segment text,
  line_count integer not null,
  total_minor bigint not null,
  discount_minor bigint not null,
  rounding_minor bigint not null,
  change_minor bigint not null,
  -- Arrived after its shift's Z report was drawn.
  late boolean not null,
  received_at bigint not null,
  primary key (merchant_id, sale_id),
  unique (merchant_id, till_id, sequence)
);
create index sales_by_day on shop.sales (merchant_id, business_date, at);
create index sales_by_shift on shop.sales (merchant_id, shift_id);

create table shop.sale_lines (
  merchant_id text not null,
  sale_id uuid not null,
  line_no integer not null,
  business_date date not null,
  item_id text not null,
  barcode text not null,
  name_zh text not null,
  name_en text not null,
  unit_id text not null,
  unit_zh text not null,
  unit_en text not null,
  weighed boolean not null,
  department_id text not null,
  list_price_minor bigint not null,
  unit_price_minor bigint not null,
  quantity_milli integer not null,
  -- none; amount: discount_minor is what was given; percent: discount_basis_points of gross.
  discount_kind text not null,
  discount_basis_points integer,
  gross_minor bigint not null,
  discount_minor bigint not null,
  amount_minor bigint not null,
  primary key (merchant_id, sale_id, line_no)
);
create index sale_lines_by_day on shop.sale_lines (merchant_id, business_date, department_id);

create table shop.sale_tenders (
  merchant_id text not null,
  sale_id uuid not null,
  tender_no integer not null,
  kind text not null,
  -- What was handed over or charged; the sale's change comes out of its cash.
  amount_minor bigint not null,
  terminal_id text,
  request_id uuid,
  batch text,
  stan text,
  rrn text,
  auth_code text,
  masked_pan text,
  primary key (merchant_id, sale_id, tender_no)
);
create index sale_tenders_by_request on shop.sale_tenders (merchant_id, request_id);

create table shop.kept_sales (
  merchant_id text not null,
  sale_id uuid not null,
  till_id text not null,
  document jsonb not null,
  faults jsonb not null,
  kept_at bigint not null,
  -- A later upload under the same identity was accepted.
  settled_at bigint,
  primary key (merchant_id, sale_id)
);

create table shop.card_payments (
  merchant_id text not null,
  request_id uuid not null,
  terminal_id text not null,
  amount_minor bigint not null,
  state text not null,
  code text,
  text_zh text,
  text_en text,
  masked_pan text,
  entry_mode text,
  rrn text,
  auth_code text,
  batch text,
  stan text,
  at bigint not null,
  primary key (merchant_id, request_id)
);
create index card_payments_by_time on shop.card_payments (merchant_id, at);
