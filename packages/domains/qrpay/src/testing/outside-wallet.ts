import type { Money } from '@zhanggui/money';
import { type EpochMs, epochMs } from '@zhanggui/time';
import type {
  BillLine,
  HttpRequest,
  PaymentWord,
  RefundOrder,
  RefundWord,
  Told,
  Wallet,
  WalletChannel,
  WalletOrder,
} from '@zhanggui/wallet-channel';

type Order = { total: Money; truth: 'open' | 'paid' | 'closed' | 'reversed'; paidAt: EpochMs };
type RefundTruth = 'refunded' | 'refunding' | 'refused' | 'undeliverable';
type Call = 'payByCode' | 'show' | 'query' | 'close' | 'reverse' | 'refund' | 'queryRefund' | 'refundToCard';
/** What goes wrong with a call: its request or its answer is lost, it waits for `until`, or the wallet only says something. */
type Fault = Readonly<{
  lost?: 'request' | 'answer';
  until?: Promise<unknown> | (() => Promise<unknown>);
  say?: object;
  throws?: Error;
}>;

const unknown = { kind: 'unknown', reason: 'silence' } as const;

/** What the wallet knows: orders, payers, refunds, bills, and how it behaves. */
const openBooks = (payer: 'quick' | 'typing' | 'poor') => {
  const orders = new Map<string, Order>();
  const refunds = new Map<string, { order: RefundOrder; state: RefundTruth }>();
  const behaviour = { payer, refund: 'refunded' as RefundTruth };
  return {
    orders,
    refunds,
    behaviour,
    bills: new Map<string, Iterable<BillLine>>(),
    order: ({ outTradeNo, total }: WalletOrder): void =>
      void orders.set(outTradeNo, { total, truth: 'open', paidAt: epochMs(Date.now()) }),
    pay: (outTradeNo: string): void => {
      const found = orders.get(outTradeNo);
      if (found?.truth !== 'open') return;
      found.truth = 'paid';
      found.paidAt = epochMs(Date.now());
    },
    wordOf: (outTradeNo: string): PaymentWord => {
      const order = orders.get(outTradeNo);
      if (!order) return { kind: 'not-found' };
      if (order.truth === 'open') return { kind: behaviour.payer === 'typing' ? 'awaiting-payer' : 'not-paid' };
      if (order.truth !== 'paid') return { kind: order.truth };
      const { total, paidAt } = order;
      const walletTradeNo = `W${outTradeNo.slice(-12)}`;
      return { kind: 'paid', walletTradeNo, total, paidAt, payer: 'payer-1', funding: 'OTHERS' };
    },
    refundWord: (number: string): RefundWord => {
      const found = refunds.get(number);
      if (!found) return { kind: 'not-found' };
      if (found.state === 'refused') return { kind: 'refused', code: 'NOT_ENOUGH', text: '余额不足' };
      const walletRefundNo = `R${number.slice(-12)}`;
      if (found.state !== 'refunded') return { kind: found.state, walletRefundNo };
      return { kind: 'refunded', walletRefundNo, refund: found.order.refund, refundedAt: epochMs(Date.now()) };
    },
  };
};
type Books = ReturnType<typeof openBooks>;

/** The way there and back, which breaks as the test says. */
const openNetwork = () => {
  const faults = new Map<Call, Fault[]>();
  const calls: { call: Call; number: string; at: number }[] = [];
  return {
    call: async <Word>(name: Call, number: string, act: () => Word): Promise<Word | typeof unknown> => {
      calls.push({ call: name, number, at: Date.now() });
      const fault = faults.get(name)?.shift();
      if (fault?.throws) throw fault.throws;
      if (fault?.lost === 'request') return unknown;
      const word = (fault?.say as Word | undefined) ?? act();
      await (typeof fault?.until === 'function' ? fault.until() : fault?.until);
      return fault?.lost === 'answer' ? unknown : word;
    },
    /** The next calls of a kind go wrong so. */
    fail: (name: Call, ...next: Fault[]) => faults.set(name, [...(faults.get(name) ?? []), ...next]),
    heal: () => faults.clear(),
    calls: (name: Call, number?: string) =>
      calls.filter((one) => one.call === name && (number === undefined || one.number === number)),
  };
};
type Network = ReturnType<typeof openNetwork>;

const payments = (
  books: Books,
  { call }: Network,
): Pick<WalletChannel, 'payByCode' | 'show' | 'query' | 'close' | 'reverse'> => ({
  payByCode: (asked) =>
    call('payByCode', asked.outTradeNo, (): PaymentWord => {
      books.order(asked);
      const order = books.orders.get(asked.outTradeNo);
      if (books.behaviour.payer === 'poor' && order) order.truth = 'closed';
      if (books.behaviour.payer === 'poor') return { kind: 'refused', code: 'NOTENOUGH', text: '余额不足' };
      if (books.behaviour.payer === 'quick') books.pay(asked.outTradeNo);
      return books.wordOf(asked.outTradeNo);
    }),
  show: (asked) =>
    call('show', asked.outTradeNo, () => {
      if (!books.orders.has(asked.outTradeNo)) books.order(asked);
      return { kind: 'shown', qr: `weixin://wxpay/bizpayurl?pr=${asked.outTradeNo}` } as const;
    }),
  query: ({ outTradeNo }) => call('query', outTradeNo, () => books.wordOf(outTradeNo)),
  close: ({ outTradeNo }) =>
    call('close', outTradeNo, () => {
      const found = books.orders.get(outTradeNo);
      if (found?.truth === 'open') found.truth = 'closed';
      return books.wordOf(outTradeNo);
    }),
  reverse: async ({ outTradeNo }) => {
    const word = await call('reverse', outTradeNo, () => {
      const found = books.orders.get(outTradeNo);
      if (!found) return { kind: 'refused', code: 'ORDER_NOT_EXIST', text: '' } as const;
      found.truth = 'reversed';
      return { kind: 'reversed' } as const;
    });
    return word.kind === 'unknown' ? { kind: 'again', reason: word.reason } : word;
  },
});

const refunding = (
  books: Books,
  { call }: Network,
): Pick<WalletChannel, 'refund' | 'queryRefund' | 'refundToCard'> => ({
  refund: (asked) =>
    call('refund', asked.outRefundNo, () => {
      const known = books.refunds.get(asked.outRefundNo);
      if (!known) books.refunds.set(asked.outRefundNo, { order: asked, state: books.behaviour.refund });
      return books.refundWord(asked.outRefundNo);
    }),
  refundToCard: ({ outRefundNo }) =>
    call('refundToCard', outRefundNo, () => {
      const found = books.refunds.get(outRefundNo);
      if (found) found.state = 'refunding';
      return books.refundWord(outRefundNo);
    }),
  queryRefund: ({ outRefundNo }) => call('queryRefund', outRefundNo, () => books.refundWord(outRefundNo)),
});

/** A wallet as the counter meets it: orders, payers, money, and a network that breaks as the test says. */
export const openOutsideWallet = (wallet: Wallet) => {
  const books = openBooks('quick');
  const network = openNetwork();
  const channel: WalletChannel = {
    wallet,
    ...payments(books, network),
    ...refunding(books, network),
    notified: async ({ body }, hear) => {
      try {
        await hear(JSON.parse(Buffer.from(body).toString(), revive) as Told);
        return { status: 204, headers: {}, body: '' };
      } catch {
        return { status: 500, headers: {}, body: '{"code":"FAIL","message":"失败"}' };
      }
    },
    bill: async function* (date) {
      const lines = books.bills.get(date);
      if (!lines) throw new Error('no bill of this day');
      yield* lines;
    },
  };
  return { channel, ...books, ...network };
};

const revive = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;

/** A notification as it would come over HTTP. */
export const notification = (told: Told): HttpRequest => ({
  headers: new Headers(),
  body: new TextEncoder().encode(
    JSON.stringify(told, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
  ),
});
