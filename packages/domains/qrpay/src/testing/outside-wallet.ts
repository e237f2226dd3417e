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
type Call = 'payByCode' | 'show' | 'query' | 'close' | 'reverse' | 'refund' | 'queryRefund';
/** What goes wrong with a call: its request or its answer is lost, it waits for `until`, or it says something of its own. */
type Fault = Readonly<{ lost?: 'request' | 'answer'; until?: Promise<unknown>; say?: object; throws?: Error }>;

const unknown = { kind: 'unknown', reason: 'silence' } as const;

/** A wallet as the counter meets it: orders, payers, money, and a network that breaks as the test says. */
export const openOutsideWallet = (wallet: Wallet, options: { payerIs?: 'quick' | 'typing' | 'poor' } = {}) => {
  const orders = new Map<string, Order>();
  const refunds = new Map<string, { order: RefundOrder; state: 'refunded' | 'refunding' | 'refused' }>();
  const faults = new Map<Call, Fault[]>();
  const calls: { call: Call; number: string; at: number }[] = [];
  const behaviour = { payer: options.payerIs ?? 'quick', refund: 'refunded' as 'refunded' | 'refunding' | 'refused' };
  const bills = new Map<string, readonly BillLine[]>();

  const wordOf = (outTradeNo: string): PaymentWord => {
    const order = orders.get(outTradeNo);
    if (!order) return { kind: 'not-found' };
    if (order.truth === 'open') return { kind: behaviour.payer === 'typing' ? 'awaiting-payer' : 'not-paid' };
    if (order.truth !== 'paid') return { kind: order.truth };
    const { total, paidAt } = order;
    return {
      kind: 'paid',
      walletTradeNo: `W${outTradeNo.slice(-12)}`,
      total,
      paidAt,
      payer: 'payer-1',
      funding: 'OTHERS',
    };
  };
  const call = async <Word>(name: Call, number: string, act: () => Word): Promise<Word | typeof unknown> => {
    calls.push({ call: name, number, at: Date.now() });
    const fault = faults.get(name)?.shift();
    if (fault?.throws) throw fault.throws;
    if (fault?.lost === 'request') return unknown;
    const word = act();
    await fault?.until;
    return fault?.lost === 'answer' ? unknown : ((fault?.say as Word | undefined) ?? word);
  };
  const order = ({ outTradeNo, total }: WalletOrder): Order => {
    const made: Order = { total, truth: 'open', paidAt: epochMs(Date.now()) };
    orders.set(outTradeNo, made);
    return made;
  };
  const pay = (outTradeNo: string): void => {
    const found = orders.get(outTradeNo);
    if (found?.truth !== 'open') return;
    found.truth = 'paid';
    found.paidAt = epochMs(Date.now());
  };
  const refundWord = (number: string): RefundWord => {
    const found = refunds.get(number);
    if (!found) return { kind: 'not-found' };
    if (found.state === 'refused') return { kind: 'refused', code: 'NOT_ENOUGH', text: '余额不足' };
    const walletRefundNo = `R${number.slice(-12)}`;
    if (found.state === 'refunding') return { kind: 'refunding', walletRefundNo };
    return { kind: 'refunded', walletRefundNo, refund: found.order.refund, refundedAt: epochMs(Date.now()) };
  };

  const channel: WalletChannel = {
    wallet,
    payByCode: (asked) =>
      call('payByCode', asked.outTradeNo, (): PaymentWord => {
        order(asked);
        if (behaviour.payer === 'poor') {
          orders.set(asked.outTradeNo, { total: asked.total, truth: 'closed', paidAt: epochMs(0) });
          return { kind: 'refused', code: 'NOTENOUGH', text: '余额不足' };
        }
        if (behaviour.payer === 'quick') pay(asked.outTradeNo);
        return wordOf(asked.outTradeNo);
      }),
    show: (asked) =>
      call('show', asked.outTradeNo, () => {
        if (!orders.has(asked.outTradeNo)) order(asked);
        return { kind: 'shown', qr: `weixin://wxpay/bizpayurl?pr=${asked.outTradeNo}` } as const;
      }),
    query: ({ outTradeNo }) => call('query', outTradeNo, () => wordOf(outTradeNo)),
    close: ({ outTradeNo }) =>
      call('close', outTradeNo, () => {
        const found = orders.get(outTradeNo);
        if (found?.truth === 'open') found.truth = 'closed';
        return wordOf(outTradeNo);
      }),
    reverse: async ({ outTradeNo }) => {
      const word = await call('reverse', outTradeNo, () => {
        const found = orders.get(outTradeNo);
        if (!found) return { kind: 'refused', code: 'ORDER_NOT_EXIST', text: '' } as const;
        found.truth = 'reversed';
        return { kind: 'reversed' } as const;
      });
      return word.kind === 'unknown' ? { kind: 'again', reason: word.reason } : word;
    },
    refund: (asked) =>
      call('refund', asked.outRefundNo, () => {
        if (!refunds.has(asked.outRefundNo)) refunds.set(asked.outRefundNo, { order: asked, state: behaviour.refund });
        return refundWord(asked.outRefundNo);
      }),
    queryRefund: ({ outRefundNo }) => call('queryRefund', outRefundNo, () => refundWord(outRefundNo)),
    notified: async ({ body }, hear) => {
      try {
        await hear(JSON.parse(Buffer.from(body).toString(), revive) as Told);
        return { status: 204, headers: {}, body: '' };
      } catch {
        return { status: 500, headers: {}, body: '{"code":"FAIL","message":"失败"}' };
      }
    },
    bill: async function* (date) {
      const lines = bills.get(date);
      if (!lines) throw new Error('no bill of this day');
      yield* lines;
    },
  };
  return {
    channel,
    orders,
    refunds,
    behaviour,
    bills,
    pay,
    /** The next calls of a kind go wrong so. */
    fail: (name: Call, ...next: Fault[]) => faults.set(name, [...(faults.get(name) ?? []), ...next]),
    calls: (name: Call, number?: string) =>
      calls.filter((one) => one.call === name && (number === undefined || one.number === number)),
    wordOf,
    refundWord,
  };
};

export type OutsideWallet = ReturnType<typeof openOutsideWallet>;

const revive = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;

/** A notification as it would come over HTTP. */
export const notification = (told: Told): HttpRequest => ({
  headers: new Headers(),
  body: new TextEncoder().encode(
    JSON.stringify(told, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
  ),
});
