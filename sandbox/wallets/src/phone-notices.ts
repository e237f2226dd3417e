import type { EngineRoom } from './engine/engine.ts';
import { numberOf, type Row, textOf } from './engine/store.ts';
import type { EngineEvent, MerchantName, Order, Wallet } from './engine/words.ts';
import type { PhoneNotice, PhoneText } from './phone.ts';

export type NoticeKind = 'paid' | 'refused' | 'refund' | 'reversed';
type Content = Readonly<{ kind: NoticeKind; wallet: Wallet; text: PhoneText; amount: string; recordId: string }>;

const noticesMax = 50;

const noticeOf = (row: Row): PhoneNotice => {
  const { kind, wallet, text, amount, recordId } = JSON.parse(textOf(row, 'content')) as Content;
  return { id: textOf(row, 'id'), at: numberOf(row, 'at'), kind, wallet, text, amountMinor: BigInt(amount), recordId };
};

const refusals = {
  'not-enough': { zh: '余额不足', en: 'not enough money' },
  'card-refused': { zh: '银行卡拒绝付款', en: 'the bank refused the card' },
} as const;

type Told = Readonly<{ kind: NoticeKind; order: Order; recordId: string; amountMinor: bigint; text: PhoneText }>;

const orderTold = (order: Order, merchant: string): Told | undefined => {
  const told = { order, recordId: order.id, amountMinor: order.amountMinor };
  if (order.state === 'paid')
    return { ...told, kind: 'paid', text: { zh: `已付款给${merchant}`, en: `Paid to ${merchant}` } };
  if (order.state !== 'reversed' || order.paidAt === null) return undefined;
  return {
    ...told,
    kind: 'reversed',
    text: { zh: `${merchant}撤销了付款，款已退回`, en: `${merchant} cancelled: the money is back` },
  };
};

const toldOf = (event: EngineEvent, titleOf: (name: MerchantName) => string): Told | undefined => {
  switch (event.kind) {
    case 'order':
      return orderTold(event.order, titleOf(event.order));
    case 'refund': {
      const { order, refund } = event;
      if (refund.state !== 'done') return undefined;
      const merchant = titleOf(order);
      const text = { zh: `${merchant}的退款已到账`, en: `Refund of ${merchant} has arrived` };
      return { kind: 'refund', order, recordId: refund.id, amountMinor: refund.amountMinor, text };
    }
    case 'refused': {
      const { order } = event;
      const why = refusals[event.reason];
      const text = { zh: `付款失败：${why.zh}`, en: `Not paid: ${why.en}` };
      return { kind: 'refused', order, recordId: order.id, amountMinor: order.amountMinor, text };
    }
    case 'consumer':
      return undefined;
  }
};

/** Several orders paid as one: each of them tells for itself. */
const isCombined = (event: EngineEvent): boolean =>
  event.kind !== 'consumer' && event.order.merchantNo.startsWith('combine/');

const consumerOf = (event: EngineEvent): string | null =>
  event.kind === 'consumer' || event.kind === 'refused' ? event.consumerId : event.order.consumerId;

/** What the wallets tell the consumer by themselves, each thing once. */
export const openNotices = (
  { core, engine, consumerId }: EngineRoom & Readonly<{ consumerId: string }>,
  titleOf: (name: MerchantName) => string,
): Readonly<{ list(): readonly PhoneNotice[] }> => {
  engine.onEvent((event) => {
    const isTold = consumerOf(event) === consumerId && !isCombined(event);
    const told = isTold ? toldOf(event, titleOf) : undefined;
    if (!told) return;
    const { kind, order, recordId, text, amountMinor } = told;
    const content: Content = { kind, wallet: order.wallet, text, amount: String(amountMinor), recordId };
    core.store.run(
      'insert into notices (id, consumer_id, at, content) values (:id, :consumerId, :at, :content) on conflict do nothing',
      { id: `${recordId}/${kind}`, consumerId, at: engine.now(), content: JSON.stringify(content) },
    );
  });
  return {
    list: () =>
      core.store
        .rows(`select * from notices where consumer_id = :consumerId order by at desc, id desc limit ${noticesMax}`, {
          consumerId,
        })
        .map(noticeOf),
  };
};
