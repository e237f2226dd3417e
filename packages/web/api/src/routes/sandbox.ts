import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import * as contract from '../contract.ts';
import { Refusal } from '../errors.ts';
import type { Sandbox } from '../ports.ts';

/** The deck of test cards and the ways to break things; registered only where there is a sandbox. */
export const sandboxRoutes: FastifyPluginAsyncZod<{ sandbox: Sandbox }> = async (app, { sandbox }) => {
  app.get('/cards', { schema: { response: { 200: contract.sandboxCardsAnswer } } }, async () => ({
    cards: await sandbox.cards(),
  }));

  app.get('/faults', { schema: { response: { 200: contract.sandboxFaultsAnswer } } }, async () => ({
    faults: await sandbox.faults(),
  }));

  app.post(
    '/faults',
    { schema: { body: contract.setFaultRequest, response: { 200: contract.sandboxFaultsAnswer } } },
    async ({ body: { id, active } }) => {
      if (!(await sandbox.setFault(id, active))) throw new Refusal('not-found');
      return { faults: await sandbox.faults() };
    },
  );
};
