import { type Discount, type PricedLine, type Sale, type Tender, tenderAmount, type Wallet } from '@zhanggui/basket';
import { type CurrencyCode, money } from '@zhanggui/money';
import { businessDateAt, epochMs, wallClock } from '@zhanggui/time';

/** A sale's rows in `shop.sales`, `shop.sale_lines` and `shop.sale_tenders`; merchant_id and sale_id are added by the writer. */
export const saleRow = (sale: Sale) => {
  const at = epochMs(sale.at);
  return {
    shift_id: sale.shiftId,
    staff_id: sale.staffId,
    sequence: sale.sequence,
    receipt_no: sale.receiptNo,
    at: sale.at,
    business_date: businessDateAt(at),
    hour: Number(wallClock(at).slice(11, 13)),
    segment: sale.segment,
    line_count: sale.lines.length,
    total_minor: sale.total.minor,
    discount_minor: sale.lines.reduce((sum, { discountAmount }) => sum + discountAmount.minor, 0n),
    rounding_minor: sale.rounding.minor,
    change_minor: sale.change.minor,
  };
};

export const lineRow = (line: PricedLine, index: number) => ({
  line_no: index + 1,
  item_id: line.item.id,
  barcode: line.item.barcode,
  name_zh: line.item.name.zh,
  name_en: line.item.name.en,
  unit_id: line.item.unit.id,
  unit_zh: line.item.unit.name.zh,
  unit_en: line.item.unit.name.en,
  weighed: line.item.weighed,
  department_id: line.item.departmentId,
  list_price_minor: line.item.price.minor,
  unit_price_minor: line.unitPrice.minor,
  quantity_milli: line.quantityMilli,
  discount_kind: line.discount.kind,
  discount_basis_points: line.discount.kind === 'percent' ? line.discount.basisPoints : null,
  gross_minor: line.gross.minor,
  discount_minor: line.discountAmount.minor,
  amount_minor: line.amount.minor,
});

export const tenderRow = (tender: Tender, index: number) => ({
  tender_no: index + 1,
  kind: tender.kind,
  amount_minor: tenderAmount(tender).minor,
  ...tenderDetails(tender),
});

const tenderDetails = (tender: Tender) => {
  switch (tender.kind) {
    case 'cash':
      return {};
    case 'card':
      return {
        terminal_id: tender.terminalId,
        request_id: tender.requestId,
        batch: tender.batch,
        stan: tender.stan,
        rrn: tender.rrn,
        auth_code: tender.authCode,
        masked_pan: tender.maskedPan,
      };
    case 'wallet':
      return {
        request_id: tender.requestId,
        wallet: tender.wallet,
        out_trade_no: tender.outTradeNo,
        wallet_trade_no: tender.walletTradeNo,
        payer: tender.payer,
      };
  }
};

/** `null` fields of a stored row are `undefined` in the sale it came from. */
type Stored<Row> = { [Key in keyof Row]: Row[Key] };
export type SaleRow = { sale_id: string; at: bigint } & Stored<Omit<ReturnType<typeof saleRow>, 'at'>>;
export type LineRow = Stored<ReturnType<typeof lineRow>>;
export type TenderRow = {
  kind: Tender['kind'];
  amount_minor: bigint;
  terminal_id: string | null;
  request_id: string | null;
  batch: string | null;
  stan: string | null;
  rrn: string | null;
  auth_code: string | null;
  masked_pan: string | null;
  wallet: Wallet | null;
  out_trade_no: string | null;
  wallet_trade_no: string | null;
  payer: string | null;
};

/** The sale its rows were made from. */
export const saleFromRows = (
  row: SaleRow,
  lines: readonly LineRow[],
  tenders: readonly TenderRow[],
  currency: CurrencyCode,
): Sale => ({
  id: row.sale_id,
  shiftId: row.shift_id,
  staffId: row.staff_id,
  sequence: row.sequence,
  receiptNo: row.receipt_no,
  at: Number(row.at),
  segment: row.segment,
  lines: lines.map((line) => lineFromRow(line, currency)),
  total: money(row.total_minor, currency),
  rounding: money(row.rounding_minor, currency),
  tenders: tenders.map((tender) => tenderFromRow(tender, currency)),
  change: money(row.change_minor, currency),
});

const lineFromRow = (row: LineRow, currency: CurrencyCode): PricedLine => ({
  id: String(row.line_no - 1),
  item: {
    id: row.item_id,
    barcode: row.barcode,
    name: { zh: row.name_zh, en: row.name_en },
    unit: { id: row.unit_id, name: { zh: row.unit_zh, en: row.unit_en } },
    weighed: row.weighed,
    departmentId: row.department_id,
    price: money(row.list_price_minor, currency),
  },
  unitPrice: money(row.unit_price_minor, currency),
  quantityMilli: row.quantity_milli,
  discount: discountFromRow(row, currency),
  gross: money(row.gross_minor, currency),
  discountAmount: money(row.discount_minor, currency),
  amount: money(row.amount_minor, currency),
});

const discountFromRow = (row: LineRow, currency: CurrencyCode): Discount => {
  switch (row.discount_kind) {
    case 'none':
      return { kind: 'none' };
    case 'amount':
      return { kind: 'amount', amount: money(row.discount_minor, currency) };
    case 'percent':
      return { kind: 'percent', basisPoints: row.discount_basis_points ?? 0 };
  }
};

const tenderFromRow = (row: TenderRow, currency: CurrencyCode): Tender => {
  const amount = money(row.amount_minor, currency);
  const requestId = row.request_id ?? '';
  switch (row.kind) {
    case 'cash':
      return { kind: 'cash', received: amount };
    case 'card': {
      const { batch, stan, rrn, auth_code: authCode, masked_pan: maskedPan } = row;
      const details = known({ batch, stan, rrn, authCode, maskedPan });
      return { kind: 'card', amount, terminalId: row.terminal_id ?? '', requestId, ...details };
    }
    case 'wallet': {
      const { out_trade_no: outTradeNo, wallet_trade_no: walletTradeNo, payer } = row;
      const details = known({ outTradeNo, walletTradeNo, payer });
      return { kind: 'wallet', wallet: row.wallet ?? 'wechat', amount, requestId, ...details };
    }
  }
};

const known = (details: Readonly<Record<string, string | null>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(details).flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]])),
  );
