import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cny } from '@zhanggui/money';
import { localDateTime } from '@zhanggui/time';
import { cardSlip, type SlipData } from './card-slip.ts';
import { layout } from './layout.ts';

const sale: SlipData = {
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
  amount: cny(6850n),
  chip: {
    aid: 'A000000333010101',
    label: 'UnionPay Debit',
    tc: '0123456789ABCDEF',
    tvr: '0000008000',
    tsi: 'F800',
    atc: '0007',
  },
  sandbox: false,
};
const printed = (data: SlipData, copy: 'merchant' | 'cardholder'): string =>
  layout(cardSlip(data, copy), { columns: 32 })
    .map(({ text }) => text)
    .join('\n');

test('the merchant copy at 32 columns reads as printed', () => {
  assert.equal(
    printed(sale, 'merchant'),
    `POS 签购单
商户存根 MERCHANT COPY
--------------------------------
掌柜便利店
商户号 MERCHANT  898440154110001
终端号 TERMINAL         00000001
操作员 OPERATOR               01
收单行 ACQUIRER         48520000
发卡行 ISSUER           03080000
--------------------------------
卡号 CARD 622500*********0014 /I
交易类型 TYPE          消费 SALE
批次号 BATCH              000007
凭证号 VOUCHER            000012
授权码 AUTH NO.           123456
参考号 REF NO.      260700000012
时间 TIME    2026/11/22 18:32:25
金额 AMOUNT
RMB        68.50
--------------------------------
TC              0123456789ABCDEF
TVR 0000008000          TSI F800
AID             A000000333010101
UnionPay Debit          ATC 0007
--------------------------------
持卡人签名 CARDHOLDER SIGNATURE



--------------------------------
本人确认以上交易，同意将其计入本
卡账户
I confirm this transaction and
agree to its being booked to
this card account.

`,
  );
});

test('the cardholder copy has no chip data and no line to sign', () => {
  const copy = printed(sale, 'cardholder');
  assert.match(copy, /持卡人存根 CARDHOLDER COPY/);
  assert.doesNotMatch(copy, /TVR|SIGNATURE/);
});

test('a void shows its amount below zero', () => {
  assert.match(printed({ ...sale, kind: 'void' }, 'merchant'), /消费撤销 VOID\n[^]*\nRMB +-68\.50\n/);
});

test('the letter behind the card number says how the card was read', () => {
  const letters = { swipe: 'S', insert: 'I', tap: 'C', manual: 'M' } as const;
  for (const entryMode of ['swipe', 'insert', 'tap', 'manual'] as const)
    assert.match(printed({ ...sale, entryMode }, 'cardholder'), new RegExp(`0014 /${letters[entryMode]}`));
});

test('sandbox and second prints say so; a waived signature leaves no line to sign', () => {
  assert.match(printed({ ...sale, sandbox: true }, 'cardholder'), /沙箱 SANDBOX\n非真实交易 NOT A REAL PAYMENT/);
  assert.match(printed({ ...sale, duplicate: true }, 'merchant'), /重打印 DUPLICATE/);
  assert.match(printed({ ...sale, noPin: true }, 'merchant'), /未输入密码 NO PIN ENTERED[^]*SIGNATURE\n/);
  assert.doesNotMatch(printed({ ...sale, noPin: true, noSignature: true }, 'merchant'), /CARDHOLDER SIGNATURE/);
});

test('what is not known is not printed', () => {
  const { chip: _chip, authCode: _authCode, rrn: _rrn, ...rest } = sale;
  assert.doesNotMatch(printed({ ...rest, issuerCode: '' }, 'merchant'), /AUTH|REF NO|TVR|ISSUER|undefined/);
});
