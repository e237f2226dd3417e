import type { QrPayment, StartQrPaymentRequest } from '@zhanggui/api/contract';
import type { Reply, WalletPort } from '../ports.ts';
import { paymentCode } from '../scan/payment-code.ts';
import type { DemoMood, DemoPhone } from './wire-demo.ts';

type Begun = Readonly<{ request: StartQrPaymentRequest; at: number; cancelled: boolean }>;
type Word = Pick<QrPayment, 'state'> & Partial<QrPayment>;

const shownMs = 120_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const paid: Word = { state: 'paid', walletTradeNo: '4200002026112200000000000042', payer: 'demo-payer' };
const text = { zh: '余额不足，请换一张卡', en: 'Balance too low, ask for another card' };

/** What the wallet says of a payment some time after it was asked for. */
const words: Record<DemoPhone, (passedMs: number, isShown: boolean) => Word> = {
  pay: (passedMs, isShown) => (passedMs < (isShown ? 4000 : 600) ? { state: 'awaiting-payer' } : paid),
  password: (passedMs) => (passedMs < 5000 ? { state: 'awaiting-payer' } : paid),
  refuse: () => ({ state: 'closed', code: 'NOTENOUGH', text }),
  unknown: () => ({ state: 'unknown' }),
  wait: () => ({ state: 'awaiting-payer' }),
  reverse: (passedMs) => (passedMs < 3000 ? { state: 'awaiting-payer' } : { state: 'reversed' }),
};

/** Wallets that end as told, and a code to show that nobody else knows. */
export const demoWallets = (mood: () => DemoMood): WalletPort => {
  const begun = new Map<string, Begun>();
  const view = (requestId: string): QrPayment | undefined => {
    const known = begun.get(requestId);
    if (!known) return undefined;
    const { request, at, cancelled } = known;
    const isShown = request.wallet !== undefined;
    const word: Word = cancelled ? { state: 'closed' } : words[mood().phone](Date.now() - at, isShown);
    const isOpen = word.state === 'awaiting-payer';
    return {
      requestId,
      wallet: request.wallet ?? paymentCode(request.authCode ?? '')?.wallet ?? 'wechat',
      how: isShown ? 'show' : 'code',
      amountMinor: request.amountMinor,
      undoing: false,
      outTradeNo: `D${requestId.replaceAll('-', '').slice(0, 20)}`,
      ...(isShown && isOpen ? { qr: 'weixin://wxpay/bizpayurl?pr=demo0001', expiresAt: at + shownMs } : {}),
      at,
      ...word,
    };
  };
  const told = (requestId: string): Reply<QrPayment> => {
    const payment = view(requestId);
    const message = { zh: '没有找到', en: 'Not found' };
    return payment ? { kind: 'answer', value: payment } : { kind: 'refused', status: 404, code: 'not-found', message };
  };
  return {
    startPayment: async (request) => {
      await pause(80);
      if (mood().offline) return { kind: 'unreachable' };
      if (!begun.has(request.requestId)) begun.set(request.requestId, { request, at: Date.now(), cancelled: false });
      return told(request.requestId);
    },
    payment: async (requestId, { knownState, waitMs }) => {
      const until = Date.now() + waitMs;
      while (Date.now() < until && view(requestId)?.state === knownState) await pause(100);
      return mood().offline ? { kind: 'unreachable' } : told(requestId);
    },
    cancelPayment: async (requestId) => {
      const known = begun.get(requestId);
      if (known) begun.set(requestId, { ...known, cancelled: true });
      return told(requestId);
    },
  };
};
