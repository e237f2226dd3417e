import {
  apiError,
  type ApiError,
  differencesAnswer,
  goodsAnswer,
  importGoodsAnswer,
  journeyAnswer,
  keptSalesAnswer,
  officeSession,
  paymentsAnswer,
  qrPaymentDetail,
  type QrPaymentRow,
  qrPaymentsAnswer,
  reconcileAnswer,
  reconciliationsAnswer,
  saleAnswer,
  salesAnswer,
  settleDifferenceAnswer,
  todayAnswer,
  type Wallet,
} from '@zhanggui/api/contract';
import type { z } from 'zod';

/** A refusal of the server, with words for both readers. */
export class Refusal extends Error {
  readonly status: number;
  readonly refused: ApiError['error'];
  constructor(status: number, refused: ApiError['error']) {
    super(refused.code);
    this.name = 'Refusal';
    this.status = status;
    this.refused = refused;
  }
}

const unreachable: ApiError['error'] = {
  code: 'unreachable',
  message: {
    zh: '连不上服务器。请检查网络后重试。',
    en: 'The server cannot be reached. Check the network and try again.',
  },
};

const ask = async <Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  init?: RequestInit,
): Promise<z.infer<Schema>> => {
  const response = await fetch(`/api/office/${path}`, init).catch(() => undefined);
  if (!response) throw new Refusal(0, unreachable);
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return schema.parse(body);
  const refused = apiError.safeParse(body);
  throw new Refusal(response.status, refused.success ? refused.data.error : unreachable);
};

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

type Query = Record<string, string | number | undefined>;
const withQuery = (path: string, query: Query): string => {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, String(value)]],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
};

type QrPaymentsQuery = {
  date?: string | undefined;
  before?: string | undefined;
  wallet?: Wallet | undefined;
  state?: QrPaymentRow['state'] | undefined;
  limit?: number;
};

/** The same `refundId` again is the same refund. */
type Refund = Readonly<{ refundId: string; amountMinor: string; reason: string }>;
type Card = Readonly<{ bank: string; cardNumber: string; holder: string }>;

/** The office's side of the contract: every question it asks the server. */
export const office = {
  session: () => ask(officeSession, 'session'),
  signIn: (username: string, password: string) => ask(officeSession, 'sign-in', post({ username, password })),
  signOut: async () => void (await fetch('/api/office/sign-out', post({}))),
  today: (date: string | undefined) => ask(todayAnswer, withQuery('today', { date })),
  sales: (query: { date?: string | undefined; before?: string | undefined }) =>
    ask(salesAnswer, withQuery('sales', query)),
  sale: (id: string) => ask(saleAnswer, `sales/${id}`),
  keptSales: () => ask(keptSalesAnswer, 'kept-sales'),
  payments: (query: { date?: string | undefined; before?: string | undefined }) =>
    ask(paymentsAnswer, withQuery('payments', query)),
  qrPayments: (query: QrPaymentsQuery) => ask(qrPaymentsAnswer, withQuery('qr-payments', query)),
  qrPayment: (id: string) => ask(qrPaymentDetail, `qr-payments/${id}`),
  refund: (id: string, refund: Refund) => ask(qrPaymentDetail, `qr-payments/${id}/refunds`, post(refund)),
  refundToCard: (id: string, refundId: string, card: Card) =>
    ask(qrPaymentDetail, `qr-payments/${id}/refunds/${refundId}/card`, post(card)),
  reconciliations: (query: { before?: string | undefined }) =>
    ask(reconciliationsAnswer, withQuery('reconciliations', { ...query, limit: 200 })),
  reconcile: (day: { wallet: Wallet; date: string }) => ask(reconcileAnswer, 'reconciliations', post(day)),
  differences: (query: { wallet: Wallet; date: string; before?: string | undefined }) =>
    ask(differencesAnswer, withQuery('differences', { ...query, limit: 200 })),
  settleDifference: (id: string, note: string) =>
    ask(settleDifferenceAnswer, `differences/${id}/settle`, post({ note })),
  journey: (id: string) => ask(journeyAnswer, `payments/${id}/journey`),
  goods: (query: { search?: string | undefined; departmentId?: string | undefined; offset: number }) =>
    ask(goodsAnswer, withQuery('goods', query)),
  importGoods: (csv: string) => ask(importGoodsAnswer, 'goods/import', post({ csv, dryRun: false })),
} as const;
