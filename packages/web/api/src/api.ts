import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import websocket from '@fastify/websocket';
import type { Shop } from '@zhanggui/shop';
import type { Log, Metrics } from '@zhanggui/telemetry';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { Refusal, uniformErrors } from './errors.ts';
import type { LogIn } from './landing.ts';
import { createPaymentRecord } from './payment-record.ts';
import type { Journeys, QrBooks, QrPayments, Readiness, Sandbox, SandboxWallets, Terminals } from './ports.ts';
import { faceRoutes } from './routes/face.ts';
import { healthRoutes } from './routes/health.ts';
import { officeRoutes } from './routes/office.ts';
import { phoneRoutes } from './routes/phone.ts';
import { sandboxRoutes } from './routes/sandbox.ts';
import { terminalRoutes } from './routes/terminals.ts';
import { tillRoutes } from './routes/till.ts';
import { walletRoutes } from './routes/wallets.ts';
import { type WebRoots, webRoutes } from './routes/web.ts';
import { createSessions } from './sessions.ts';

export type ApiOptions = Readonly<{
  shop: Shop;
  terminals: Terminals;
  journeys: Journeys;
  /** Absent where no wallet is configured: none is offered. */
  qrPay?: QrPayments;
  qrBooks?: QrBooks;
  /** Present only where the sandbox runs: test cards, faults, the terminal's face in a browser. */
  sandbox?: Sandbox;
  /** Present only where the sandbox runs: the consumer's phone. */
  sandboxWallets?: SandboxWallets;
  readiness: Readiness;
  metrics: Metrics;
  log: Log;
  webRoots: WebRoots;
  /** Shown on the page at `/`; sandbox only. */
  logIns?: readonly LogIn[];
  /** Sign-ins one address may try in a minute (default 30). */
  signInPerMinute?: number;
}>;

/** The server browsers talk to. `listen` it, or `inject` into it; `close` ends long polls and sockets at once. */
export const createApi = async (options: ApiOptions): Promise<FastifyInstance> => {
  const { readiness, metrics, log } = options;
  const logger: FastifyBaseLogger = log;
  const app = fastify({ loggerInstance: logger, logController: new LogController({ disableRequestLogging: true }) });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  uniformErrors(app);
  countRequests(app, metrics);
  await protect(app);
  const life = lifeOf(app, options);
  await app.register(healthRoutes, { readiness, metrics });
  await app.register((api) => faceApi(api, options, life), { prefix: '/api' });
  // A phone without wallets behind it would be a toy that does nothing.
  const webRoots = options.sandboxWallets ? options.webRoots : { ...options.webRoots, phone: undefined };
  await app.register(webRoutes, { webRoots, logIns: options.logIns ?? [] });
  return app;
};

/** Everything under `/api`, a plugin per face. */
const faceApi = async (api: FastifyInstance, options: ApiOptions, { record, closing }: Life): Promise<void> => {
  const { shop, terminals, journeys, qrPay, qrBooks, sandbox, sandboxWallets: wallets, signInPerMinute = 30 } = options;
  const sessions = createSessions(shop);
  const isSandbox = sandbox !== undefined;
  await api.register(tillRoutes, { prefix: '/till', shop, sessions, qrPay, signInPerMinute, isSandbox, closing });
  await api.register(officeRoutes, { prefix: '/office', shop, sessions, journeys, qrBooks, signInPerMinute });
  await api.register(terminalRoutes, { prefix: '/terminals', shop, sessions, terminals, record, closing });
  await api.register(faceRoutes, { prefix: '/terminals', terminals, sandbox });
  if (qrPay) await api.register(walletRoutes, { prefix: '/wallets', qrPay });
  if (sandbox) await api.register(sandboxRoutes, { prefix: '/sandbox', sandbox });
  if (wallets) await api.register(phoneRoutes, { prefix: '/sandbox/phone', wallets, closing });
};

const protect = async (app: FastifyInstance): Promise<void> => {
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        // The component library sets sizes as inline styles; scripts come from here alone. wasm: the camera's barcode reader.
        styleSrc: ["'self'", "'unsafe-inline'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        workerSrc: ["'self'", 'blob:'],
        imgSrc: ["'self'", 'data:', 'blob:'],
        // On a laptop the sandbox is plain http; behind a TLS proxy the proxy upgrades.
        upgradeInsecureRequests: null,
      },
    },
  });
  await app.register(cookie);
  await app.register(rateLimit, { global: false, errorResponseBuilder: () => new Refusal('too-many-requests') });
  await app.register(websocket, { options: { maxPayload: 16_384 } });
};

/** Payments are followed while the api lives; closing it first lets go of everybody who waits. */
const lifeOf = (app: FastifyInstance, { shop, terminals, log }: ApiOptions) => {
  const record = createPaymentRecord(shop, terminals, log);
  const closing = new AbortController();
  app.addHook('onReady', () => record.start());
  app.addHook('preClose', async () => closing.abort());
  app.addHook('onClose', () => record.stop());
  return { record, closing: closing.signal };
};

type Life = ReturnType<typeof lifeOf>;

const countRequests = (app: FastifyInstance, metrics: Metrics): void => {
  const seconds = metrics.histogram('http_request_seconds', 'Time to answer a request', ['method', 'route', 'status']);
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: String(reply.statusCode),
    };
    seconds.observe(reply.elapsedTime / 1000, labels);
    request.log.debug({ ...labels, ms: Math.round(reply.elapsedTime) }, 'request');
  });
};
