import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cny } from '@zhanggui/money';
import { localDateTime } from '@zhanggui/time';
import { layout } from './layout.ts';
import { qrSlip } from './qr-slip.ts';

test('the slip of a payment by QR code names order and trade, and asks for no signature', () => {
  const slip = qrSlip(
    {
      merchantName: '掌柜便利店',
      merchantId: '898440154110001',
      terminalId: '00000001',
      operator: '01',
      wallet: '微信支付 WeChat Pay',
      outTradeNo: '019ab4c2d3e47f01a2b3c4d5e6f70819',
      walletTradeNo: '4200002611202611220000000001',
      at: localDateTime('2026-11-22T18:32:25'),
      amount: cny(6850n),
      sandbox: true,
    },
    'cardholder',
  );
  assert.equal(
    layout(slip, { columns: 32 })
      .map(({ text }) => text)
      .join('\n')
      .trimEnd(),
    `POS 签购单
持卡人存根 CARDHOLDER COPY
沙箱 SANDBOX
非真实交易 NOT A REAL PAYMENT
--------------------------------
掌柜便利店
商户号 MERCHANT  898440154110001
终端号 TERMINAL         00000001
操作员 OPERATOR               01
--------------------------------
交易类型 TYPE
             扫码支付 QR PAYMENT
钱包 WALLET  微信支付 WeChat Pay
商户订单号 ORDER
019ab4c2d3e47f01a2b3c4d5e6f70819
支付交易号 TRADE
4200002611202611220000000001
时间 TIME    2026/11/22 18:32:25
金额 AMOUNT
RMB        68.50`,
  );
});
