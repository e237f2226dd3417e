import { setTimeout as sleep } from 'node:timers/promises';
import { WeChatPayError } from './wechatpay-error.ts';

/** Every call by its place, and the limit that it counts against. */
const callClasses = {
  codepay: 'code-payment',
  native: 'order',
  jsapi: 'order',
  app: 'order',
  h5: 'order',
  'combine-native': 'order',
  'combine-jsapi': 'order',
  'combine-app': 'order',
  'combine-h5': 'order',
  'combine-query': 'query',
  'combine-close': 'close',
  query: 'query',
  close: 'close',
  reverse: 'close',
  refund: 'refund',
  'refund-to-card': 'refund',
  'refund-query': 'query',
  tradebill: 'bill',
  fundflowbill: 'bill',
  'profitsharing-bill': 'bill',
  'bill-file': 'bill',
  'profitsharing-orders': 'profit-sharing',
  'profitsharing-query': 'profit-sharing',
  'profitsharing-unfreeze': 'profit-sharing',
  'profitsharing-return': 'profit-sharing',
  'profitsharing-return-query': 'profit-sharing',
  'profitsharing-amounts': 'profit-sharing',
  'profitsharing-receivers': 'profit-sharing',
  'profitsharing-config': 'profit-sharing',
  applyment: 'onboarding',
  'applyment-query': 'onboarding',
  settlement: 'onboarding',
  'modify-settlement': 'onboarding',
  'settlement-change': 'onboarding',
  media: 'onboarding',
  certificates: 'certificates',
} as const;

export type Place = keyof typeof callClasses;
export type CallClass = (typeof callClasses)[Place];
/** Calls per second and merchant; a class that is not named has no limit here. */
export type CallRates = Readonly<Partial<Record<CallClass, number>>>;

/** WeChat's own limits, where it names them; of profit sharing the least. */
const usualRates: CallRates = { 'code-payment': 33, onboarding: 15, 'profit-sharing': 100 };

/** What may pass at once after a rest, as time. */
const burstMs = 1_000;
/** Who would wait longer is told so: nothing was sent. */
const waitMaxMs = 2_000;

export type Pace = (place: Place) => Promise<void>;

/** Lets calls of each class pass at their rate (a token bucket), the first ones at once. */
export const createPace = (
  rates: CallRates = {},
  clock: Readonly<{ now: () => number; wait: (ms: number) => Promise<unknown> }> = {
    now: () => performance.now(),
    wait: (ms) => sleep(ms),
  },
): Pace => {
  const perSecond: CallRates = { ...usualRates, ...rates };
  const fullAt = new Map<CallClass, number>();
  return async (place) => {
    const kind = callClasses[place];
    const rate = perSecond[kind];
    if (rate === undefined) return;
    const now = clock.now();
    const next = Math.max(fullAt.get(kind) ?? 0, now) + 1_000 / rate;
    const waitMs = next - now - burstMs;
    if (waitMs > waitMaxMs) throw new WeChatPayError('rate-limited', place);
    fullAt.set(kind, next);
    if (waitMs > 0) await clock.wait(waitMs);
  };
};
