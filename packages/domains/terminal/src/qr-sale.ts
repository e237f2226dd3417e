import type { Money } from '@zhanggui/money';
import { type EpochMs, wallClock } from '@zhanggui/time';
import type { Wallet } from '@zhanggui/wallet-channel';
import { isPaymentCode, promptMsDefault } from './card.ts';
import type { Ending } from './ending.ts';
import { ask, type Desk, type Job, type QrReply, write } from './program.ts';
import type { QrHow, QrStatus } from './qr-port.ts';
import { newRequest } from './request-id.ts';
import { screens, walletNames } from './screens.ts';
import { type KeptQrSlip, printedQrSlip } from './slip.ts';
import { type Text, texts, withCode } from './texts.ts';

/** The journal's setting that names the payment by QR code on the counter; empty when there is none. */
const openQr = 'qr-request';
export const lastQrSlip = 'qr-last-slip';

/** How often a payment is asked about when nobody tells of it. */
const askAgainMs = 2000;

/** The customer's code is scanned, or ours is shown; undefined when the cashier changes his mind. */
export function* askHow(desk: Desk, amount: Money): Job<QrHow | undefined> {
  let detail: Text | undefined;
  for (;;) {
    const input = yield* ask('wait', {
      screen: screens.scanCode(amount, detail),
      for: ['scanned', 'chosen', 'key', 'sale-waiting'],
      timeoutMs: desk.parameters.promptMs ?? promptMsDefault,
    });
    if (input.kind === 'scanned' && isPaymentCode(input.text)) return { kind: 'code', authCode: input.text };
    const wantsShown = input.kind === 'chosen' || (input.kind === 'key' && input.key === 'menu');
    if (wantsShown) return yield* askWallet(desk, amount);
    if (input.kind === 'scanned') detail = texts.qrCodeUnknown;
    else if (input.kind !== 'key' || input.key === 'cancel') return undefined;
  }
}

/** Whose code is shown: asked only where there are several. */
export function* askWallet(desk: Desk, amount: Money): Job<QrHow | undefined> {
  const { wallets } = desk;
  const shown = (wallet: Wallet | undefined): QrHow | undefined => wallet && { kind: 'show', wallet };
  if (wallets.length <= 1) return shown(wallets[0]);
  let selected = 0;
  for (;;) {
    const input = yield* ask('wait', {
      screen: screens.chooseWallet(amount, wallets, selected),
      for: ['chosen', 'key', 'sale-waiting'],
      timeoutMs: desk.parameters.promptMs ?? promptMsDefault,
    });
    if (input.kind === 'chosen') return shown(wallets.find((wallet) => wallet === input.item));
    if (input.kind !== 'key' || input.key === 'cancel') return undefined;
    if (input.key === 'down') selected = Math.min(selected + 1, wallets.length - 1);
    if (input.key === 'up') selected = Math.max(selected - 1, 0);
    const wallet = input.key === 'confirm' ? wallets[selected] : wallets[Number(input.key) - 1];
    if (wallet) return shown(wallet);
  }
}

/** A payment by QR code from the wallet's first word to its end. Its number is on disk before the wallet hears of it. */
export function* payByQr(desk: Desk, order: Readonly<{ amount: Money; how: QrHow }>): Job<Ending> {
  const requestId = yield* newRequest();
  yield* write((book) => book.keep(openQr, requestId));
  yield* ask('show', screens.qrAsking(order.amount));
  const first = yield* ask('qr', { kind: 'start', requestId, ...order });
  return yield* follow(desk, { requestId, amount: order.amount }, first);
}

/** What was on the counter when the power went is followed to its end before anything else begins. */
export function* resumeQr(desk: Desk): Job<Ending | undefined> {
  const requestId = desk.journal.setting(openQr) ?? '';
  if (requestId === '') return undefined;
  return yield* follow(desk, { requestId }, yield* ask('qr', { kind: 'find', requestId }));
}

type Followed = Readonly<{ requestId: string; amount?: Money }>;

function* follow(desk: Desk, followed: Followed, first: QrReply): Job<Ending> {
  for (let reply = first; ; ) {
    const end = endOf(reply);
    if (end) return yield* finish(desk, end);
    const input = yield* ask('wait', {
      screen: screenOf(reply, followed.amount),
      for: ['qr-changed', 'key', 'cancel-requested'],
      timeoutMs: askAgainMs,
    });
    const givesUp = input.kind === 'cancel-requested' || (input.kind === 'key' && input.key === 'cancel');
    reply = yield* ask('qr', { kind: givesUp ? 'cancel' : 'find', requestId: followed.requestId });
  }
}

type End = Readonly<{ ending: Ending; paid?: QrStatus }>;

const notPaid = (text: Text, detail: Text = texts.notCharged): End => ({ ending: { state: 'declined', text, detail } });

/** Undefined while nobody can say. */
const endOf = (reply: QrReply): End | undefined => {
  if (reply.kind === 'refused') return notPaid(reply.text);
  if (reply.kind === 'not-found') return notPaid(texts.cancelled);
  if (reply.kind === 'silent') return undefined;
  const { status } = reply;
  switch (status.state) {
    case 'paid':
      return { ending: { state: 'approved', text: texts.approved, detail: walletNames[status.wallet] }, paid: status };
    case 'closed':
      return notPaid(withCode(status.text ?? texts.qrClosed, status.code));
    case 'reversed':
      return notPaid(texts.qrReversed, texts.qrReversedDetail);
    // Money that came after it was given up: it goes back, so nothing was sold for it.
    case 'refunding':
    case 'refunded':
      return notPaid(texts.qrReturned, texts.qrReturnedDetail);
    case 'created':
    case 'awaiting-payer':
    case 'unknown':
      return status.undoing ? notPaid(texts.cancelled, texts.qrUndoing) : undefined;
  }
};

const screenOf = (reply: QrReply, amount: Money | undefined) => {
  if (reply.kind !== 'status') return screens.qrUnknown(amount);
  const { status } = reply;
  if (status.state === 'unknown') return screens.qrUnknown(status.amount);
  if (status.qr !== undefined) return screens.showCode(status.amount, status.wallet, status.qr, status.expiresAt);
  return status.state === 'created'
    ? screens.qrAsking(status.amount)
    : screens.awaitPayer(status.amount, status.wallet);
};

function* finish(desk: Desk, { ending, paid }: End): Job<Ending> {
  if (paid) {
    const { at } = yield* ask('clock', undefined);
    const slip = slipOf(desk, paid, at);
    yield* ask('print', printedQrSlip(slip));
    yield* write((book) => book.keep(lastQrSlip, JSON.stringify(slip)));
  }
  yield* write((book) => book.keep(openQr, ''));
  return ending;
}

const slipOf = ({ parameters, journal }: Desk, status: QrStatus, now: EpochMs): KeptQrSlip => {
  const { zh, en } = walletNames[status.wallet];
  return {
    merchantName: parameters.merchantName.zh,
    merchantId: parameters.merchantId,
    terminalId: parameters.terminalId,
    operator: journal.setting('operator') ?? '01',
    wallet: `${zh} ${en}`,
    outTradeNo: status.outTradeNo,
    walletTradeNo: status.walletTradeNo ?? '',
    at: wallClock(status.paidAt ?? now),
    amountMinor: String(status.amount.minor),
    sandbox: parameters.sandbox,
  };
};
