import { cny } from '@zhanggui/money';
import { QrPayError, type QrPaymentView } from '@zhanggui/qrpay';
import { epochMs } from '@zhanggui/time';
import type { QrPayments } from './index.ts';

const now = epochMs(Date.parse('2026-03-09T02:00:00Z'));

/** Payments that do what the test says; what a wallet sent is kept as it came. */
export type FakeQrPayments = QrPayments & {
  said: { wallet: string; headers: Headers; body: Uint8Array }[];
  starts: Parameters<QrPayments['start']>[0][];
  say(requestId: string, change: Partial<QrPaymentView>): void;
};

export const fakeQrPayments = (): FakeQrPayments => {
  const payments = new Map<string, QrPaymentView>();
  const listeners = new Set<(view: QrPaymentView) => void>();
  const said: FakeQrPayments['said'] = [];
  const starts: FakeQrPayments['starts'] = [];
  const put = (payment: QrPaymentView): QrPaymentView => {
    payments.set(payment.requestId, payment);
    for (const listener of listeners) listener(payment);
    return payment;
  };
  const known = (requestId: string): QrPaymentView => {
    const payment = payments.get(requestId);
    if (!payment) throw new QrPayError('payment-not-found', 'requestId');
    return payment;
  };
  return {
    said,
    starts,
    wallets: () => ['wechat', 'alipay'],
    start: async (request) => {
      starts.push(request);
      const { requestId, amount, description, place, how } = request;
      if (how.kind === 'show' && how.wallet === 'unionpay') throw new QrPayError('wallet-not-offered', 'unionpay');
      if (how.kind === 'code' && how.authCode.length < 16) throw new QrPayError('code-unknown', 'authCode');
      const shown =
        how.kind === 'show' ? { qr: 'weixin://wxpay/bizpayurl?pr=x', expiresAt: epochMs(now + 120_000) } : {};
      const base = {
        requestId,
        amount,
        description,
        place,
        at: now,
        outTradeNo: 'T1',
        refunded: cny(0n),
        undoing: false,
      };
      const wallet = how.kind === 'show' ? how.wallet : 'wechat';
      return payments.get(requestId) ?? put({ ...base, ...shown, wallet, how: how.kind, state: 'awaiting-payer' });
    },
    find: async (requestId) => payments.get(requestId),
    cancel: async (requestId) => put({ ...known(requestId), state: 'closed' }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    notified: async (wallet, { headers, body }) => {
      if (wallet === 'unionpay') throw new QrPayError('wallet-not-offered', 'unionpay');
      said.push({ wallet, headers, body });
      return { status: 202, headers: { 'content-type': 'text/plain' }, body: 'success' };
    },
    say: (requestId, change) => void put({ ...known(requestId), ...change }),
  };
};
