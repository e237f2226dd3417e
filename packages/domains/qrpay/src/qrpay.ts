import type { Timing } from '@zhanggui/qr-payment';
import type { Store } from '@zhanggui/store';
import type { Log, Metrics } from '@zhanggui/telemetry';
import type { BusinessDate, Clock } from '@zhanggui/time';
import type { HttpAnswer, HttpRequest, Wallet, WalletChannel } from '@zhanggui/wallet-channel';
import type {
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
  /** The shop's number at the wallets; default the merchant's. */
  storeId?: string;
  /** Names this replica: at its start it takes up at once what it left. Two replicas must not share a name. */
  instance?: string;
  /** Runs once after a while; gives what calls it off. */
  setTimer?: (run: () => void, ms: number) => () => void;
}>;

/** Payments by QR code of one merchant. Everything throws `QrPayError`. */
export interface QrPay {
  /** The wallets that are configured. */
  wallets(): Wallet[];
  /** Idempotent by `requestId`. Resolves with the wallet's first word, or with the code to show. */
  start(request: StartRequest): Promise<QrPaymentView>;
  find(requestId: string): Promise<QrPaymentView | undefined>;
  /** Gives up: `paid` when the payer was faster, else it ends without money, at once or while `undoing`. */
  cancel(requestId: string): Promise<QrPaymentView>;
  /** Told after every commit that changed a payment here or on another replica; gives what ends it. */
  onChange(listener: (view: QrPaymentView) => void): () => void;
  /** Several, partial, together no more than was paid; idempotent by `refundId`. */
  refund(request: RefundRequest): Promise<RefundView>;
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
  /** Takes up every payment and refund without an end, and goes on doing so. */
  resume(): Promise<void>;
  /** Stops asking wallets; what is under way is let end. */
  stop(): Promise<void>;
}
