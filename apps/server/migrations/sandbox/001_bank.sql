-- The sandbox bank's secrets and its deck of cards, sealed by the sandbox's own security module.
create table sandbox.vault (
  name text primary key,
  sealed bytea not null
);

create table sandbox.cards (
  card_id text primary key,
  position int not null,
  sealed bytea not null,
  -- What the chip remembers between two insertions: its counters never go back.
  state jsonb
);
