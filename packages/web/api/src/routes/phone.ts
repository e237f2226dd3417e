import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as contract from '../contract.ts';
import { Refusal } from '../errors.ts';
import type { SandboxWallets } from '../ports.ts';
import { wire } from '../wire.ts';

type Options = { wallets: SandboxWallets; closing: AbortSignal };

const aliveEveryMs = 20_000;

/** A consumer's phone, without a session: it is registered only where the sandbox runs. */
export const phoneRoutes: FastifyPluginAsyncZod<Options> = async (app, { wallets, closing }) => {
  const { phone } = wallets;
  const look = async (): Promise<{ view: contract.PhoneView }> => ({
    view: { ...wire(await phone.view()), now: Date.now() },
  });
  const view = { 200: contract.phoneViewAnswer };

  app.get('/', { schema: { response: view } }, look);
  app.get('/events', async (_request, reply) => {
    const stream = followPhone({ wallets, look, closing });
    reply.raw.once('close', () => stream.destroy());
    return reply.type('text/event-stream').header('cache-control', 'no-store').send(stream);
  });

  app.post(
    '/code',
    { schema: { body: contract.phoneCodeRequest, response: { 200: contract.phoneCodeAnswer } } },
    async ({ body }) => ({ ...(await phone.paymentCode(body.wallet)), now: Date.now() }),
  );
  app.post(
    '/decline',
    { schema: { body: contract.phoneDeclineRequest, response: view } },
    async ({ body: { orderId } }) => {
      await phone.decline(orderId);
      return look();
    },
  );
  app.post('/funding', { schema: { body: contract.phoneFundingRequest, response: view } }, async ({ body }) => {
    const chosen = await phone.chooseFunding(body.wallet, body.funding);
    if (chosen.kind === 'refused') throw new Refusal('not-found');
    return look();
  });
  app.post(
    '/password-rule',
    { schema: { body: contract.phonePasswordRuleRequest, response: view } },
    async ({ body: { rule } }) => {
      await phone.setPasswordRule(rule);
      return look();
    },
  );
  await app.register(orderRoutes, { wallets });
  await app.register(faultRoutes, { wallets });
};

/** Finding an order, paying it, and putting money into the wallet. */
const orderRoutes: FastifyPluginAsyncZod<{ wallets: SandboxWallets }> = async (app, { wallets: { phone } }) => {
  app.post(
    '/scan',
    { schema: { body: contract.phoneScanRequest, response: { 200: contract.phoneScanAnswer } } },
    async ({ body: { text } }) => wire(await phone.scan(text.trim())),
  );
  app.get('/shown', { schema: { response: { 200: contract.phoneShownAnswer } } }, async () => {
    const order = await phone.shown();
    return { order: order ? wire(order) : null };
  });
  app.post(
    '/pay',
    { schema: { body: contract.phonePayRequest, response: { 200: contract.phonePayAnswer } } },
    async ({ body }) => phone.pay(body),
  );
  app.post(
    '/top-up',
    { schema: { body: contract.phoneTopUpRequest, response: { 200: contract.phoneTopUpAnswer } } },
    async ({ body: { wallet, cardId, amountMinor } }) =>
      phone.topUp({ wallet, cardId, amountMinor: BigInt(amountMinor) }),
  );
};

const faultRoutes: FastifyPluginAsyncZod<{ wallets: SandboxWallets }> = async (app, { wallets: { faults } }) => {
  const list = async () => ({ faults: [...(await faults.list())] });
  app.get('/faults', { schema: { response: { 200: contract.phoneFaultsAnswer } } }, list);
  app.post(
    '/faults',
    { schema: { body: contract.setPhoneFaultRequest, response: { 200: contract.phoneFaultsAnswer } } },
    async ({ body: { id, active } }) => {
      if (!(await faults.set(id, active))) throw new Refusal('not-found');
      return list();
    },
  );
};

type Following = Options & { look: () => Promise<{ view: contract.PhoneView }> };

/** Server-sent events: the whole view at once and after every change, so that a phone that comes back is right at once. */
const followPhone = ({ wallets, look, closing }: Following): PassThrough => {
  const stream = new PassThrough();
  let isLooking = false;
  let isStale = false;
  const taken = (message: string): unknown =>
    stream.write(message) || Promise.race([once(stream, 'drain'), once(stream, 'close')]);
  /** What changes while the phone is being told is told by one more look: nothing waits in a queue. */
  const send = async (): Promise<void> => {
    isStale = true;
    if (isLooking) return;
    isLooking = true;
    while (isStale && !stream.destroyed) {
      isStale = false;
      const message = `data: ${JSON.stringify(await look())}\n\n`;
      if (!stream.destroyed) await taken(message);
    }
    isLooking = false;
  };
  const tell = () => void send().catch((error: unknown) => stream.destroy(error instanceof Error ? error : undefined));
  const end = () => void stream.end();
  const unsubscribe = wallets.phone.onChange(tell);
  // A proxy cuts a silent stream.
  const alive = setInterval(() => stream.write(': alive\n\n'), aliveEveryMs);
  closing.addEventListener('abort', end);
  stream.once('close', () => {
    unsubscribe();
    clearInterval(alive);
    closing.removeEventListener('abort', end);
  });
  tell();
  return stream;
};
