import type {
  Catalogue,
  CloseShiftRequest,
  OpenShiftRequest,
  Sale as SaleDocument,
  SaleStatusView,
  ShiftView,
  StartCardSaleRequest,
  TillSession,
  TillSignInRequest,
  TillSummary,
  UploadSaleAnswer,
  ZReport,
} from '@zhanggui/api/contract';
import type { Bilingual } from '@zhanggui/basket';
import type { Locale } from '@zhanggui/ui/texts';

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

/** Paper. `screen` means no printer is attached: the receipt is shown, and its bytes are kept for one. */
export type PrinterPort = {
  readonly state: 'screen' | 'ready';
  print(bytes: Uint8Array): Promise<void>;
};

export type Sound = 'scan' | 'refuse' | 'paid';

export type TillPorts = {
  readonly shop: ShopPort;
  readonly terminal: TerminalPort;
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
