import type { FundingCard } from './cards.ts';
import { consumerAccount } from './engine/accounts.ts';
import { wallets } from './engine/consumers.ts';
import { type Core, orderOf, refundOf } from './engine/core.ts';
import { minorOf, numberOf, textOf } from './engine/store.ts';
import type { MerchantName, Order, Refund } from './engine/words.ts';
import type { PhoneRecord, PhoneText } from './phone.ts';

const recordsMax = 100;

type Titles = Readonly<{ cards: readonly FundingCard[]; merchant: (name: MerchantName) => string }>;

const fundingText = (funding: string | null, cards: readonly FundingCard[]): PhoneText =>
  cards.find(({ id }) => id === funding)?.title ??
  (funding === 'balance' || funding === null ? { zh: '余额', en: 'Balance' } : { zh: '银行卡', en: 'Bank card' });

const stateOf = (order: Order): PhoneRecord['state'] => {
  switch (order.state) {
    case 'paid':
      return order.refundedMinor === order.amountMinor ? 'returned' : 'done';
    case 'reversed':
      return 'returned';
    case 'paying':
    case 'not-paid':
      return 'under-way';
    case 'failed':
    case 'closed':
      return 'failed';
  }
};

const paymentRecord = (order: Order, titles: Titles): PhoneRecord => ({
  id: order.id,
  kind: 'payment',
  wallet: order.wallet,
  at: order.paidAt ?? order.askedAt,
  title: titles.merchant(order),
  description: order.description,
  amountMinor: order.amountMinor,
  refundedMinor: order.state === 'reversed' ? order.amountMinor : order.refundedMinor,
  state: stateOf(order),
  funding: fundingText(order.funding, titles.cards),
  walletTradeNo: order.tradeNo,
  outTradeNo: order.outTradeNo,
});

const refundStates: Readonly<Record<Refund['state'], PhoneRecord['state']>> = {
  processing: 'under-way',
  done: 'done',
  abnormal: 'under-way',
  closed: 'failed',
};

const refundRecord = (refund: Refund, order: Order, titles: Titles): PhoneRecord => ({
  id: refund.id,
  kind: 'refund',
  wallet: refund.wallet,
  at: refund.doneAt ?? refund.createdAt,
  title: titles.merchant(refund),
  description: order.description,
  amountMinor: refund.amountMinor,
  refundedMinor: 0n,
  state: refundStates[refund.state],
  funding: fundingText(refund.funding, titles.cards),
  walletTradeNo: order.tradeNo,
  outTradeNo: order.outTradeNo,
});

const payments = (core: Core, consumerId: string): Order[] =>
  core.store
    .rows(
      `select * from orders where consumer_id = :consumerId and merchant_no not like 'combine/%' and (paid_at is not null or state in ('paying', 'failed'))
       order by created_at desc, rowid desc limit ${recordsMax}`,
      { consumerId },
    )
    .map(orderOf);

const topUps = (core: Core, consumerId: string, titles: Titles): PhoneRecord[] =>
  wallets.flatMap((wallet) =>
    core.store
      .rows(
        `select * from movements where target = :account and why like 'top-up %' order by at desc limit ${recordsMax}`,
        { account: consumerAccount(consumerId, wallet) },
      )
      .map((row) => {
        const funding = fundingText(textOf(row, 'why').slice('top-up '.length), titles.cards);
        const amountMinor = minorOf(row, 'minor');
        const texts = { title: funding.zh, description: '充值', funding };
        const fixed = { kind: 'top-up', refundedMinor: 0n, state: 'done' } as const;
        return { id: textOf(row, 'id'), wallet, at: numberOf(row, 'at'), amountMinor, ...texts, ...fixed };
      }),
  );

/** What the consumer paid, got back and topped up, newest first. */
export const recordsOf = (core: Core, consumerId: string, titles: Titles): PhoneRecord[] => {
  const orders = payments(core, consumerId);
  const refunds = orders.flatMap((order) =>
    order.refundedMinor === 0n
      ? []
      : core.store
          .rows('select * from refunds where order_id = :id', { id: order.id })
          .map((row) => refundRecord(refundOf(row), order, titles)),
  );
  const records = [
    ...orders.map((order) => paymentRecord(order, titles)),
    ...refunds,
    ...topUps(core, consumerId, titles),
  ];
  return records.sort((a, b) => b.at - a.at).slice(0, recordsMax);
};
