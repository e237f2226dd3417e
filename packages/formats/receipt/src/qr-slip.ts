import type { Receipt } from './receipt.ts';
import { type Copy, type Counterfoil, footer, header, known, pair, parties, total } from './slip-parts.ts';

export type QrSlipData = Counterfoil &
  Readonly<{
    /** The wallet by its name: 微信支付 WeChat Pay. */
    wallet: string;
    /** Our number of the order and the wallet's of the payment: what a complaint needs. */
    outTradeNo: string;
    walletTradeNo: string;
    payer?: string;
  }>;

/** The slip of a payment by QR code: the numbers of order and trade in place of a card, and nothing to sign. */
export const qrSlip = (data: QrSlipData, copy: Copy): Receipt => ({
  lines: [
    ...header(data, copy),
    ...parties(data),
    { kind: 'rule' },
    { kind: 'pair', left: '交易类型 TYPE', right: '扫码支付 QR PAYMENT', bold: true },
    pair('钱包 WALLET', data.wallet),
    ...known('付款人 PAYER', data.payer),
    { kind: 'text', text: '商户订单号 ORDER' },
    { kind: 'text', text: data.outTradeNo, align: 'right' },
    { kind: 'text', text: '支付交易号 TRADE' },
    { kind: 'text', text: data.walletTradeNo, align: 'right' },
    ...total(data, data.amount),
    ...footer,
  ],
});
