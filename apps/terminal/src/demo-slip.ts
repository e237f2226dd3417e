import { cardSlip, layout, type PrintedRow } from '@zhanggui/receipt';
import { localDateTime } from '@zhanggui/time';

/** A slip laid out by the real printer code, for the demo. */
export const demoSlip: readonly PrintedRow[] = layout(
  cardSlip(
    {
      merchantName: '掌柜便利店',
      merchantId: '898440154110001',
      terminalId: '00000001',
      operator: '01',
      acquirerCode: '48520000',
      issuerCode: '03080000',
      maskedPan: '622500*********0014',
      entryMode: 'insert',
      kind: 'sale',
      batch: '000007',
      stan: '000012',
      authCode: '123456',
      rrn: '260700000012',
      at: localDateTime('2026-11-22T18:32:25'),
      amount: { minor: 6850n, currency: 'CNY' },
      chip: {
        aid: 'A000000333010101',
        label: 'UnionPay Debit',
        tc: '0123456789ABCDEF',
        tvr: '0000008000',
        tsi: 'F800',
        atc: '0007',
      },
      sandbox: true,
    },
    'cardholder',
  ),
  { columns: 32 },
);
