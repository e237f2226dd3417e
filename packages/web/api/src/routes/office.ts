import { responseCode } from '@zhanggui/iso8583';
import type { Session, Shop } from '@zhanggui/shop';
import { businessDate } from '@zhanggui/time';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import * as contract from '../contract.ts';
import { Refusal } from '../errors.ts';
import type { Journeys, QrBooks } from '../ports.ts';
import type { Sessions } from '../sessions.ts';
import { wire } from '../wire.ts';
import { qrOfficeRoutes } from './qr-office.ts';
import { signInRefusal } from './sign-in.ts';

type Options = {
  shop: Shop;
  sessions: Sessions;
  journeys: Journeys;
  /** Absent where no wallet is set up. */
  qrBooks: QrBooks | undefined;
  signInPerMinute: number;
};

const answers = <Schema extends z.ZodType>(schema: Schema) => ({ response: { 200: schema } });
const params = z.object({ id: contract.identity });

/** What the owner and the managers see. Every route but the first needs the office right. */
export const officeRoutes: FastifyPluginAsyncZod<Options> = async (
  app,
  { shop, sessions, journeys, qrBooks, signInPerMinute },
) => {
  app.post(
    '/sign-in',
    {
      schema: { body: contract.officeSignInRequest, ...answers(contract.officeSession) },
      config: { rateLimit: { max: signInPerMinute } },
    },
    async (request, reply) => {
      const outcome = await shop.people.signInAtOffice(request.body);
      if (outcome.kind === 'refused') throw signInRefusal('office', outcome);
      sessions.keep(reply, 'office', outcome.token);
      return officeSession(shop, outcome.session);
    },
  );

  app.post('/sign-out', { schema: answers(contract.empty) }, async (request, reply) => {
    await sessions.end(request, reply, 'office');
    return {};
  });

  await app.register(async (inside) => {
    inside.addHook('onRequest', async (request) => {
      await sessions.need(request, 'office', 'office');
    });
    await inside.register(reportRoutes, { shop, sessions });
    await inside.register(paymentRoutes, { shop, journeys });
    if (qrBooks) await inside.register(qrOfficeRoutes, { shop, sessions, qrBooks });
    await inside.register(goodsRoutes, { shop });
  });
};

const officeSession = async (shop: Shop, { staff }: Session) => {
  const { merchantId, name, currency } = await shop.place.describe();
  return { staff, shop: { id: merchantId, name }, currency, businessDate: shop.reports.today() };
};

const pageOf = ({ date, ...rest }: z.infer<typeof contract.pageQuery>) => ({
  ...rest,
  date: date === undefined ? undefined : businessDate(date),
});

const reportRoutes: FastifyPluginAsyncZod<Pick<Options, 'shop' | 'sessions'>> = async (app, { shop, sessions }) => {
  app.get('/session', { schema: answers(contract.officeSession) }, async (request) =>
    officeSession(shop, await sessions.need(request, 'office', 'office')),
  );

  app.get(
    '/today',
    { schema: { querystring: contract.todayQuery, ...answers(contract.todayAnswer) } },
    async ({ query: { date } }) => wire(await shop.reports.day(date ? businessDate(date) : shop.reports.today())),
  );

  app.get(
    '/sales',
    { schema: { querystring: contract.pageQuery, ...answers(contract.salesAnswer) } },
    async ({ query }) => wire(await shop.sales.list(pageOf(query))),
  );

  app.get('/sales/:id', { schema: { params, ...answers(contract.saleAnswer) } }, async (request) => {
    const sale = await shop.sales.find(request.params.id);
    if (!sale) throw new Refusal('not-found');
    return { sale: contract.saleDocument(sale) };
  });

  app.get('/kept-sales', { schema: answers(contract.keptSalesAnswer) }, async () => ({
    sales: wire(await shop.sales.kept()),
  }));

  app.get(
    '/shifts',
    { schema: { querystring: contract.pageQuery, ...answers(contract.shiftsAnswer) } },
    async ({ query }) => {
      const { date, limit } = pageOf(query);
      return { shifts: wire(await shop.shifts.reports(date, limit)) };
    },
  );
};

const paymentRoutes: FastifyPluginAsyncZod<Pick<Options, 'shop' | 'journeys'>> = async (app, { shop, journeys }) => {
  app.get(
    '/payments',
    { schema: { querystring: contract.pageQuery, ...answers(contract.paymentsAnswer) } },
    async ({ query }) => wire(await shop.payments.list(pageOf(query))),
  );

  app.get('/payments/:id/journey', { schema: { params, ...answers(contract.journeyAnswer) } }, async (request) => {
    const payment = await shop.payments.find(request.params.id);
    if (!payment) throw new Refusal('not-found');
    const { id: requestId, terminalId, batch, stan, rrn } = payment;
    const hops = await journeys.journey({ requestId, terminalId, batch, stan, rrn });
    return { payment: wire(payment), hops: hops.map(inWords) };
  });
};

const inWords = (hop: contract.Hop): contract.Hop => {
  if (hop.code === null) return hop;
  const { zh, en } = responseCode(hop.code);
  return { ...hop, codeText: { zh, en } };
};

const importBytesMax = 10_000_000;

const goodsRoutes: FastifyPluginAsyncZod<Pick<Options, 'shop'>> = async (app, { shop }) => {
  app.get(
    '/goods',
    { schema: { querystring: contract.goodsQuery, ...answers(contract.goodsAnswer) } },
    async ({ query }) => wire(await shop.goods.search(query)),
  );

  app.post(
    '/goods/import',
    {
      schema: { body: contract.importGoodsRequest, ...answers(contract.importGoodsAnswer) },
      bodyLimit: importBytesMax,
    },
    async ({ body: { csv, dryRun } }) => {
      const outcome = await shop.goods.importList(csv, { dryRun });
      if (outcome.status !== 'rejected') return outcome;
      // A list in a wrong format is wrong in every row: the first few hundred say it.
      const errors = outcome.faults.slice(0, 300);
      return { status: outcome.status, errorCount: outcome.faults.length, errors };
    },
  );
};
