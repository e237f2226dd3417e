import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import * as contract from '../contract.ts';
import type { QrPayments } from '../ports.ts';
import { refusing } from './qr-payment-view.ts';

const params = z.object({ wallet: contract.wallet });

/** The longest a wallet sends tells of fifty orders paid as one; anybody may send, so that nothing longer is read. */
const bodyBytesMax = 65_536;

/**
 * Where the wallets tell what happened. Nobody signs in here: the wallet's signature over the bytes of the body is what is believed, so
 * the bytes go on as they came, and the answer goes back as the wallet's channel wrote it.
 */
export const walletRoutes: FastifyPluginAsyncZod<{ qrPay: QrPayments }> = async (app, { qrPay }) => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.post('/:wallet/notify', { schema: { params }, bodyLimit: bodyBytesMax }, async (request, reply) => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers))
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    const body = Buffer.isBuffer(request.body) ? new Uint8Array(request.body) : new Uint8Array();
    const answer = await refusing(() => qrPay.notified(request.params.wallet, { headers, body }));
    return reply.status(answer.status).headers(answer.headers).send(answer.body);
  });
};
