import { mayDo, type Session, type Shop } from '@zhanggui/shop';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import * as contract from '../contract.ts';
import { Refusal } from '../errors.ts';
import type { QrPayments } from '../ports.ts';
import type { Sessions } from '../sessions.ts';
import { wire } from '../wire.ts';
import { qrPaymentRoutes } from './qr-payments.ts';
import { signInRefusal } from './sign-in.ts';

type Options = {
  shop: Shop;
  sessions: Sessions;
  qrPay: QrPayments | undefined;
  isSandbox: boolean;
  signInPerMinute: number;
  closing: AbortSignal;
};

const answers = <Schema extends z.ZodType>(schema: Schema) => ({ response: { 200: schema } });

/** What a till asks of its shop. */
export const tillRoutes: FastifyPluginAsyncZod<Options> = async (
  app,
  { shop, sessions, qrPay, isSandbox, signInPerMinute, closing },
) => {
  app.get('/tills', { schema: answers(contract.tillsAnswer) }, async () => {
    const tills = await shop.place.tills();
    return { tills: tills.map(({ id, name }) => ({ id, name })) };
  });

  app.post(
    '/sign-in',
    {
      schema: { body: contract.tillSignInRequest, ...answers(contract.tillSession) },
      config: { rateLimit: { max: signInPerMinute } },
    },
    async (request, reply) => {
      const outcome = await shop.people.signInAtTill(request.body);
      if (outcome.kind === 'refused' || outcome.session.face !== 'till') throw signInRefusal('till', outcome);
      sessions.keep(reply, 'till', outcome.token);
      return tillSession(outcome.session, { shop, qrPay, isSandbox });
    },
  );

  app.get('/session', { schema: answers(contract.tillSession) }, async (request) =>
    tillSession(await sessions.need(request, 'till', 'sell'), { shop, qrPay, isSandbox }),
  );

  app.post('/sign-out', { schema: answers(contract.empty) }, async (request, reply) => {
    await sessions.end(request, reply, 'till');
    return {};
  });

  app.get(
    '/catalogue',
    { schema: { response: { 200: contract.catalogueAnswer, 304: z.undefined() } } },
    async (request, reply) => {
      await sessions.need(request, 'till', 'sell');
      const etag = `"${await shop.goods.version()}"`;
      reply.headers({ etag, 'cache-control': 'private, no-cache' });
      if (request.headers['if-none-match'] === etag) return reply.status(304).send();
      return wire(await shop.goods.catalogue());
    },
  );

  await app.register(shiftRoutes, { shop, sessions });
  await app.register(uploadRoutes, { shop, sessions });
  if (qrPay) await app.register(qrPaymentRoutes, { prefix: '/qr-payments', shop, sessions, qrPay, closing });
};

const shiftRoutes: FastifyPluginAsyncZod<Pick<Options, 'shop' | 'sessions'>> = async (app, { shop, sessions }) => {
  const params = z.object({ id: contract.identity });

  app.get('/shift', { schema: answers(contract.currentShiftAnswer) }, async (request) => {
    const { tillId } = await sessions.need(request, 'till', 'sell');
    return { shift: wire((await shop.shifts.current(tillId)) ?? null) };
  });

  app.post(
    '/shifts',
    { schema: { body: contract.openShiftRequest, ...answers(contract.openShiftAnswer) } },
    async (request) => {
      const { tillId, staff } = await sessions.need(request, 'till', 'sell');
      const { id, at, floatMinor } = request.body;
      const outcome = await shop.shifts.open({ id, at, tillId, staffId: staff.id, floatMinor: BigInt(floatMinor) });
      if (outcome.kind === 'open') return { shift: wire(outcome.shift) };
      throw new Refusal(
        outcome.reason,
        outcome.reason === 'another-shift-open' ? { shiftId: outcome.shiftId } : undefined,
      );
    },
  );

  app.post(
    '/shifts/:id/close',
    { schema: { params, body: contract.closeShiftRequest, ...answers(contract.closeShiftAnswer) } },
    async (request) => {
      const { tillId } = await sessions.need(request, 'till', 'close-shift');
      const { countedMinor, denominations, ...rest } = request.body;
      const outcome = await shop.shifts.close({
        ...rest,
        id: request.params.id,
        tillId,
        countedMinor: BigInt(countedMinor),
        denominations: denominations?.map(({ valueMinor, count }) => ({ valueMinor: BigInt(valueMinor), count })),
      });
      if (outcome.kind === 'refused') throw new Refusal('not-found');
      return { report: wire(outcome.report) };
    },
  );

  app.post(
    '/cash-moves',
    { schema: { body: contract.cashMoveRequest, ...answers(contract.empty) } },
    async (request) => {
      const { tillId, staff } = await sessions.need(request, 'till', 'cash-move');
      const amountMinor = BigInt(request.body.amountMinor);
      const outcome = await shop.shifts.moveCash({ ...request.body, tillId, staffId: staff.id, amountMinor });
      if (outcome.kind === 'refused')
        throw new Refusal(outcome.reason === 'shift-closed' ? 'shift-closed' : 'not-found');
      return {};
    },
  );
};

/** Takes anything that names itself: what is not a sale is kept and explained like one that does not add up. */
const loosely = z.object({ sale: z.looseObject({ id: contract.identity }) });

const uploadRoutes: FastifyPluginAsyncZod<Pick<Options, 'shop' | 'sessions'>> = async (app, { shop, sessions }) => {
  app.post(
    '/sales',
    { schema: { body: loosely, ...answers(contract.uploadSaleAnswer) }, bodyLimit: 1_000_000 },
    async (request) => {
      const { tillId } = await sessions.need(request, 'till', 'sell');
      const document = contract.sale.safeParse(request.body.sale);
      if (!document.success)
        return wire(await shop.sales.keepMalformed(tillId, request.body.sale.id, request.body.sale));
      const { currency } = await shop.place.describe();
      const [outcome] = await shop.sales.upload(tillId, [contract.saleOf(document.data, currency)]);
      if (!outcome) throw new Error('an upload has an outcome');
      return wire(outcome);
    },
  );
};

const tillSession = async (
  session: Extract<Session, { face: 'till' }>,
  { shop, qrPay, isSandbox }: Pick<Options, 'shop' | 'qrPay' | 'isSandbox'>,
) => {
  const place = await shop.place.describe();
  const till = (await shop.place.tills()).find(({ id }) => id === session.tillId);
  if (!till) throw new Refusal('sign-in-needed');
  const { terminalId, ...rest } = till;
  const { currency, segments, receiptColumns } = place;
  const { cashRounding, denominationsMinor } = wire(place);
  const settings: contract.TillSettings = {
    currency,
    cashRounding,
    denominationsMinor,
    segments: [...segments],
    receiptColumns,
    sandbox: isSandbox,
  };
  return {
    staff: session.staff,
    rights: contract.tillRight.options.filter((right) => mayDo(session.staff.role, right)),
    till: rest,
    shop: { id: place.merchantId, name: place.name, address: place.address, phone: place.phone },
    terminalId,
    wallets: qrPay?.wallets() ?? [],
    settings,
  };
};
