import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cny } from '@zhanggui/money';
import { openWeChatPay, WeChatPayError } from '@zhanggui/wechatpay';
import { addConsumer, paymentCode } from '../engine/consumers.ts';
import { openEngine } from '../engine/engine.ts';
import { createFaults } from '../faults.ts';
import { ownCards } from '../own-cards.ts';
import {
  codeOrder,
  type Heard,
  nativeOrder,
  number,
  openSandbox,
  type Sandbox,
  signedHeaders,
} from '../testing/sandbox.ts';
import { type RefusalName, refusals } from './refusals.ts';

const folder = mkdtempSync(join(tmpdir(), 'wallets-'));
const file = join(folder, 'wallets.sqlite');
let sandbox: Sandbox;
before(async () => {
  sandbox = await openSandbox({ pace: 1, file });
});
after(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

const base = '/v3/pay/transactions';
const notify_url = 'http://127.0.0.1:9/notify';
const ids = () => {
  const { mchid, appid } = sandbox.wallets.merchants.wechat.direct;
  return { mchid, appid };
};
const partnerIds = () => {
  const { mchid, appid, subMerchants } = sandbox.wallets.merchants.wechat.partner;
  return { sp_mchid: mchid, sp_appid: appid, sub_mchid: subMerchants[0]?.mchid };
};
type Json = Readonly<Record<string, unknown>>;
const native = (out_trade_no: string, more: Json = {}) =>
  sandbox.v3('POST', `${base}/native`, {
    ...ids(),
    description: '面包',
    out_trade_no,
    notify_url,
    amount: { total: 100 },
    ...more,
  });
const codepay = (out_trade_no: string, auth_code: string, more: Json = {}) =>
  sandbox.v3('POST', `${base}/codepay`, {
    ...ids(),
    description: '面包',
    out_trade_no,
    amount: { total: 100 },
    payer: { auth_code },
    scene_info: { store_info: { id: '1' } },
    ...more,
  });
const close = (no: string) => sandbox.v3('POST', `${base}/out-trade-no/${no}/close`, { mchid: ids().mchid });
const reverse = (no: string) => sandbox.v3('POST', `${base}/out-trade-no/${no}/reverse`, ids());
const refund = (out_trade_no: string, more: Json = {}) =>
  sandbox.v3('POST', '/v3/refund/domestic/refunds', {
    out_trade_no,
    out_refund_no: number('R'),
    amount: { refund: 1, total: 100, currency: 'CNY' },
    ...more,
  });
const withFault = async (id: string, ask: () => Promise<Heard>): Promise<Heard> => {
  assert.ok(sandbox.wallets.faults.set(id, true));
  try {
    return await ask();
  } finally {
    sandbox.wallets.faults.set(id, false);
  }
};
const paid = async (): Promise<string> => {
  const no = number();
  assert.equal((await codepay(no, sandbox.code())).json.trade_state, 'SUCCESS');
  return no;
};
/** In the sandbox's own day. */
const day = (days: number): string =>
  new Date(sandbox.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);

const otherPersonsCode = async (): Promise<string> => {
  const settings = { file, cards: ownCards(), faults: createFaults(), now: sandbox.now, pace: 1 };
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
  const room = await openEngine({ ...settings, random, onFault: assert.ifError });
  const name = { zh: '李明', en: 'Li Ming' };
  addConsumer(room.core, { id: 'consumer-2', name, password: '654321', balanceMinor: 100_000n });
  const { code } = paymentCode(room.core, 'consumer-2', 'wechat');
  await room.close();
  return code;
};

/** Of the next morning in Beijing. */
const toNineOClock = (): void => {
  const dayMs = 86_400_000;
  sandbox.pass(dayMs - ((sandbox.now() + 8 * 3_600_000) % dayMs) + 9 * 3_600_000);
};

/** How each row of the table is reached over HTTP. */
const ways: Readonly<Record<RefusalName, () => Promise<Heard>>> = {
  parameter: () => native(number(), { amount: { total: 0 } }),
  extraParameter: () => native(number(), { colour: 'red' }),
  invalidRequest: async () => {
    const no = number();
    await native(no);
    return reverse(no);
  },
  otherTerms: async () => {
    const no = number();
    await native(no);
    return native(no, { amount: { total: 101 } });
  },
  mustReverse: async () => close(await paid()),
  merchantUnknown: () => native(number(), { mchid: '1999999999' }),
  appOfOther: () => native(number(), { appid: 'wx9999999999999999' }),
  orderClosed: async () => {
    const no = number();
    await native(no);
    await close(no);
    return native(no);
  },
  orderReversed: async () => {
    const no = await paid();
    sandbox.pass(15_000);
    assert.equal((await reverse(no)).status, 200);
    return codepay(no, sandbox.code());
  },
  orderPaid: async () => codepay(await paid(), sandbox.code()),
  closePaid: async () => {
    const no = number();
    const scanned = sandbox.wallets.phone.scan(String((await native(no)).json.code_url));
    assert.ok(scanned.kind === 'order');
    assert.equal((await sandbox.wallets.phone.pay({ orderId: scanned.orderId, password: '123456' })).kind, 'paid');
    return close(no);
  },
  codeExpired: () => {
    const code = sandbox.code();
    sandbox.pass(120_000);
    return codepay(number(), code);
  },
  codeInvalid: () => codepay(number(), '134567890123456789'),
  codeUsed: async () => {
    const code = sandbox.code();
    await codepay(number(), code);
    return codepay(number(), code);
  },
  buyerMismatch: async () => {
    const no = number();
    const first = await withFault('payer-frozen', () => codepay(no, sandbox.code()));
    assert.equal(first.json.code, 'ACCOUNT_ERROR');
    return codepay(no, await otherPersonsCode());
  },
  noStatement: () => sandbox.v3('GET', `/v3/bill/tradebill?bill_date=${day(-5)}&bill_type=ALL`),
  statementCreating: () => {
    toNineOClock();
    return sandbox.v3('GET', `/v3/bill/tradebill?bill_date=${day(-1)}`);
  },
  notServed: () =>
    sandbox.v3(
      'POST',
      '/v3/pay/partner/transactions/native',
      {
        ...partnerIds(),
        sub_mchid: ids().mchid,
        description: '面包',
        out_trade_no: number(),
        notify_url,
        amount: { total: 100 },
      },
      'partner',
    ),
  notAllowed: () => native(number(), { mchid: sandbox.wallets.merchants.wechat.partner.mchid }),
  merchantRestricted: () => withFault('merchant-restricted', () => native(number())),
  notEnough: () => poor(),
  rule: () => native(number(), { amount: { total: 5_000_001 } }),
  trade: async () => {
    await sandbox.wallets.phone.chooseFunding('wechat', 'own-refusing');
    const answer = await codepay(number(), sandbox.code());
    await sandbox.wallets.phone.chooseFunding('wechat', 'balance');
    return answer;
  },
  payerAccount: () => withFault('payer-frozen', () => codepay(number(), sandbox.code())),
  refundAccount: async () => {
    const no = await paid();
    return withFault('payer-frozen', () => refund(no));
  },
  numberUsed: async () => {
    const no = number();
    await native(no);
    return codepay(no, sandbox.code());
  },
  orderUnknown: () => sandbox.v3('GET', `${base}/out-trade-no/${number('X')}?mchid=${ids().mchid}`),
  resourceUnknown: () => refund(number('X')),
  tooFrequent: () => withFault('rate-limit', () => native(number())),
  rateExceeded: () => withFault('rate-limit', () => sandbox.v3('GET', `/v3/bill/tradebill?bill_date=${day(-2)}`)),
  system: () => withFault('system-error', () => codepay(number(), sandbox.code())),
  bank: () => withFault('bank-error', () => codepay(number(), sandbox.code())),
};

const poor = async (): Promise<Heard> => {
  await sandbox.wallets.phone.chooseFunding('wechat', 'own-poor');
  const answer = await codepay(number(), sandbox.code());
  await sandbox.wallets.phone.chooseFunding('wechat', 'balance');
  return answer;
};

for (const [name, way] of Object.entries(ways) as [RefusalName, () => Promise<Heard>][]) {
  const { status, code, number: tail } = refusals[name];
  test(`${name}: ${status} ${code}, Request-ID ends with ${tail}, signed`, async () => {
    const answer = await way();
    assert.deepEqual([answer.status, answer.json.code], [status, code], answer.text);
    assert.ok(answer.headers.get('Request-ID')?.endsWith(`-${tail}`), answer.headers.get('Request-ID') ?? '');
    assert.ok(answer.headers.get('Wechatpay-Signature'));
    assert.equal(typeof answer.json.message, 'string');
  });
}

test('a wrong signature is 401 SIGN_ERROR, Request-ID ends with 268443699, and carries no signature', async () => {
  const headers = signedHeaders(sandbox.wallets.merchants.wechat.direct, {
    method: 'GET',
    path: '/v3/certificates',
    body: 'something else',
    at: sandbox.now(),
  });
  const answer = await fetch(`${sandbox.wallets.url}/v3/certificates`, { headers });
  assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [401, 'SIGN_ERROR']);
  assert.ok(answer.headers.get('Request-ID')?.endsWith('-268443699'));
  assert.equal(answer.headers.get('Wechatpay-Signature'), null);
});

const said = async (ask: () => Promise<unknown>): Promise<string> => {
  const outcome = await ask().catch((error: unknown) => error);
  if (outcome instanceof WeChatPayError) return `${outcome.code} ${outcome.wechat?.code}`;
  const { kind, code, reason } = outcome as Readonly<Record<'kind' | 'code' | 'reason', string | undefined>>;
  return [kind, code ?? reason].join(' ');
};
const shown = (no: string, total = 100n) => sandbox.pay().native(nativeOrder(no, cny(total)));
const byCode = (no: string, code: string) => sandbox.pay().payByCode(codeOrder(no, code, cny(100n)));
const during = async (fault: string, ask: () => Promise<unknown>): Promise<unknown> => {
  sandbox.wallets.faults.set(fault, true);
  return ask().finally(() => sandbox.wallets.faults.set(fault, false));
};

const fundedBy = async (card: string): Promise<unknown> => {
  await sandbox.wallets.phone.chooseFunding('wechat', card);
  const outcome = await byCode(number(), sandbox.code());
  await sandbox.wallets.phone.chooseFunding('wechat', 'balance');
  return outcome;
};
/** A partner's client whose settings are not all its own. */
const servedAs = (wrong: Readonly<{ subMchid?: string; spAppid?: string }>): Promise<unknown> => {
  const { mchid, appid, subMerchants, platform, certificateSerial, privateKey, apiV3Key } =
    sandbox.wallets.merchants.wechat.partner;
  const right = { mode: 'partner', spMchid: mchid, spAppid: appid, subMchid: subMerchants[0]?.mchid ?? '' } as const;
  const keys = { certificateSerial, privateKey, apiV3Key, platform: { publicKeys: platform.publicKeys } };
  const client = openWeChatPay({
    account: { ...right, ...wrong },
    ...keys,
    hosts: [sandbox.wallets.url],
    now: sandbox.now,
  });
  return client.native(nativeOrder(number(), cny(100n)));
};

/** The same through our client, where it speaks the call. */
const words: Readonly<Partial<Record<RefusalName, readonly [string, () => Promise<unknown>]>>> = {
  otherTerms: ['refused INVALID_REQUEST', async () => (await shown('W00000001'), shown('W00000001', 101n))],
  orderClosed: [
    'refused ORDER_CLOSED',
    async () => (await shown('W00000002'), await sandbox.pay().close('W00000002'), shown('W00000002')),
  ],
  mustReverse: [
    'refused INVALID_REQUEST',
    async () => (await byCode('W00000003', sandbox.code()), sandbox.pay().close('W00000003')),
  ],
  codeInvalid: ['refused AUTH_CODE_INVALID', () => byCode(number(), '134567890123456789')],
  codeUsed: [
    'refused AUTH_CODE_INVALID',
    async () => {
      const code = sandbox.code();
      await byCode(number(), code);
      return byCode(number(), code);
    },
  ],
  codeExpired: [
    'refused AUTH_CODE_EXPIRED',
    () => {
      const code = sandbox.code();
      sandbox.pass(120_000);
      return byCode(number(), code);
    },
  ],
  payerAccount: ['refused ACCOUNT_ERROR', () => during('payer-frozen', () => byCode(number(), sandbox.code()))],
  merchantRestricted: ['refused NO_AUTH', () => during('merchant-restricted', () => byCode(number(), sandbox.code()))],
  rule: ['refused RULE_LIMIT', () => shown(number(), 5_000_001n)],
  orderUnknown: ['refused ORDER_NOT_EXIST', () => sandbox.pay().query({ outTradeNo: number('X') })],
  resourceUnknown: ['refused RESOURCE_NOT_EXISTS', () => sandbox.pay().queryRefund('R-nowhere')],
  tooFrequent: ['rate-limited FREQUENCY_LIMITED', () => during('rate-limit', () => shown(number()))],
  rateExceeded: [
    'rate-limited RATELIMIT_EXCEEDED',
    () => during('rate-limit', () => sandbox.pay().tradeBill({ date: day(-2) })),
  ],
  system: ['unknown outcome-unknown', () => during('system-error', () => byCode(number(), sandbox.code()))],
  bank: ['outcome-unknown BANK_ERROR', () => during('bank-error', () => shown(number()))],
  noStatement: ['refused NO_STATEMENT_EXIST', () => sandbox.pay().tradeBill({ date: day(-5) })],
  numberUsed: ['unknown NOTPAY', async () => (await shown('W00000004'), byCode('W00000004', sandbox.code()))],
  refundAccount: [
    'refused USER_ACCOUNT_ABNORMAL',
    async () => {
      await byCode('W00000005', sandbox.code());
      const order = { outRefundNo: 'R-5', original: { outTradeNo: 'W00000005' }, refund: cny(1n), total: cny(100n) };
      return during('payer-frozen', () => sandbox.pay().refund(order));
    },
  ],
  invalidRequest: [
    'refused INVALID_REQUEST',
    async () => {
      await shown('W00000011');
      return sandbox.pay().reverse('W00000011');
    },
  ],
  merchantUnknown: ['refused MCH_NOT_EXISTS', () => servedAs({ subMchid: '1999999999' })],
  notServed: ['refused NO_AUTH', () => servedAs({ subMchid: ids().mchid })],
  appOfOther: ['refused APPID_MCHID_NOT_MATCH', () => servedAs({ spAppid: 'wx9999999999999999' })],
  orderReversed: [
    'refused ORDER_REVERSED',
    async () => {
      await byCode('W00000012', sandbox.code());
      sandbox.pass(15_000);
      await sandbox.pay().reverse('W00000012');
      return byCode('W00000012', sandbox.code());
    },
  ],
  closePaid: [
    'refused ORDER_PAID',
    async () => {
      const seen = sandbox.wallets.phone.scan((await shown('W00000013')).codeUrl);
      assert.ok(seen.kind === 'order');
      await sandbox.wallets.phone.pay({ orderId: seen.orderId });
      return sandbox.pay().close('W00000013');
    },
  ],
  buyerMismatch: [
    'refused BUYER_MISMATCH',
    async () => {
      await during('payer-frozen', () => byCode('W00000014', sandbox.code()));
      return byCode('W00000014', await otherPersonsCode());
    },
  ],
  notEnough: ['refused NOT_ENOUGH', () => fundedBy('own-poor')],
  trade: ['refused TRADE_ERROR', () => fundedBy('own-refusing')],
  statementCreating: [
    'refused STATEMENT_CREATING',
    () => {
      toNineOClock();
      return sandbox.pay().tradeBill({ date: day(-1) });
    },
  ],
  orderPaid: [
    'paid ',
    async () => {
      await byCode('W00000006', sandbox.code());
      return byCode('W00000006', sandbox.code());
    },
  ],
};

test('our client speaks to every row but those that it never lets happen', () => {
  const never = ['parameter', 'extraParameter', 'notAllowed'];
  assert.deepEqual(
    Object.keys(refusals).filter((name) => !(name in words)),
    never,
  );
});

for (const [name, [word, ask]] of Object.entries(words))
  test(`our client hears ${name} as: ${word}`, async () => assert.equal((await said(ask)).trim(), word.trim()));
