import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cny } from '@zhanggui/money';
import { addConsumer, paymentCode } from '../engine/consumers.ts';
import { openEngine } from '../engine/engine.ts';
import { createFaults } from '../faults.ts';
import { ownCards } from '../own-cards.ts';
import { codeOrder, number, openSandbox, type Sandbox } from '../testing/sandbox.ts';
import { isV2Signed, readXml, type V2Fields, v2Sign, writeXml } from './v2-message.ts';

const folder = mkdtempSync(join(tmpdir(), 'wallets-v2-'));
const file = join(folder, 'wallets.sqlite');
let sandbox: Sandbox;
before(async () => {
  sandbox = await openSandbox({ file });
});
after(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

const key = '192006250b4c09247ec02edce69f6a2d';
const published = {
  appid: 'wxd930ea5d5a258f4f',
  body: 'test',
  device_info: '1000',
  mch_id: '10000100',
  nonce_str: 'ibuaiVcKdpRxkhJA',
};

test('what is no XML is refused at once, however long it is', () => {
  const spaces = ' '.repeat(900_000);
  const texts = [`${spaces}x`, `<xml><a>${spaces}<b></xml>`, `<xml>${'<a><![CDATA['.repeat(80_000)}</xml>`];
  for (const text of texts) {
    const began = performance.now();
    assert.equal(readXml(text), undefined);
    assert.ok(performance.now() - began < 1_000);
  }
  assert.deepEqual(readXml('<xml>\n<a><![CDATA[<!1]]></a><b>&lt;2</b> </xml>'), { a: '<!1', b: '<2' });
});

test('the published example is signed as published, with MD5 and with HMAC-SHA256', () => {
  assert.equal(v2Sign(published, key, 'MD5'), '9A0A8659F005D6984697E2CA0A9CF3B7');
  assert.equal(
    v2Sign(published, key, 'HMAC-SHA256'),
    '6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6',
  );
  assert.ok(!isV2Signed({ ...published, sign: '9A0A' }, key, 'MD5'));
});

test('flat XML is read back as it was written, and nothing else is read', () => {
  const fields = { a: '1', b: '<面包 & "牛奶">', c: '' };
  assert.deepEqual(readXml(writeXml(fields)), fields);
  assert.deepEqual(readXml('<xml><a>1 &lt; 2</a></xml>'), { a: '1 < 2' });
  for (const text of ['', '{}', '<xml><a><b>1</b></a></xml>', '<!DOCTYPE x><xml></xml>', '<xml><!ENTITY a "b"></xml>'])
    assert.equal(readXml(text), undefined, text);
});

const payFields = (out_trade_no: string, auth_code: string, more: V2Fields = {}): V2Fields => ({
  body: '面包',
  out_trade_no,
  total_fee: '100',
  spbill_create_ip: '127.0.0.1',
  auth_code,
  ...more,
});
const pay = (no: string, code: string, more?: V2Fields) => sandbox.v2('/pay/micropay', payFields(no, code, more));
const reverse = (no: string) => sandbox.v2('/secapi/pay/reverse', { out_trade_no: no });
const paid = async (): Promise<string> => {
  const no = number();
  assert.equal((await pay(no, sandbox.code())).result_code, 'SUCCESS');
  return no;
};
const during = async (fault: string, ask: () => Promise<V2Fields>): Promise<V2Fields> => {
  sandbox.wallets.faults.set(fault, true);
  return ask().finally(() => sandbox.wallets.faults.set(fault, false));
};
const fundedBy = async (funding: string, ask: () => Promise<V2Fields>): Promise<V2Fields> => {
  await sandbox.wallets.phone.chooseFunding('wechat', funding);
  const answer = await ask();
  await sandbox.wallets.phone.chooseFunding('wechat', 'balance');
  return answer;
};
const otherPersonsCode = async (): Promise<string> => {
  const settings = { file, cards: ownCards(), faults: createFaults(), now: sandbox.now, pace: 1 };
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
  const room = await openEngine({ ...settings, random, onFault: assert.ifError });
  addConsumer(room.core, { id: 'c2', name: { zh: '李明', en: 'Li Ming' }, password: '654321', balanceMinor: 100_000n });
  const { code } = paymentCode(room.core, 'c2', 'wechat');
  await room.close();
  return code;
};

/** china.md §3.3: every err_code of micropay, and how it comes about. */
const micropay: Readonly<Record<string, () => Promise<V2Fields>>> = {
  SYSTEMERROR: () => during('system-error', () => pay(number(), sandbox.code())),
  USERPAYING: () => during('password-always', () => pay(number(), sandbox.code())),
  BANKERROR: () => during('bank-error', () => pay(number(), sandbox.code())),
  AUTHCODEEXPIRE: () => {
    const code = sandbox.code();
    sandbox.pass(120_000);
    return pay(number(), code);
  },
  AUTH_CODE_ERROR: async () => {
    const code = sandbox.code();
    await pay(number(), code);
    return pay(number(), code);
  },
  AUTH_CODE_INVALID: () => pay(number(), '289999999999999999'),
  NOTENOUGH: () => fundedBy('own-poor', () => pay(number(), sandbox.code())),
  NOTSUPORTCARD: () => fundedBy('own-refusing', () => pay(number(), sandbox.code())),
  ORDERPAID: async () => pay(await paid(), sandbox.code()),
  ORDERCLOSED: async () => {
    const no = number();
    await fundedBy('own-poor', () => pay(no, sandbox.code()));
    sandbox.pass(600_000);
    return pay(no, sandbox.code());
  },
  ORDERREVERSED: async () => {
    const no = await paid();
    sandbox.pass(15_000);
    assert.equal((await reverse(no)).result_code, 'SUCCESS');
    return pay(no, sandbox.code());
  },
  BUYER_MISMATCH: async () => {
    const no = number();
    await fundedBy('own-poor', () => pay(no, sandbox.code()));
    return pay(no, await otherPersonsCode());
  },
  OUT_TRADE_NO_USED: async () => pay(await paid(), sandbox.code(), { total_fee: '101' }),
  TRADE_ERROR: () => during('payer-frozen', () => pay(number(), sandbox.code())),
  LACK_PARAMS: () => pay(number(), ''),
  PARAM_ERROR: () => pay(number(), sandbox.code(), { total_fee: '1.00' }),
  SIGNERROR: () => pay(number(), sandbox.code(), { sign: 'F'.repeat(32) }),
  XML_FORMAT_ERROR: async () => {
    const answer = await fetch(`${sandbox.wallets.url}/pay/micropay`, { method: 'POST', body: '<xml><a></xml>' });
    return readXml(await answer.text()) ?? {};
  },
  INVALID_REQUEST: () => pay(number(), sandbox.code(), { total_fee: '5000001' }),
  NOAUTH: () => pay(number(), sandbox.code(), { sub_mch_id: '1900000109' }),
  FREQUENCY_LIMITED: () => during('rate-limit', () => pay(number(), sandbox.code())),
  APPID_MCHID_NOT_MATCH: () => pay(number(), sandbox.code(), { appid: 'wx9999999999999999' }),
};

for (const [code, ask] of Object.entries(micropay))
  test(`micropay is refused with ${code}`, async () => {
    const answer = await ask();
    assert.equal(answer.err_code, code, JSON.stringify(answer));
    const isAtDoor = code === 'SIGNERROR' || code === 'XML_FORMAT_ERROR';
    assert.equal(answer.return_code, isAtDoor ? 'FAIL' : 'SUCCESS');
    const { apiV2Key } = sandbox.wallets.merchants.wechat.direct;
    assert.equal(isV2Signed(answer, apiV2Key, 'MD5'), !isAtDoor);
  });

const ours: Readonly<Record<string, readonly [string, () => Promise<unknown>]>> = {
  SYSTEMERROR: ['unknown', () => hears('system-error')],
  BANKERROR: ['unknown', () => hears('bank-error')],
  USERPAYING: ['awaiting-payer', () => hears('password-always')],
  TRADE_ERROR: ['refused TRADE_ERROR', () => hears('payer-frozen')],
  NOAUTH: ['refused NOAUTH', () => hears('merchant-restricted')],
  FREQUENCY_LIMITED: ['refused FREQUENCY_LIMITED', () => hears('rate-limit')],
  AUTH_CODE_INVALID: ['refused AUTH_CODE_INVALID', () => payOurs(number(), '134567890123456789')],
  INVALID_REQUEST: ['refused INVALID_REQUEST', () => payOurs(number(), sandbox.code(), 5_000_001n)],
  ORDERPAID: [
    'paid',
    async () => {
      const no = number();
      await payOurs(no, sandbox.code());
      return payOurs(no, sandbox.code());
    },
  ],
  OUT_TRADE_NO_USED: [
    'refused other-amount',
    async () => {
      const no = number();
      await payOurs(no, sandbox.code());
      return payOurs(no, sandbox.code(), 1n);
    },
  ],
  NOTENOUGH: ['refused NOTENOUGH', () => paidFrom('own-poor')],
  NOTSUPORTCARD: ['refused NOTSUPORTCARD', () => paidFrom('own-refusing')],
};
const payOurs = (no: string, code: string, fen = 100n): Promise<unknown> =>
  sandbox.payV2().payByCode(codeOrder(no, code, cny(fen)));
const hears = async (fault: string): Promise<unknown> => {
  sandbox.wallets.faults.set(fault, true);
  return payOurs(number(), sandbox.code()).finally(() => sandbox.wallets.faults.set(fault, false));
};
const paidFrom = async (card: string): Promise<unknown> => {
  await sandbox.wallets.phone.chooseFunding('wechat', card);
  return payOurs(number(), sandbox.code()).finally(() => sandbox.wallets.phone.chooseFunding('wechat', 'balance'));
};
for (const [code, [word, ask]] of Object.entries(ours))
  test(`our v2 client hears ${code} as: ${word}`, async () => {
    const outcome = (await ask().catch((error: unknown) => error)) as Readonly<
      Record<'kind' | 'code', string | undefined>
    >;
    assert.equal([outcome.kind ?? 'refused', outcome.code].filter(Boolean).join(' '), word);
  });

const refund = (no: string, fee = '1', total = '100') =>
  sandbox.v2('/secapi/pay/refund', { out_trade_no: no, out_refund_no: number('R'), total_fee: total, refund_fee: fee });
const others: readonly (readonly [string, string, () => Promise<V2Fields>])[] = [
  ['orderquery of nothing', 'ORDERNOTEXIST', () => sandbox.v2('/pay/orderquery', { out_trade_no: number('X') })],
  ['refundquery of nothing', 'REFUNDNOTEXIST', () => sandbox.v2('/pay/refundquery', { out_refund_no: 'nothing' })],
  ['refund over another total', 'REFUND_FEE_MISMATCH', async () => refund(await paid(), '1', '99')],
  ['refund of more than was paid', 'ERROR', async () => refund(await paid(), '101')],
  ['refund of an order of another', 'ORDERNOTEXIST', () => refund(number('X'))],
  [
    'refund to a payer who is gone',
    'USER_ACCOUNT_ABNORMAL',
    async () => {
      const no = await paid();
      return during('payer-frozen', () => refund(no));
    },
  ],
  [
    'refund a year later',
    'TRADE_OVERDUE',
    async () => {
      const no = await paid();
      sandbox.pass(366 * 86_400_000);
      return refund(no);
    },
  ],
  ['reversal in the first 15 seconds', 'INVALID_REQUEST', async () => reverse(await paid())],
  [
    'reversal after seven days',
    'REVERSE_EXPIRE',
    async () => {
      const no = await paid();
      sandbox.pass(8 * 86_400_000);
      return reverse(no);
    },
  ],
];
for (const [what, code, ask] of others)
  test(`${what} is refused with ${code}`, async () => assert.equal((await ask()).err_code, code));

test('reverse and refund want the merchant’s certificate: none, and another’s, will not do', async () => {
  const plain = await fetch(`${sandbox.wallets.url}/secapi/pay/reverse`, { method: 'POST', body: '<xml></xml>' });
  assert.equal(plain.status, 400);
  const { direct, partner } = sandbox.wallets.merchants.wechat;
  const fields = { appid: direct.appid, mch_id: direct.mchid, nonce_str: 'x', out_trade_no: number() };
  const sign = v2Sign(fields, direct.apiV2Key, 'MD5');
  const answer = await sandbox.v2('/secapi/pay/reverse', { ...fields, sign }, 'partner');
  assert.equal(answer.err_code, 'CERT_ERROR');
  assert.notEqual(partner.mchid, direct.mchid);
});

test('our v2 client pays, queries, refunds and reverses, with MD5 and with HMAC-SHA256', async () => {
  for (const signType of ['MD5', 'HMAC-SHA256'] as const) {
    const client = sandbox.payV2('direct', { signType });
    const no = number();
    const outcome = await client.payByCode(codeOrder(no, sandbox.code()));
    assert.equal(outcome.kind, 'paid');
    const query = await client.query({ outTradeNo: no }, cny(12_50n));
    assert.deepEqual([query.state, query.total], ['SUCCESS', cny(12_50n)]);
    const outRefundNo = number('R');
    const order = { outRefundNo, original: { outTradeNo: no }, refund: cny(50n), total: cny(12_50n) };
    assert.equal((await client.refund(order)).state, 'PROCESSING');
    assert.equal((await client.queryRefund(outRefundNo)).refund.minor, 50n);
    const other = number();
    await client.payByCode(codeOrder(other, sandbox.code()));
    assert.equal((await client.reverse(other)).kind, 'again');
    sandbox.pass(15_000);
    assert.deepEqual(await client.reverse(other), { kind: 'reversed' });
    assert.equal((await client.query({ outTradeNo: other })).state, 'REVOKED');
  }
});

test('a partner sells for its sub-merchant over v2', async () => {
  const client = sandbox.payV2('partner');
  const no = number();
  assert.equal((await client.payByCode(codeOrder(no, sandbox.code()))).kind, 'paid');
  assert.equal((await client.query({ outTradeNo: no })).merchant.subMchid, '1900000109');
});

test('an answer of v2 with a wrong signature is not believed: the order is queried', async () => {
  sandbox.wallets.faults.set('answer-signature', true);
  const outcome = await sandbox.payV2().payByCode(codeOrder(number(), sandbox.code()));
  assert.equal(outcome.kind, 'paid');
});
