export { cardSlip, type EntryMode, type SlipChip, type SlipData } from './card-slip.ts';
export { toEscPos } from './esc-pos.ts';
export { layout } from './layout.ts';
export { columnsOf, printable } from './printable.ts';
export { type QrSlipData, qrSlip } from './qr-slip.ts';
export type { Align, Cell, Paper, PrintedRow, Receipt, ReceiptLine, Size } from './receipt.ts';
export { type SaleReceiptData, type SaleReceiptLine, type SaleReceiptTender, saleReceipt } from './sale-receipt.ts';
