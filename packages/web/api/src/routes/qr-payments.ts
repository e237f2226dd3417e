import { money } from '@zhanggui/money';
import type { QrPaymentView } from '@zhanggui/qrpay';
import type { Shop } from '@zhanggui/shop';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import * as contract from '../contract.ts';
import { Refusal } from '../errors.ts';
import type { QrPayments } from '../ports.ts';
import type { Sessions } from '../sessions.ts';
import { paymentView, refusing } from './qr-payment-view.ts';

type Options = { shop: Shop; sessions: Sessions; qrPay: QrPayments; closing: AbortSignal };

const params = z.object({ requestId: contract.identity });
const response = { 200: contract.qrPaymentAnswer };

/** How a till takes a payment from a customer's phone, and learns what became of it. */
export const qrPaymentRoutes: FastifyPluginAsyncZod<Options> = async (app, options) => {
  const { shop, sessions, qrPay, closing } = options;

  app.post('/', { schema: { body: contract.startQrPaymentRequest, response } }, async (request) => {
    const { tillId } = await sessions.need(request, 'till', 'sell');
    const { requestId, amountMinor, authCode, wallet } = request.body;
    const known = await qrPay.find(requestId);
    if (known && known.place.tillId !== tillId) throw new Refusal('other-till');
    const { currency, name } = await shop.place.describe();
    const payment = await refusing(() =>
      qrPay.start({
        requestId,
        amount: money(BigInt(amountMinor), currency),
        description: name.zh,
        place: { tillId },
        clientIp: request.ip,
        how: authCode === undefined ? { kind: 'show', wallet: wallet ?? 'wechat' } : { kind: 'code', authCode },
      }),
    );
    return { payment: paymentView(payment) };
  });

  app.get(
    '/:requestId',
    { schema: { params, querystring: contract.qrPaymentQuery, response } },
    async (request, reply) => {
      const payment = await ownPayment(options, request, request.params.requestId);
      const { state, waitMs } = request.query;
      if (payment.state !== state || payment.undoing) return { payment: paymentView(payment) };
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const signal = AbortSignal.any([gone.signal, closing]);
      const changed = await nextWord(qrPay, { requestId: payment.requestId, state, waitMs, signal });
      return { payment: paymentView(changed ?? payment) };
    },
  );

  app.post('/:requestId/cancel', { schema: { params, response } }, async (request) => {
    const { requestId } = await ownPayment(options, request, request.params.requestId);
    return { payment: paymentView(await refusing(() => qrPay.cancel(requestId))) };
  });
};

/** A till hears of its own payments and of no other. */
const ownPayment = async (
  { sessions, qrPay }: Options,
  request: FastifyRequest,
  requestId: string,
): Promise<QrPaymentView> => {
  const { tillId } = await sessions.need(request, 'till', 'sell');
  const payment = await qrPay.find(requestId);
  if (!payment) throw new Refusal('not-found');
  if (payment.place.tillId !== tillId) throw new Refusal('other-till');
  return payment;
};

type Wait = { requestId: string; state: QrPaymentView['state']; waitMs: number; signal: AbortSignal };

/** The payment once it has left `state`; what it is now when the time is over; undefined when nobody waits any more. */
const nextWord = async (
  qrPay: QrPayments,
  { requestId, state, waitMs, signal }: Wait,
): Promise<QrPaymentView | undefined> => {
  const heard = Promise.withResolvers<QrPaymentView | undefined>();
  const unsubscribe = qrPay.onChange((view) => {
    if (view.requestId === requestId && (view.state !== state || view.undoing)) heard.resolve(view);
  });
  const giveUp = () => heard.resolve(undefined);
  const timer = setTimeout(giveUp, waitMs);
  signal.addEventListener('abort', giveUp);
  try {
    // It may have changed between the question and the listening.
    const now = await qrPay.find(requestId);
    if (signal.aborted || !now || now.state !== state || now.undoing) return now;
    return (await heard.promise) ?? (signal.aborted ? now : await qrPay.find(requestId));
  } finally {
    clearTimeout(timer);
    unsubscribe();
    signal.removeEventListener('abort', giveUp);
  }
};
