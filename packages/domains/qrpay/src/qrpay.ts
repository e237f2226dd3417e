import { defaultTiming, type Timing } from '@zhanggui/qr-payment';
import type { Store } from '@zhanggui/store';
import type { Log, Metrics } from '@zhanggui/telemetry';
import type { BusinessDate, Clock } from '@zhanggui/time';
import type { HttpAnswer, HttpRequest, Wallet, WalletChannel } from '@zhanggui/wallet-channel';
import { createDailyBills } from './daily-bills.ts';
import { createFigures } from './figures.ts';
import { createJournal } from './journal.ts';
import { createListeners } from './listeners.ts';
import { hearNotification } from './notifications.ts';
import { cancelPayment } from './payments.ts';
import { createPoller, type SetTimer, systemTimer } from './poller.ts';
import { createReconciliation } from './reconciliation.ts';
import type { PaymentRecord } from './records.ts';
import { redirectRefund, startRefund } from './refunds.ts';
import { channelOf, type Room } from './room.ts';
import { type GuestCodes, idOf } from './routing.ts';
import { createStarts } from './starts.ts';
import { paymentView, refundView } from './view-of.ts';
import type {
  CardRequest,
  DifferencePage,
  DifferenceView,
  PaymentPage,
  QrPaymentView,
  ReconciliationView,
  RefundRequest,
  RefundView,
  StartRequest,
} from './views.ts';

/** What a wallet takes of a payment, for comparing its bill: 60 basis points are 0.60 %, half up for each payment. */
export type FeeRate = Readonly<{ basisPoints: number }>;

export type QrPayOptions = Readonly<{
  store: Store;
  merchantId: string;
  channels: readonly WalletChannel[];
  clock: Clock;
  log: Log;
  metrics?: Metrics;
  timing?: Partial<Timing>;
  fees?: Partial<Record<Wallet, FeeRate>>;
  /** Codes of wallets that are not here, taken by one that is; none unless named. */
  guestCodes?: GuestCodes;
  /** The shop's number at the wallets; default the merchant's. */
  storeId?: string;
  /** Names this replica: at its start it takes up at once what it left. Two replicas must not share a name. */
  instance?: string;
  /** How long a wallet may take to answer before another replica takes the payment up (60 s). */
  leaseMs?: number;
  /** When a notification is answered at the latest (4.7 s; wallets wait five). */
  answerWithinMs?: number;
  /** Runs once after a while; gives what calls it off. */
  setTimer?: SetTimer;
}>;

/** Payments by QR code of one merchant. Everything throws `QrPayError`. */
export interface QrPay {
  /** The wallets that are configured. */
  wallets(): Wallet[];
  /** Idempotent by `requestId`. Resolves with the wallet's first word, be it an answer or a notification, or with the code to show. */
  start(request: StartRequest): Promise<QrPaymentView>;
  find(requestId: string): Promise<QrPaymentView | undefined>;
  /** Gives up: `paid` when the payer was faster, else it ends without money, at once or while `undoing`. */
  cancel(requestId: string): Promise<QrPaymentView>;
  /** Told after every commit that changed a payment here or on another replica; gives what ends it. */
  onChange(listener: (view: QrPaymentView) => void): () => void;
  /** Several, partial, together no more than was paid; idempotent by `refundId`. */
  refund(request: RefundRequest): Promise<RefundView>;
  /** Sends an undeliverable refund to a card of the payer; the card is not kept. */
  refundToCard(request: CardRequest): Promise<RefundView>;
  /** Oldest first. */
  refunds(requestId: string): Promise<RefundView[]>;
  /** Newest first. */
  list(page: PaymentPage): Promise<{ payments: QrPaymentView[]; next: string | null }>;
  /** A notification as it came; the answer is to be sent as it is. */
  notified(wallet: Wallet, request: HttpRequest): Promise<HttpAnswer>;
  /** Fetches the bill of a day and compares it; again updates it and keeps what was settled. */
  reconcile(day: { wallet: Wallet; date: BusinessDate }): Promise<ReconciliationView>;
  /** Newest day first. */
  reconciliations(page: {
    before?: string;
    limit: number;
  }): Promise<{ reconciliations: ReconciliationView[]; next: string | null }>;
  differences(page: DifferencePage): Promise<{ differences: DifferenceView[]; next: string | null }>;
  settleDifference(settlement: { id: string; by: string; note: string }): Promise<DifferenceView>;
  /** Takes up every payment and refund without an end, and goes on doing so; compares each day's bill once it is there. */
  resume(): Promise<void>;
  /** Stops asking wallets; what is under way is let end. */
  stop(): Promise<void>;
}

/** Where the next page begins; null when this one was not full. */
const nextOf = (records: readonly PaymentRecord[], limit: number): string | null => {
  const last = records.length === limit ? records.at(-1) : undefined;
  return last ? `${last.payment.askedAt}.${last.requestId}` : null;
};

/** 0.60 %, what wallets take of most trades. */
const usualBasisPoints = 60;

const roomOf = (options: QrPayOptions, heard: Pick<Room, 'changed' | 'due'>): Room => ({
  journal: createJournal({ store: options.store, merchantId: options.merchantId }),
  channels: new Map(options.channels.map((channel) => [channel.wallet, channel])),
  clock: options.clock,
  timing: { ...defaultTiming, ...options.timing },
  log: options.log,
  figures: createFigures(options.metrics),
  guests: options.guestCodes ?? {},
  storeId: options.storeId ?? options.merchantId,
  instance: options.instance ?? 'qrpay',
  leaseMs: options.leaseMs ?? 60_000,
  answerWithinMs: options.answerWithinMs ?? 4_700,
  ...heard,
});

export const openQrPay = (options: QrPayOptions): QrPay => {
  const room: Room = roomOf(options, {
    changed: (before, after) => {
      const { nextAt } = after.payment;
      if (nextAt !== null) poller.due(nextAt);
      starts.changed(after);
      listeners.changed(before, after);
    },
    due: (at) => poller.due(at),
  });
  const starts = createStarts(room);
  const listeners = createListeners(room);
  const poller = createPoller(room, { setTimer: options.setTimer ?? systemTimer, onSweep: listeners.catchUp });
  const reconciliation = createReconciliation({
    store: options.store,
    merchantId: options.merchantId,
    clock: options.clock,
    figures: room.figures,
    channelOf: (wallet) => channelOf(room, wallet),
    basisPointsOf: (wallet) => options.fees?.[wallet]?.basisPoints ?? usualBasisPoints,
  });
  const dailyBills = createDailyBills({
    ...options,
    setTimer: options.setTimer ?? systemTimer,
    wallets: () => [...room.channels.keys()],
    reconcile: reconciliation.reconcile,
  });
  const seen = (record: PaymentRecord): QrPaymentView => listeners.watch(record);

  return {
    wallets: () => [...room.channels.keys()],
    start: async (request) => seen(await starts.start(request)),
    find: async (requestId) => {
      const record = await room.journal.find(idOf(requestId, 'requestId'));
      return record && seen(record);
    },
    cancel: async (requestId) => seen(await cancelPayment(room, requestId)),
    onChange: listeners.listen,
    refund: async (request) => refundView(await startRefund(room, request)),
    refundToCard: async (request) => refundView(await redirectRefund(room, request)),
    refunds: async (requestId) => (await room.journal.refundsOf(idOf(requestId, 'requestId'))).map(refundView),
    list: async (page) => {
      const records = await room.journal.list(page);
      return { payments: records.map(paymentView), next: nextOf(records, page.limit) };
    },
    ...reconciliation,
    notified: (wallet, request) => hearNotification(room, wallet, request),
    resume: async () => {
      await room.journal.releaseAll(room.instance);
      poller.start();
      dailyBills.start();
    },
    stop: async () => {
      await Promise.all([poller.stop(), dailyBills.stop()]);
      await starts.settled();
      await room.journal.drain();
    },
  };
};
