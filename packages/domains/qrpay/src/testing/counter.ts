import { randomUUID } from 'node:crypto';
import { cny } from '@zhanggui/money';
import { openTestStore } from '@zhanggui/store';
import { createMetrics, silentLog } from '@zhanggui/telemetry';
import { epochMs } from '@zhanggui/time';
import { migrations, openQrPay, type QrPay, type QrPaymentView, type StartRequest } from '../index.ts';
import type { QrPayOptions } from '../qrpay.ts';
import { openOutsideWallet } from './outside-wallet.ts';

/** A hundred times as fast as a counter. */
export const quick = { pollMs: 50, reverseAfterMs: 300, reverseNotBeforeMs: 150, showMs: 600, repeatMaxMs: 200 };
/** As quick to ask, but slow to give up: for payers who come later, on a machine that has other things to do. */
export const patient = { ...quick, reverseAfterMs: 20_000, showMs: 20_000 };

export const newId = (): string => randomUUID();

/** A database, a WeChat and an Alipay, and any number of replicas of the payments room. */
export const openCounter = async () => {
  const database = await openTestStore([migrations]);
  const wechat = openOutsideWallet('wechat');
  const alipay = openOutsideWallet('alipay');
  const opened: QrPay[] = [];
  const metrics = createMetrics();
  const open = async (options: Partial<QrPayOptions> = {}): Promise<QrPay> => {
    const qrPay = openQrPay({
      store: database.store,
      merchantId: 'M1',
      channels: [wechat.channel, alipay.channel],
      clock: () => epochMs(Date.now()),
      log: silentLog(),
      metrics,
      timing: quick,
      ...options,
    });
    opened.push(qrPay);
    await qrPay.resume();
    return qrPay;
  };
  return {
    store: database.store,
    wechat,
    alipay,
    metrics,
    open,
    /** Replicas of one test must not work on the payments of the next, nor its faults on them. */
    rest: async () => {
      for (const wallet of [wechat, alipay]) wallet.heal();
      for (const qrPay of opened.splice(0)) await qrPay.stop();
    },
    close: async () => {
      for (const qrPay of opened) await qrPay.stop();
      await database.close();
    },
  };
};

export type Counter = Awaited<ReturnType<typeof openCounter>>;

const wechatCode = '130000000000000001';

export const codeRequest = (minor = 12_50n, rest: Partial<StartRequest> = {}): StartRequest => ({
  requestId: newId(),
  amount: cny(minor),
  description: '掌柜便利店',
  place: { tillId: 'till-1' },
  clientIp: '127.0.0.1',
  how: { kind: 'code', authCode: wechatCode },
  ...rest,
});
export const shownRequest = (minor = 12_50n, rest: Partial<StartRequest> = {}): StartRequest =>
  codeRequest(minor, { how: { kind: 'show', wallet: 'wechat' }, ...rest });

/** The payment once it is as wanted; what it is when it never becomes so. */
export const until = async (
  qrPay: QrPay,
  requestId: string,
  holds: (view: QrPaymentView) => boolean,
): Promise<QrPaymentView | undefined> => {
  const giveUpAt = Date.now() + 5_000;
  for (;;) {
    const view = await qrPay.find(requestId);
    if ((view && holds(view)) || Date.now() > giveUpAt) return view;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
