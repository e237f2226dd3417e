-- Keys of one institution, sealed under its LMK. Without the LMK a row is of no use, and a row with a changed ref, use or length does not open.
create table hsm.keys (
  institution text not null,
  ref text not null,
  use text not null,
  bytes smallint not null,
  kcv text not null,
  sealed bytea not null,
  changed_at timestamptz not null default now(),
  primary key (institution, ref)
);
