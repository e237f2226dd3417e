import { money } from '@zhanggui/money';
import type { BillSums, DifferenceView, QrPaymentView, ReconciliationView, RefundView } from '@zhanggui/qrpay';
import { pan } from '@zhanggui/secret';
import type { Shop } from '@zhanggui/shop';
import { type BusinessDate, businessDate } from '@zhanggui/time';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import * as contract from '../contract.ts';
import { Refusal } from '../errors.ts';
import type { QrBooks } from '../ports.ts';
import type { Sessions } from '../sessions.ts';
import { paymentView, refusing } from './qr-payment-view.ts';

type Options = { shop: Shop; sessions: Sessions; qrBooks: QrBooks };

const answers = <Schema extends z.ZodType>(schema: Schema) => ({ response: { 200: schema } });
const params = z.object({ id: contract.identity });

/** What the office sees of payments by QR code, gives back, and compares with the wallets' bills. Behind the office right. */
export const qrOfficeRoutes: FastifyPluginAsyncZod<Options> = async (app, options) => {
  await app.register(paymentRoutes, { prefix: '/qr-payments', ...options });
  await app.register(reconciliationRoutes, options);
};

const dateOf = (text: string | undefined): BusinessDate | undefined =>
  text === undefined ? undefined : businessDate(text);

const paymentRoutes: FastifyPluginAsyncZod<Options> = async (app, { shop, sessions, qrBooks }) => {
  const detail = async (requestId: string): Promise<contract.QrPaymentDetail> => {
    const payment = await qrBooks.find(requestId);
    if (!payment) throw new Refusal('not-found');
    const [row] = await rowsOf(shop, [payment]);
    if (!row) throw new Error('a payment has its row');
    return { payment: row, refunds: (await qrBooks.refunds(requestId)).map(refundView) };
  };

  app.get(
    '/',
    { schema: { querystring: contract.qrPaymentsQuery, ...answers(contract.qrPaymentsAnswer) } },
    async ({ query: { date, ...page } }) => {
      const { payments, next } = await refusing(() => qrBooks.list({ ...page, date: dateOf(date) }));
      return { payments: await rowsOf(shop, payments), next };
    },
  );

  app.get('/:id', { schema: { params, ...answers(contract.qrPaymentDetail) } }, (request) => detail(request.params.id));

  app.post(
    '/:id/refunds',
    { schema: { params, body: contract.qrRefundRequest, ...answers(contract.qrPaymentDetail) } },
    async (request) => {
      const { staff } = await sessions.need(request, 'office', 'office');
      const { refundId, amountMinor, reason } = request.body;
      const { currency } = await shop.place.describe();
      const requestId = request.params.id;
      const amount = money(BigInt(amountMinor), currency);
      await refusing(() => qrBooks.refund({ refundId, requestId, amount, reason, by: staff.name.zh }));
      return detail(requestId);
    },
  );

  app.post(
    '/:id/refunds/:refundId/card',
    {
      schema: {
        params: params.extend({ refundId: contract.identity }),
        body: contract.qrRefundToCardRequest,
        ...answers(contract.qrPaymentDetail),
      },
    },
    async (request) => {
      const { staff } = await sessions.need(request, 'office', 'office');
      const { id, refundId } = request.params;
      const { bank, cardNumber, holder } = request.body;
      if (!(await qrBooks.refunds(id)).some((refund) => refund.refundId === refundId)) throw new Refusal('not-found');
      const card = { bank, number: pan(cardNumber), holder };
      await refusing(() => qrBooks.refundToCard({ refundId, card, by: staff.name.zh }));
      return detail(id);
    },
  );
};

/** A payment with the sale it paid for. */
const rowsOf = async (shop: Shop, payments: readonly QrPaymentView[]): Promise<contract.QrPaymentRow[]> => {
  const paid = await shop.sales.paidBy(payments.map(({ requestId }) => requestId));
  return payments.map((payment) => {
    const { description, refunded, alarm, funding, paidAt, endedAt, place, requestId } = payment;
    const sale = paid.get(requestId);
    const story = { description, refundedMinor: String(refunded.minor), alarm, funding, paidAt, endedAt, place };
    return { ...paymentView(payment), ...story, saleId: sale?.saleId ?? null, receiptNo: sale?.receiptNo ?? null };
  });
};

const refundView = ({ requestId: _requestId, amount, alarm: _alarm, ...refund }: RefundView): contract.QrRefund => ({
  ...refund,
  amountMinor: String(amount.minor),
});

const reconciliationRoutes: FastifyPluginAsyncZod<Options> = async (app, { sessions, qrBooks }) => {
  app.get(
    '/reconciliations',
    { schema: { querystring: contract.reconciliationsQuery, ...answers(contract.reconciliationsAnswer) } },
    async ({ query }) => {
      const { reconciliations, next } = await refusing(() => qrBooks.reconciliations(query));
      return { wallets: qrBooks.wallets(), reconciliations: reconciliations.map(reconciliationView), next };
    },
  );

  app.post(
    '/reconciliations',
    { schema: { body: contract.reconcileRequest, ...answers(contract.reconcileAnswer) } },
    async ({ body: { wallet, date } }) => {
      const done = await refusing(() => qrBooks.reconcile({ wallet, date: businessDate(date) }));
      return { reconciliation: reconciliationView(done) };
    },
  );

  app.get(
    '/differences',
    { schema: { querystring: contract.differencesQuery, ...answers(contract.differencesAnswer) } },
    async ({ query: { date, ...page } }) => {
      const { differences, next } = await refusing(() => qrBooks.differences({ ...page, date: dateOf(date) }));
      return { differences: differences.map(differenceView), next };
    },
  );

  app.post(
    '/differences/:id/settle',
    {
      schema: {
        params: z.object({ id: z.string().min(1).max(200) }),
        body: contract.settleDifferenceRequest,
        ...answers(contract.settleDifferenceAnswer),
      },
    },
    async (request) => {
      const { staff } = await sessions.need(request, 'office', 'office');
      const settlement = { id: request.params.id, by: staff.name.zh, note: request.body.note };
      return { difference: differenceView(await refusing(() => qrBooks.settleDifference(settlement))) };
    },
  );
};

const sumsView = ({ payments, refunds, fees }: BillSums) => ({
  paymentsMinor: String(payments.minor),
  refundsMinor: String(refunds.minor),
  feesMinor: String(fees.minor),
});

const reconciliationView = ({ ours, theirs, differences, ...rest }: ReconciliationView): contract.Reconciliation => ({
  ...rest,
  ours: sumsView(ours),
  theirs: sumsView(theirs),
  differences: { ...differences },
});

const sideView = (side: DifferenceView['here']) =>
  side && { amountMinor: String(side.amount.minor), feeMinor: String(side.fee.minor), at: side.at };

const differenceView = ({ here, there, ...rest }: DifferenceView): contract.Difference => ({
  ...rest,
  here: sideView(here),
  there: sideView(there),
});
