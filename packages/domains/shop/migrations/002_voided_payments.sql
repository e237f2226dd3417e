-- A payment that was approved and then voided at the terminal (消费撤销) says so.
alter table shop.card_payments add column voided boolean not null default false;
