import type { HttpAnswer, HttpRequest, Told, Wallet } from '@zhanggui/wallet-channel';
import { changePayment } from './payments.ts';
import { QrPayError } from './qrpay-error.ts';
import { changeRefund } from './refunds.ts';
import { channelOf, type Room } from './room.ts';

/** Any status but 200 and 204, and any text but theirs, makes every wallet tell again. */
const later: HttpAnswer = { status: 503, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'later' };

/**
 * Wallets wait five seconds: who is still at it then (a certificate to fetch, a slow database) is told again, which changes nothing twice.
 */
export const hearNotification = async (room: Room, wallet: Wallet, request: HttpRequest): Promise<HttpAnswer> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<HttpAnswer>((resolve) => {
    timer = setTimeout(resolve, room.answerWithinMs, later);
  });
  try {
    return await Promise.race([answered(room, wallet, request), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** The channel verifies and answers; success is said only when what was told is committed. The machine compares the amount. */
const answered = async (room: Room, wallet: Wallet, request: HttpRequest): Promise<HttpAnswer> =>
  channelOf(room, wallet).notified(request, async (told) => {
    try {
      await hear(room, wallet, told);
    } catch (error) {
      // The wallet only learns that it must tell again.
      if (!(error instanceof QrPayError))
        room.log.error({ err: error, wallet }, 'what a wallet told could not be kept');
      throw error;
    }
  });

const hear = async (room: Room, wallet: Wallet, told: Told): Promise<void> => {
  room.figures.notifications.add({ wallet, told: `${told.kind} ${told.word.kind}` });
  if (told.kind === 'payment') {
    const record = await room.journal.findByTrade(wallet, told.outTradeNo);
    if (!record) throw strange(room, wallet, told.outTradeNo);
    await changePayment(room, record, { kind: 'word', word: told.word, source: 'told' });
    return;
  }
  const record = await room.journal.findRefundByNumber(wallet, told.outRefundNo);
  if (!record) throw strange(room, wallet, told.outRefundNo);
  await changeRefund(room, record, told.word, false);
};

/** Not ours, or not ours any more: the wallet tells again, and the bill of the day will show it. */
const strange = (room: Room, wallet: Wallet, number: string): QrPayError => {
  room.log.error({ wallet, number }, 'a notification about a number that is not in the journal');
  return new QrPayError('payment-not-found', wallet);
};
