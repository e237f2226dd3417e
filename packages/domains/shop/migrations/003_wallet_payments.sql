-- A payment by a customer's wallet (WeChat Pay, Alipay, UnionPay QR); request_id leads to it.
alter table shop.sale_tenders
  add column wallet text,
  add column out_trade_no text,
  add column wallet_trade_no text,
  add column payer text;
