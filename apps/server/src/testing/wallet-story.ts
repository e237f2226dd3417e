import { setTimeout as delay } from 'node:timers/promises';
import { cny } from '@zhanggui/money';
import { QrPayError, type QrPaymentView, type StartRequest } from '@zhanggui/qrpay';
import type { Wallet } from '@zhanggui/wallet-channel';
import { newRequestId } from './cardholder.ts';
import { type Dice, diceOf } from './dice.ts';
import type { WalletWorld } from './wallet-world.ts';

/** What somebody at the counter was told of a payment, in order. */
export type Witness = Readonly<{ request: StartRequest; wallet: Wallet; views: QrPaymentView[] }>;
export type WalletStory = Readonly<{
  payments: Map<string, Witness>;
  /** Every payment code a phone ever showed. */
  codes: Set<string>;
}>;

const wallets = ['wechat', 'alipay', 'unionpay'] as const;
export const phonePassword = '123456';

/** Faults that stay until somebody mends them. */
const lasting: ReadonlySet<string> = new Set([
  'delay',
  'certificate-rotation',
  'payer-frozen',
  'merchant-restricted',
  'rate-limit',
  'password-always',
  'notify-never',
]);

/** Breaks up to two things; what lasts is mended after a moment. */
const breakSomething = ({ sandbox }: WalletWorld, { lands, pick, upTo }: Dice): void => {
  const ids = sandbox.faults.list().flatMap(({ id }) => (id.startsWith('bill-') ? [] : [id]));
  const passing = ids.filter((id) => !lasting.has(id));
  for (const share of [0.45, 0.15]) {
    if (!lands(share)) continue;
    const id = pick(lands(0.6) ? passing : ids);
    sandbox.faults.set(id, true);
    if (lasting.has(id)) setTimeout(() => sandbox.faults.set(id, false), 50 + upTo(350)).unref();
  }
};

export const mendAll = ({ sandbox }: WalletWorld): void => {
  for (const { id } of sandbox.faults.list()) sandbox.faults.set(id, false);
};

type Scene = Readonly<{ world: WalletWorld; story: WalletStory; dice: Dice }>;

/** What a prompt for the password meets: it is typed, late or at once, typed wrong first, refused, or nobody looks. */
const answerPrompt = async ({ world: { sandbox }, dice }: Scene, orderId: string): Promise<void> => {
  const { lands, upTo } = dice;
  if (lands(0.2)) return;
  await delay(upTo(600));
  if (lands(0.2)) return sandbox.phone.decline(orderId);
  if (lands(0.1)) await sandbox.phone.pay({ orderId, password: '000000' });
  await sandbox.phone.pay({ orderId, password: phonePassword });
};

/** A hand on the phone, until told to leave. */
export const holdPhone = (world: WalletWorld, story: WalletStory, seed: number): { leave(): Promise<void> } => {
  const scene = { world, story, dice: diceOf(seed) };
  const seen = new Set<string>();
  const acts: Promise<void>[] = [];
  let here = true;
  const look = async (): Promise<void> => {
    while (here) {
      const { prompt } = await world.sandbox.phone.view();
      if (prompt && !seen.has(prompt.orderId)) {
        seen.add(prompt.orderId);
        acts.push(answerPrompt(scene, prompt.orderId));
      }
      await delay(40);
    }
  };
  const looking = look();
  return {
    leave: async () => {
      here = false;
      await looking;
      await Promise.all(acts);
    },
  };
};

const tell = ({ story }: Scene, view: QrPaymentView | undefined): QrPaymentView | undefined => {
  if (view) story.payments.get(view.requestId)?.views.push(view);
  return view;
};

const amountOf = ({ next, upTo }: Dice): bigint => {
  const share = next();
  if (share < 0.03) return 3_000_000n;
  return BigInt(share < 0.15 ? 100_001 + upTo(20_000) : 1 + upTo(20_000));
};

const newRequest = ({ world: { sandbox }, story, dice }: Scene): StartRequest => {
  const wallet = dice.pick(wallets);
  const isCode = dice.lands(0.6);
  const authCode = isCode ? sandbox.phone.paymentCode(wallet).code : '';
  if (isCode) story.codes.add(authCode);
  const request: StartRequest = {
    requestId: newRequestId(),
    amount: cny(amountOf(dice)),
    description: '掌柜便利店 (1/2)',
    place: { tillId: 'till-1' },
    clientIp: '127.0.0.1',
    how: isCode ? { kind: 'code', authCode } : { kind: 'show', wallet },
  };
  story.payments.set(request.requestId, { request, wallet, views: [] });
  return request;
};

/** A till whose server died asks again: the same request, the same payment. */
const start = async (scene: Scene, request: StartRequest): Promise<QrPaymentView> => {
  for (;;) {
    const view = tell(scene, await scene.world.ask((qrPay) => qrPay.start(request)));
    if (view) return view;
  }
};

const look = async (scene: Scene, requestId: string): Promise<QrPaymentView | undefined> =>
  tell(scene, await scene.world.ask((qrPay) => qrPay.find(requestId)));

const cancel = async (scene: Scene, requestId: string): Promise<void> => {
  tell(scene, await scene.world.ask((qrPay) => qrPay.cancel(requestId)));
};

const isOver = ({ endedAt, undoing }: QrPaymentView): boolean => endedAt !== undefined || undoing;

/** Until the counter may go on. */
const watch = async (scene: Scene, requestId: string): Promise<QrPaymentView | undefined> => {
  for (let looks = 0; looks < 150; looks += 1) {
    const view = await look(scene, requestId);
    if (view && isOver(view)) return view;
    await delay(60);
  }
  return undefined;
};

const payShown = async ({ world: { sandbox } }: Scene, qr: string): Promise<void> => {
  const scanned = sandbox.phone.scan(qr);
  if (scanned.kind === 'order') await sandbox.phone.pay({ orderId: scanned.orderId, password: phonePassword });
};

/** The customer scans what is shown: soon, after the cashier gave up, at the same moment, or never. */
const serveShown = async (scene: Scene, { requestId, qr }: QrPaymentView): Promise<void> => {
  const { lands, next, upTo } = scene.dice;
  if (qr === undefined) return;
  const share = next();
  if (share < 0.6) {
    await delay(upTo(400));
    return payShown(scene, qr);
  }
  await delay(upTo(600));
  if (share < 0.7) return void (await Promise.all([payShown(scene, qr), cancel(scene, requestId)]));
  await cancel(scene, requestId);
  if (share < 0.85) await payShown(scene, qr);
  else if (lands(0.5)) await cancel(scene, requestId);
};

const refundSome = async (scene: Scene, { requestId, amount }: QrPaymentView): Promise<void> => {
  const { lands, upTo } = scene.dice;
  for (let count = 1 + upTo(3); count > 0; count -= 1) {
    const part = lands(0.2) ? amount.minor : 1n + BigInt(upTo(Number(amount.minor)));
    const wish = { refundId: newRequestId(), requestId, amount: cny(part), reason: '退货', by: 'staff-1' };
    const ask = () =>
      scene.world
        .ask((qrPay) => qrPay.refund(wish))
        .catch((error: unknown) => {
          // Too much, or not any more: the counter is told so.
          if (!(error instanceof QrPayError)) throw error;
        });
    await Promise.all(lands(0.3) ? [ask(), ask()] : [ask()]);
  }
};

const sellOne = async (scene: Scene): Promise<void> => {
  const { world, dice } = scene;
  const { lands, pick, upTo } = dice;
  if (lands(0.3)) {
    const funding = pick(['balance', 'balance', 'debit', 'credit', 'debit-poor', 'debit-lost']);
    await world.sandbox.phone.chooseFunding(pick(wallets), funding);
  }
  const request = newRequest(scene);
  const { requestId } = request;
  const giveUp = lands(0.2) ? delay(upTo(1_500)).then(() => cancelIfThere(scene, requestId)) : undefined;
  const starts = lands(0.2) ? [start(scene, request), start(scene, request)] : [start(scene, request)];
  const [begun] = await Promise.all(starts);
  if (begun?.state === 'awaiting-payer' && begun.how === 'show') await serveShown(scene, begun);
  await giveUp;
  // Somebody in a hurry does not look how it ends.
  const end = lands(0.15) ? undefined : await watch(scene, requestId);
  if (end?.state === 'paid' && lands(0.5)) await refundSome(scene, end);
};

/** The cashier may be faster than the first commit. */
const cancelIfThere = async (scene: Scene, requestId: string): Promise<void> => {
  if (await look(scene, requestId)) await cancel(scene, requestId);
};

/** A cashier who sells while things break by the dice. */
export const keepCounter = async (
  world: WalletWorld,
  story: WalletStory,
  { seed, acts }: { seed: number; acts: number },
): Promise<void> => {
  const scene = { world, story, dice: diceOf(seed) };
  for (let act = 0; act < acts; act += 1) {
    breakSomething(world, scene.dice);
    await sellOne(scene);
  }
};
