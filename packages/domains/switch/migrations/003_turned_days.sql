-- The day before, and when it was left: its transactions may still be reversed for a while, also after a restart.
alter table switch.settlement_days add column previous_date text, add column turned_at bigint;
