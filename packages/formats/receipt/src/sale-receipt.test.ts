import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cny } from '@zhanggui/money';
import { localDateTime } from '@zhanggui/time';
import { layout } from './layout.ts';
import { type SaleReceiptData, saleReceipt } from './sale-receipt.ts';

const sale: SaleReceiptData = {
  locale: 'zh',
  shopName: '掌柜便利店',
  address: '样例路 1 号',
  phone: '0755-00000000',
  till: '1 号收银台',
  cashier: '张敏',
  receiptNo: '01-000123',
  at: localDateTime('2026-11-22T18:32:25'),
  lines: [
    { name: '天然饮用水 550ml', quantity: '2', unit: '瓶', unitPrice: cny(200n), amount: cny(400n) },
    {
      name: '红富士苹果',
      quantity: '0.350',
      unit: 'kg',
      unitPrice: cny(1280n),
      amount: cny(348n),
      discount: cny(100n),
    },
  ],
  total: cny(748n),
  rounding: cny(-8n),
  tenders: [
    { kind: 'card', amount: cny(500n), maskedPan: '622500*********0014', authCode: '123456' },
    { kind: 'cash', received: cny(500n) },
  ],
  change: cny(260n),
};
const printed = (data: SaleReceiptData): string =>
  layout(saleReceipt(data), { columns: 32 })
    .map(({ text }) => text)
    .join('\n');

test('the receipt at 32 columns reads as printed', () => {
  assert.equal(
    printed(sale),
    `掌柜便利店
样例路 1 号
电话 0755-00000000
--------------------------------
小票号 01-000123      1 号收银台
2026-11-22 18:32:25  收银员 张敏
--------------------------------
天然饮用水 550ml
  2 瓶 x 2.00               4.00
红富士苹果
  0.350 kg x 12.80          4.48
  优惠                     -1.00
--------------------------------
合计      ￥7.48
抹零                       -0.08
银行卡                      5.00
  卡号       622500*********0014
  授权码                  123456
现金                        5.00
找零                        2.60
--------------------------------
谢谢惠顾，欢迎再来


`,
  );
});

test('a wallet is named, with the number the customer finds in it', () => {
  const number = '4200000000000000000000000001';
  const paid = printed({
    ...sale,
    rounding: cny(0n),
    change: cny(0n),
    tenders: [{ kind: 'wallet', wallet: 'wechat', amount: cny(748n), walletTradeNo: number }],
  });
  assert.match(paid, /微信支付 {20}7\.48\n {2}交易单号\n {2}4200000000000000000000000001\n/);
});

test('the English receipt has the same figures in the same order', () => {
  const figures = (text: string) => text.match(/-?\d+\.\d\d\b/g);
  const english = printed({ ...sale, locale: 'en', cashier: 'Zhang Min', till: 'Till 1' });
  assert.match(english, /Cashier Zhang Min/);
  assert.deepEqual(figures(english), figures(printed(sale)));
});

test('nothing taken off, rounded or given back is not printed', () => {
  const plain = printed({ ...sale, rounding: cny(0n), change: cny(0n), lines: sale.lines.slice(0, 1) });
  assert.doesNotMatch(plain, /抹零|找零|优惠/);
});
