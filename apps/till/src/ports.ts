import type {
  Catalogue,
  CloseShiftRequest,
  OpenShiftRequest,
  QrPayment,
  Sale as SaleDocument,
  SaleStatusView,
  ShiftView,
  StartCardSaleRequest,
  StartQrPaymentRequest,
  TillSession,
  TillSignInRequest,
  TillSummary,
  UploadSaleAnswer,
  ZReport,
} from '@zhanggui/api/contract';
import type { Bilingual } from '@zhanggui/basket';
import type { Locale } from '@zhanggui/ui/texts';
import type { DisplaySnapshot } from './display/display-snapshot.ts';

/**
 * What a call came to. `refused`: the server answered and said no. `unreachable`: nobody answered, so what the server
 * did is not known.
 */
export type Reply<Value> =
  | Readonly<{ kind: 'answer'; value: Value }>
  | Readonly<{ kind: 'refused'; status: number; code: string; message: Bilingual }>
  | Readonly<{ kind: 'unreachable' }>;

export type ShopPort = {
  tills(): Promise<Reply<readonly TillSummary[]>>;
  signIn(request: TillSignInRequest): Promise<Reply<TillSession>>;
  signOut(): Promise<Reply<unknown>>;
  /** Refused with 401 once the sign-in has ended: by time, or because the till is in use elsewhere. */
  session(): Promise<Reply<TillSession>>;
  /** The till's open shift as the shop knows it; null: none. */
  currentShift(): Promise<Reply<ShiftView | null>>;
  /** `undefined`: the catalogue is still the one named by `version`. */
  catalogue(version: string | undefined): Promise<Reply<Catalogue | undefined>>;
  openShift(request: OpenShiftRequest): Promise<Reply<unknown>>;
  closeShift(shiftId: string, request: CloseShiftRequest): Promise<Reply<ZReport>>;
  uploadSale(sale: SaleDocument): Promise<Reply<UploadSaleAnswer>>;
};

export type TerminalPort = {
  startSale(terminalId: string, request: StartCardSaleRequest): Promise<Reply<SaleStatusView>>;
  /** Answers when the sale is no longer in `knownState`, or after `waitMs`. */
  saleStatus(
    terminalId: string,
    requestId: string,
    wait: { knownState?: SaleStatusView['state']; waitMs: number },
  ): Promise<Reply<SaleStatusView>>;
  cancelSale(terminalId: string, requestId: string): Promise<Reply<SaleStatusView>>;
};

/** Payments from the customer's phone; the server talks to the wallets. */
export type WalletPort = {
  startPayment(request: StartQrPaymentRequest): Promise<Reply<QrPayment>>;
  /** Answers when the payment is no longer in `knownState`, or after `waitMs`. */
  payment(requestId: string, wait: { knownState?: QrPayment['state']; waitMs: number }): Promise<Reply<QrPayment>>;
  cancelPayment(requestId: string): Promise<Reply<QrPayment>>;
};

/** The second screen, turned to the customer. */
export type DisplayPort = {
  /** Opens its window, or brings it to the front. */
  open(): void;
  /** What it shows now, whole; also told to a window that opens later. */
  show(snapshot: DisplaySnapshot): void;
};

/** Paper. `screen` means no printer is attached: the receipt is shown, and its bytes are kept for one. */
export type PrinterPort = {
  readonly state: 'screen' | 'ready';
  print(bytes: Uint8Array): Promise<void>;
};

export type Sound = 'scan' | 'refuse' | 'paid';

export type TillPorts = {
  readonly shop: ShopPort;
  readonly terminal: TerminalPort;
  readonly wallets: WalletPort;
  readonly display: DisplayPort;
  readonly printer: PrinterPort;
  readonly sound: (sound: Sound) => void;
  /** The language a receipt is printed in: the one on the screen. */
  readonly locale: () => Locale;
  readonly focusSearch: () => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly wait: (ms: number) => Promise<void>;
};
