import type { Bilingual } from '@zhanggui/basket';
import { insertRows, type ShopContext } from './context.ts';
import { nextPage, type Page } from './sales.ts';

export type PaymentState =
  | 'waiting-card'
  | 'processing'
  | 'approved'
  | 'declined'
  | 'cancelled'
  | 'unknown'
  | 'reversed';

/** What a terminal said of a sale request, the latest word. */
export type CardPayment = Readonly<{
  /** The till's request. */
  id: string;
  at: number;
  terminalId: string;
  amountMinor: bigint;
  state: PaymentState;
  code: string | null;
  text: Bilingual | null;
  maskedPan: string | null;
  entryMode: string | null;
  rrn: string | null;
  authCode: string | null;
  batch: string | null;
  stan: string | null;
  /** Approved, then voided at the terminal (消费撤销). */
  voided: boolean;
}>;
/** The sale it paid for, once that is uploaded. */
export type PaymentOfSale = CardPayment & Readonly<{ saleId: string | null; receiptNo: string | null }>;

/** Card payments as the shop saw them: approved, declined, and those nobody knows yet. */
export const createPayments = (context: ShopContext) => ({
  record: (payment: CardPayment) => record(context, payment),
  list: (page: Page) => listPayments(context, page),
  /** Payments whose last word was not the end. */
  unsettled: () =>
    select(context, `state in ('waiting-card', 'processing', 'unknown') order by payment.at limit 1000`, []),
  find: async (id: string): Promise<PaymentOfSale | undefined> => (await select(context, 'request_id = $2', [id]))[0],
});

const record = async ({ store, merchantId }: ShopContext, payment: CardPayment): Promise<void> => {
  const row: Omit<PaymentRow, 'sale_id' | 'receipt_no' | 'at'> & { at: number } = {
    request_id: payment.id,
    terminal_id: payment.terminalId,
    amount_minor: payment.amountMinor,
    state: payment.state,
    code: payment.code,
    text_zh: payment.text?.zh ?? null,
    text_en: payment.text?.en ?? null,
    masked_pan: payment.maskedPan,
    entry_mode: payment.entryMode,
    rrn: payment.rrn,
    auth_code: payment.authCode,
    batch: payment.batch,
    stan: payment.stan,
    voided: payment.voided,
    at: payment.at,
  };
  await insertRows(
    store,
    'card_payments',
    [{ merchant_id: merchantId, ...row }],
    `on conflict (merchant_id, request_id) do update set state = excluded.state, code = excluded.code,
       text_zh = excluded.text_zh, text_en = excluded.text_en, masked_pan = excluded.masked_pan, entry_mode = excluded.entry_mode,
       rrn = excluded.rrn, auth_code = excluded.auth_code, batch = excluded.batch, stan = excluded.stan, voided = excluded.voided,
       at = excluded.at`,
  );
};

const listPayments = async (context: ShopContext, page: Page) => {
  const [beforeAt, beforeId] = page.before?.split('.') ?? [];
  const payments = await select(
    context,
    `($2::date is null or (to_timestamp(payment.at / 1000.0) at time zone 'Asia/Shanghai')::date = $2)
       and ($3::bigint is null or (payment.at, request_id) < ($3, $4::uuid))
     order by payment.at desc, request_id desc limit $5`,
    [page.date ?? null, beforeAt ?? null, beforeId ?? null, page.limit],
  );
  return { payments, next: nextPage(payments, page) };
};

type PaymentRow = {
  request_id: string;
  at: bigint;
  terminal_id: string;
  amount_minor: bigint;
  state: PaymentState;
  code: string | null;
  text_zh: string | null;
  text_en: string | null;
  masked_pan: string | null;
  entry_mode: string | null;
  rrn: string | null;
  auth_code: string | null;
  batch: string | null;
  stan: string | null;
  voided: boolean;
  sale_id: string | null;
  receipt_no: string | null;
};

const select = async (
  { store, merchantId }: ShopContext,
  condition: string,
  values: readonly unknown[],
): Promise<PaymentOfSale[]> => {
  const rows = await store.query<PaymentRow>(
    `select payment.*, paid.sale_id, paid.receipt_no from shop.card_payments payment
       left join lateral (
         select sale.sale_id, sale.receipt_no from shop.sale_tenders tender join shop.sales sale using (merchant_id, sale_id)
         where tender.merchant_id = payment.merchant_id and tender.request_id = payment.request_id limit 1) paid on true
     where payment.merchant_id = $1 and ${condition}`,
    [merchantId, ...values],
  );
  return rows.map(paymentOf);
};

const paymentOf = (row: PaymentRow): PaymentOfSale => ({
  id: row.request_id,
  at: Number(row.at),
  terminalId: row.terminal_id,
  amountMinor: row.amount_minor,
  state: row.state,
  code: row.code,
  text: row.text_zh === null ? null : { zh: row.text_zh, en: row.text_en ?? row.text_zh },
  maskedPan: row.masked_pan,
  entryMode: row.entry_mode,
  rrn: row.rrn,
  authCode: row.auth_code,
  batch: row.batch,
  stan: row.stan,
  voided: row.voided,
  saleId: row.sale_id,
  receiptNo: row.receipt_no,
});
