import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/paycode.json' with { type: 'json' };
import { PAYMENT_CODES, readScan, type Scan } from './index.ts';
import { SHAPES } from './scan.ts';

const shapesOf = (text: string): string[] =>
  SHAPES.filter(({ read }) => read(text) !== undefined).map(({ name }) => name);
const walletOf = (scan: Scan): string | undefined => ('wallet' in scan ? scan.wallet : undefined);

for (const { text, kind, wallet, source } of vectors.scan)
  test(`${kind} ${wallet ?? ''}: ${source}`, () => {
    const scan = readScan(text);
    assert.deepEqual([scan.kind, walletOf(scan)], [kind, wallet]);
  });

test('the EMVCo codes are recognised by their beginnings', () => {
  for (const { text } of vectors.merchant) assert.deepEqual(readScan(text), { kind: 'merchant-code', text });
  for (const { base64 } of vectors.consumer) {
    const scan = readScan(base64);
    assert.ok(scan.kind === 'consumer-code' && scan.code.reveal() === base64);
  }
});

test('what ends a scan is no part of it, and what has no shape is unknown as it was read', () => {
  assert.deepEqual(readScan('6901234567892\r\n'), { kind: 'goods', barcode: '6901234567892' });
  assert.deepEqual(readScan('hello\t'), { kind: 'unknown', text: 'hello' });
  assert.deepEqual(readScan(''), { kind: 'unknown', text: '' });
});

test('a payment code prints nothing of itself', () => {
  for (const { text, kind } of vectors.scan)
    if (kind === 'payment-code' || kind === 'face-token') {
      const scan = readScan(text);
      assert.ok(!`${inspect(scan)} ${JSON.stringify(scan)}`.includes(text.slice(-4)));
      assert.ok('code' in scan && scan.code.reveal() === text.replaceAll(' ', ''));
    }
});

test('digits of every length, first two digits and bank mark have one shape at most', () => {
  for (let length = 1; length <= 40; length += 1)
    for (let start = 0; start < 100; start += 1)
      for (const mark of ['00000', '10105', '90105', '99999'])
        for (const filler of ['0', '7']) {
          const digits = `${String(start).padStart(2, '0')}${mark}`.padEnd(length, filler).slice(0, length);
          assert.ok(shapesOf(digits).length <= 1, `${length} ${start}`);
        }
});

const beginnings = ['10', '15', '25', '30', '62', '6210105', '91', 'fp', 'weixin://wxpay/bizpayurl'];
const addresses = ['https://qr.alipay.com/', 'https://qr.95516.com/', '000201', 'hQVDUFYwMWE', 'hQVDUFYwMQ', ''];
const ends = fc.oneof(
  fc.stringMatching(/^\d{0,60}$/),
  fc.stringMatching(/^[0-9A-Za-z+/]{0,60}={0,2}$/),
  fc.string({ unit: 'binary', maxLength: 80 }),
);

test('no text has two shapes, and reading never throws', () => {
  fc.assert(
    fc.property(fc.constantFrom(...beginnings, ...addresses), ends, (beginning, end) => {
      const text = `${beginning}${end}`.trim();
      const names = shapesOf(text);
      assert.ok(names.length <= 1, names.join());
      const scan = readScan(text);
      assert.equal(scan.kind === 'unknown', names.length === 0);
    }),
    { numRuns: 2000 },
  );
});

/** Digits that begin as a wallet's do, at every length it has. */
const DIGITS_OF = {
  wechat: /^1[0-5]\d{16}$/,
  alipay: /^(2[5-9]|30)\d{14,22}$/,
  unionpay: /^62\d[1-9]\d{15}$/,
  ccb: /^62\d0105\d{12}$/,
  qq: /^91\d{16}$/,
} as const;

for (const { wallet } of PAYMENT_CODES)
  test(`every code that ${wallet} can show is one of ${wallet}`, () => {
    fc.assert(
      fc.property(fc.stringMatching(DIGITS_OF[wallet]), (digits) => {
        const scan = readScan(digits);
        assert.deepEqual([scan.kind, walletOf(scan)], ['payment-code', wallet]);
      }),
    );
  });
