import { money } from '@zhanggui/money';
import type { Shop } from '@zhanggui/shop';
import type { SaleStatus } from '@zhanggui/terminal';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import * as contract from '../contract.ts';
import { Refusal } from '../errors.ts';
import type { PaymentRecord } from '../payment-record.ts';
import type { TerminalPort, Terminals } from '../ports.ts';
import type { Sessions } from '../sessions.ts';

type Options = { shop: Shop; sessions: Sessions; terminals: Terminals; record: PaymentRecord; closing: AbortSignal };

const saleParams = z.object({ terminalId: z.string(), requestId: contract.identity });
const response = { 200: contract.saleStatusAnswer };

/** How a till has its own terminal take a card, and learns what became of it. */
export const terminalRoutes: FastifyPluginAsyncZod<Options> = async (app, options) => {
  const { shop, record, closing } = options;

  app.post(
    '/:terminalId/sales',
    { schema: { params: z.object({ terminalId: z.string() }), body: contract.startCardSaleRequest, response } },
    async (request) => {
      const terminal = await ownTerminal(options, request, request.params.terminalId);
      const { currency } = await shop.place.describe();
      const amount = money(BigInt(request.body.amountMinor), currency);
      if (amount.minor === 0n) throw new Refusal('invalid-request');
      const known = terminal.saleStatus(request.body.requestId);
      if (known && known.amount.minor !== amount.minor) throw new Refusal('request-conflict');
      const status = terminal.startSale({ requestId: request.body.requestId, amount });
      await record.write(terminal.id, status);
      return { sale: statusView(terminal.saleStatus(status.requestId) ?? status) };
    },
  );

  app.get(
    '/:terminalId/sales/:requestId',
    { schema: { params: saleParams, querystring: contract.saleStatusQuery, response } },
    async (request, reply) => {
      const terminal = await ownTerminal(options, request, request.params.terminalId);
      const { requestId } = request.params;
      const { state, waitMs } = request.query;
      if (terminal.saleStatus(requestId)?.state === state) {
        const gone = new AbortController();
        reply.raw.once('close', () => gone.abort());
        await whileInState(terminal, { requestId, state, waitMs, signal: AbortSignal.any([gone.signal, closing]) });
      }
      return { sale: statusView(knownStatus(terminal, requestId)) };
    },
  );

  app.post('/:terminalId/sales/:requestId/cancel', { schema: { params: saleParams, response } }, async (request) => {
    const terminal = await ownTerminal(options, request, request.params.terminalId);
    knownStatus(terminal, request.params.requestId);
    terminal.cancelSale(request.params.requestId);
    return { sale: statusView(knownStatus(terminal, request.params.requestId)) };
  });
};

/** A till reaches the terminal on its own counter and no other. */
const ownTerminal = async (
  { shop, sessions, terminals }: Options,
  request: FastifyRequest,
  terminalId: string,
): Promise<TerminalPort> => {
  const { tillId } = await sessions.need(request, 'till', 'sell');
  const till = (await shop.place.tills()).find(({ id }) => id === tillId);
  if (till?.terminalId !== terminalId) throw new Refusal('other-terminal');
  const terminal = terminals.get(terminalId);
  if (!terminal) throw new Refusal('not-found');
  return terminal;
};

const knownStatus = (terminal: TerminalPort, requestId: string): SaleStatus => {
  const status = terminal.saleStatus(requestId);
  if (!status) throw new Refusal('not-found');
  return status;
};

type Wait = { requestId: string; state: SaleStatus['state'] | undefined; waitMs: number; signal: AbortSignal };

/** Resolves when the sale leaves `state`, the time is over, or nobody waits any more. */
const whileInState = (terminal: TerminalPort, { requestId, state, waitMs, signal }: Wait): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      unsubscribe();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const unsubscribe = terminal.onSale((status) => {
      if (status.requestId === requestId && status.state !== state) done();
    });
    const timer = setTimeout(done, waitMs);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });

const statusView = ({ amount, answeredAt: _answeredAt, ...status }: SaleStatus): contract.SaleStatusView => ({
  ...status,
  amountMinor: String(amount.minor),
});
