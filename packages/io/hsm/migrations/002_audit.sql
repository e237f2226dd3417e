-- What was done with keys and what was refused, each entry sealed to the one before it. Entries are added, nothing else.
create table hsm.audit (
  institution text not null,
  sequence bigint not null,
  at bigint not null,
  command text not null,
  outcome text not null,
  ref text not null,
  person text not null,
  seal text not null,
  primary key (institution, sequence)
);

create function hsm.keep_audit() returns trigger language plpgsql as $$
begin
  raise exception 'hsm.audit is only added to';
end;
$$;

create trigger keep before update or delete or truncate on hsm.audit
for each statement execute function hsm.keep_audit();
