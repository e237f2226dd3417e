import type { Metrics } from '@zhanggui/telemetry';
import type { FastifyPluginAsync } from 'fastify';
import type { Readiness } from '../ports.ts';

/** For whoever runs this: is the process alive, can it work, what are its figures. */
export const healthRoutes: FastifyPluginAsync<{ readiness: Readiness; metrics: Metrics }> = async (
  app,
  { readiness, metrics },
) => {
  app.get('/healthz', async () => ({ alive: true }));
  app.get('/readyz', async (_request, reply) => {
    const state = await readiness.read();
    return reply.status(state.ready ? 200 : 503).send(state);
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.render()));
};
