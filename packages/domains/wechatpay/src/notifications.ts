import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { type Account, signerOf } from './account.ts';
import { type CombinedTransaction, combinedIn } from './combine.ts';
import { openSealed, type Suite } from './crypto.ts';
import { jsonOf, type PlatformKeys } from './platform-keys.ts';
import { type SharedNotice, sharedIn } from './profit-sharing.ts';
import {
  checkTransaction,
  type Refund,
  refundShape,
  shaped,
  type Transaction,
  transactionShape,
} from './transaction.ts';
import { WeChatPayError } from './wechatpay-error.ts';

type Told = Readonly<{ id: string; createdAtMs: number }>;
/** Compare `total` with your order by `checkTransaction` or by hand before anything is handed over. */
export type Notification =
  | (Told & Readonly<{ kind: 'paid'; transaction: Transaction }>)
  | (Told & Readonly<{ kind: 'refund'; refund: Refund }>)
  /** Every part is paid; compare each with your order. */
  | (Told & Readonly<{ kind: 'combined'; combined: CombinedTransaction }>)
  /** 分账: money that came to this merchant, or left it, as a share of a payment. */
  | (Told & Readonly<{ kind: 'shared'; share: SharedNotice }>)
  /** An event this package does not know, verified and opened. */
  | (Told & Readonly<{ kind: 'other'; event: string; resource: unknown }>);

/** As it came: the body byte by byte, not parsed and written again. */
export type NotificationRequest = Readonly<{ headers: Headers; body: Uint8Array }>;
export type NotificationAnswer = Readonly<{ status: 204 | 401 | 500; body: string }>;

export interface NotificationReader {
  /** Verified, opened, typed, and of this merchant; throws `WeChatPayError`. */
  read(request: NotificationRequest): Promise<Notification>;
  /**
   * Reads, lets `act` do its work, and says what to answer. A notification that is repeated while `act` works or after it
   * succeeded is not acted upon again by this process; across processes and restarts `act` must be idempotent by `id`.
   * What `act` throws, or takes more than 4 s for, is answered so that WeChat sends it again.
   */
  answer(request: NotificationRequest, act: (notification: Notification) => Promise<void>): Promise<NotificationAnswer>;
}

const envelopeShape = z.object({
  id: z.string().min(1),
  create_time: z.iso.datetime({ offset: true }),
  event_type: z.string(),
  resource: z.object({
    algorithm: z.string(),
    ciphertext: z.string(),
    nonce: z.string(),
    associated_data: z.string().default(''),
  }),
});
const merchantShape = z.object({
  mchid: z.string().optional(),
  sp_mchid: z.string().optional(),
  sub_mchid: z.string().optional(),
});

const successShape = z.object({ combine_out_trade_no: z.string().optional(), receiver: z.unknown().optional() });

const patienceMs = 4_000;
const rememberedMax = 10_000;

const checkMerchant = (resource: unknown, account: Account): void => {
  const { mchid, sp_mchid: spMchid, sub_mchid: subMchid } = shaped(merchantShape, resource, 'resource');
  if ((mchid ?? spMchid) !== signerOf(account)) throw new WeChatPayError('other-merchant', 'resource.mchid');
  if (account.mode === 'partner' && subMchid !== account.subMchid)
    throw new WeChatPayError('other-merchant', 'resource.sub_mchid');
};

const paidIn = (resource: unknown, account: Account): Transaction => {
  const transaction = shaped(transactionShape, resource, 'resource');
  checkTransaction(transaction, {}, account);
  if (transaction.state !== 'SUCCESS') throw new WeChatPayError('answer-malformed', 'resource.trade_state');
  return transaction;
};

const refundIn = (resource: unknown, account: Account, event: string): Refund => {
  checkMerchant(resource, account);
  const refund = shaped(refundShape, resource, 'resource');
  if (event !== `REFUND.${refund.state}`) throw new WeChatPayError('answer-malformed', 'resource.refund_status');
  return refund;
};

/** WeChat says TRANSACTION.SUCCESS of three things: a payment, a combined payment, a share. */
const successIn = (resource: unknown, account: Account) => {
  const { combine_out_trade_no: combineOutTradeNo, receiver } = shaped(successShape, resource, 'resource');
  if (combineOutTradeNo !== undefined) {
    const combined = combinedIn(resource, 'resource', account);
    if (combined.parts.some(({ state }) => state !== 'SUCCESS'))
      throw new WeChatPayError('answer-malformed', 'resource.trade_state');
    return { kind: 'combined', combined } as const;
  }
  if (receiver !== undefined) return { kind: 'shared', share: sharedIn(resource, account) } as const;
  return { kind: 'paid', transaction: paidIn(resource, account) } as const;
};

type Reader = Readonly<{ account: Account; apiV3Key: KeyObject; keys: PlatformKeys; suite: Suite }>;

const read = async (
  { account, apiV3Key, keys, suite }: Reader,
  request: NotificationRequest,
): Promise<Notification> => {
  await keys.verify(request);
  const envelope = shaped(envelopeShape, jsonOf(request.body), 'notification');
  const { ciphertext, nonce, associated_data: associatedData, algorithm } = envelope.resource;
  if (algorithm !== suite.sealing) throw new WeChatPayError('answer-malformed', 'algorithm');
  const resource = jsonOf(Buffer.from(openSealed({ ciphertext, nonce, associatedData }, apiV3Key, suite)));
  const told = { id: envelope.id, createdAtMs: Date.parse(envelope.create_time) };
  const event = envelope.event_type;
  if (event === 'TRANSACTION.SUCCESS') return { ...told, ...successIn(resource, account) };
  if (event.startsWith('REFUND.')) return { ...told, kind: 'refund', refund: refundIn(resource, account, event) };
  return { ...told, kind: 'other', event, resource };
};

const fail = (status: 401 | 500, message: string): NotificationAnswer => ({
  status,
  body: JSON.stringify({ code: 'FAIL', message }),
});

/** True when the work was done in time. */
const doneInTime = async (work: Promise<void>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), patienceMs);
  });
  try {
    return await Promise.race([
      work.then(
        () => true,
        () => false,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
};

export const createNotificationReader = (reader: Reader): NotificationReader => {
  const underWay = new Map<string, Promise<void>>();
  const done = new Set<string>();

  const remember = (id: string): void => {
    done.add(id);
    const [oldest] = done;
    if (done.size > rememberedMax && oldest !== undefined) done.delete(oldest);
  };

  const start = (id: string, work: () => Promise<void>): Promise<void> => {
    const started = work()
      .then(() => remember(id))
      .finally(() => underWay.delete(id));
    underWay.set(id, started);
    return started;
  };

  return {
    read: (request) => read(reader, request),
    async answer(request, act) {
      let notification: Notification;
      try {
        notification = await read(reader, request);
      } catch (error) {
        if (error instanceof WeChatPayError) return fail(401, error.code);
        throw error;
      }
      const { id } = notification;
      if (done.has(id)) return { status: 204, body: '' };
      const work = underWay.get(id) ?? start(id, async () => act(notification));
      return (await doneInTime(work)) ? { status: 204, body: '' } : fail(500, 'try again');
    },
  };
};
