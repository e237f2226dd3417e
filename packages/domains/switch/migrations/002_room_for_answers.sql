-- Every row is written twice, asked and answered. Room for the second version on the page of the first lets the log carry what
-- changed rather than the whole row, which is a quarter of what is flushed for a payment here.
alter table switch.transactions set (fillfactor = 50);
