import type { Timing } from '@zhanggui/qr-payment';
import type { Log } from '@zhanggui/telemetry';
import { type Clock, type EpochMs, epochMs } from '@zhanggui/time';
import type { Wallet, WalletChannel } from '@zhanggui/wallet-channel';
import type { Figures } from './figures.ts';
import type { Journal, Lease } from './journal.ts';
import { QrPayError } from './qrpay-error.ts';
import type { PaymentRecord } from './records.ts';
import type { GuestCodes } from './routing.ts';

/** What every job of this room needs. */
export type Room = Readonly<{
  journal: Journal;
  channels: ReadonlyMap<Wallet, WalletChannel>;
  clock: Clock;
  timing: Timing;
  log: Log;
  figures: Figures;
  guests: GuestCodes;
  storeId: string;
  instance: string;
  leaseMs: number;
  /** When a notification is answered at the latest. */
  answerWithinMs: number;
  /** Something was committed: tell who listens. */
  changed: (before: PaymentRecord | undefined, after: PaymentRecord) => void;
  /** Something is due then. */
  due: (at: EpochMs) => void;
}>;

export const leaseOf = ({ clock, instance, leaseMs }: Room): Lease => ({
  by: instance,
  until: epochMs(clock() + leaseMs),
});

/** Throws `wallet-not-offered`. */
export const channelOf = (room: Room, wallet: Wallet): WalletChannel => {
  const channel = room.channels.get(wallet);
  if (!channel) throw new QrPayError('wallet-not-offered', wallet);
  return channel;
};

/** Asks a wallet and counts its word. What the client throws is a bug or a word nobody may trust: money may have moved. */
export const askWallet = async <Word extends { kind: string }>(
  room: Room,
  wallet: Wallet,
  call: string,
  ask: (channel: WalletChannel) => Promise<Word>,
): Promise<Word | Readonly<{ kind: 'unknown'; reason: string }>> => {
  const startedAt = performance.now();
  const said = await Promise.resolve()
    .then(() => ask(channelOf(room, wallet)))
    .catch((error: unknown) => {
      room.log.error({ err: error, wallet, call }, 'a wallet could not be asked');
      return { kind: 'unknown', reason: 'not-asked' } as const;
    });
  room.figures.words.add({ wallet, call, word: said.kind });
  room.figures.wordSeconds.observe((performance.now() - startedAt) / 1000, { wallet, call });
  return said;
};
