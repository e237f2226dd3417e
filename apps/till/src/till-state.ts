import type { TillSession, TillSummary } from '@zhanggui/api/contract';
import type { Basket, BasketRefusal, Bilingual, TenderRefusal } from '@zhanggui/basket';
import type { ConnectionState } from '@zhanggui/ui';
import { createStore, type StoreApi } from 'zustand';
import { type CatalogueIndex, indexCatalogue } from './catalogue/catalogue-index.ts';
import type { OpenSale, OutboxEntry, StoredSale, StoredShift } from './records.ts';

export type Phase = 'starting' | 'storage-failed' | 'signed-out' | 'no-shift' | 'selling';
/** What fills the big region beside the basket. */
export type Panel = 'goods' | 'line' | 'tender' | 'done' | 'parked' | 'uploads' | 'close-shift' | 'z-report';
export type LineField = 'quantity' | 'percent' | 'amount' | 'price';

/** Said beside the basket, in place, until the next thing happens. */
export type Notice =
  | Readonly<{ kind: 'unknown-code'; code: string }>
  | Readonly<{ kind: 'refused'; reason: BasketRefusal | TenderRefusal }>
  | Readonly<{ kind: 'payment-open' }>
  /** A payment code while another payment is under way: the customer may want to pay in another way. */
  | Readonly<{ kind: 'code-while-paying' }>
  | Readonly<{ kind: 'code-without-sale' }>
  | Readonly<{ kind: 'wallet-not-taken' }>
  | Readonly<{ kind: 'line-open' }>
  | Readonly<{ kind: 'phone-offline' }>
  | Readonly<{ kind: 'not-a-payment-code' }>
  | Readonly<{ kind: 'not-selling' }>
  | Readonly<{ kind: 'no-right' }>
  | Readonly<{ kind: 'removed'; name: Bilingual; basket: Basket }>
  | Readonly<{ kind: 'cleared'; basket: Basket }>
  | Readonly<{ kind: 'shift-resumed'; shift: StoredShift }>
  | Readonly<{ kind: 'signed-out-elsewhere' }>
  | Readonly<{ kind: 'server'; message: Bilingual }>;

export type TillState = Readonly<{
  phase: Phase;
  tills: readonly TillSummary[];
  tillId: string | undefined;
  session: TillSession | undefined;
  shift: StoredShift | undefined;
  catalogue: CatalogueIndex;
  sale: OpenSale | undefined;
  parked: readonly OpenSale[];
  done: StoredSale | undefined;
  closedShift: StoredShift | undefined;
  panel: Panel;
  /** What the tender panel is about: every way to pay, or the customer's phone. */
  way: 'any' | 'phone';
  line: Readonly<{ lineId: string; field: LineField }> | undefined;
  /** Digits of the number pad that is showing; every pad uses this one buffer. */
  pad: string;
  /** The pad holds an offer, such as a note: the next digit begins anew instead of adding to it. */
  padOffered: boolean;
  /** On a narrow screen: the basket is shown in place of the goods. */
  showsBasket: boolean;
  search: string;
  departmentId: string | null;
  changed: Readonly<{ lineId: string; count: number }>;
  notice: Notice | undefined;
  connection: ConnectionState;
  outbox: readonly OutboxEntry[];
  keptCount: number;
  /** The server wants the cashier's PIN again before it takes uploads. */
  needsSignIn: boolean;
  /** A request a person waits for: signing in. */
  busy: boolean;
}>;

const initialTillState: TillState = {
  phase: 'starting',
  tills: [],
  tillId: undefined,
  session: undefined,
  shift: undefined,
  catalogue: indexCatalogue(undefined),
  sale: undefined,
  parked: [],
  done: undefined,
  closedShift: undefined,
  panel: 'goods',
  way: 'any',
  line: undefined,
  pad: '',
  padOffered: false,
  showsBasket: false,
  search: '',
  departmentId: null,
  changed: { lineId: '', count: 0 },
  notice: undefined,
  connection: 'connecting',
  outbox: [],
  keptCount: 0,
  needsSignIn: false,
  busy: false,
};

export type TillStore = StoreApi<TillState>;
export const createTillStore = (): TillStore => createStore<TillState>(() => initialTillState);
