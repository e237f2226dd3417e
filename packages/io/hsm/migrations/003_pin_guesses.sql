-- Wrong PINs about a card (a keyed hash of it) since the first of a window, counted by all processes of an institution.
create table hsm.pin_guesses (
  institution text not null,
  card text not null,
  since bigint not null,
  guesses integer not null,
  primary key (institution, card)
);
create index pin_guesses_by_age on hsm.pin_guesses (institution, since);
