import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { after, before, test } from 'node:test';
import { openWorld, startMs, type World } from '../testing/world.ts';
import { openAlipayFace } from './face.ts';
import type { AlipayMerchant } from './keys.ts';
import { type AlipayReason, alipayRefusals } from './refusals.ts';
import { textOfTime } from './room.ts';

let world: World<AlipayMerchant>;
before(async () => {
  world = await openWorld(openAlipayFace);
});
after(() => world.close());

type Fields = Record<string, string | undefined>;

const posted = async (fields: Fields): Promise<string> => {
  const present = Object.entries(fields).flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : []));
  const answer = await fetch(`${world.url}/gateway.do`, { method: 'POST', body: new URLSearchParams(present) });
  return answer.text();
};

/** A request with some fields otherwise than they should be; signed as it is. */
const asked = async (method: string, content: unknown, over: Fields = {}): Promise<string> => {
  const fields: Fields = {
    app_id: world.merchant.appId,
    method,
    format: 'JSON',
    charset: 'utf-8',
    sign_type: 'RSA2',
    timestamp: textOfTime(startMs),
    version: '1.0',
    biz_content: typeof content === 'string' ? content : JSON.stringify(content),
    ...over,
  };
  const names = Object.keys(fields).filter((name) => fields[name]);
  const text = names
    .toSorted()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
  const signature = sign('sha256', Buffer.from(text), world.merchant.privateKey).toString('base64');
  return posted({ ...fields, sign: signature, ...('sign' in over && { sign: over.sign }) });
};

let count = 0;
const nextOrder = (amount = '1.00') => {
  count += 1;
  const code = world.phone.paymentCode('alipay').code;
  return { out_trade_no: `E${count}`, total_amount: amount, subject: '面包', auth_code: code };
};
const pay = (content: unknown): Promise<string> => asked('alipay.trade.pay', content);
const named = (content: unknown): unknown => ({ out_trade_no: (content as { out_trade_no: string }).out_trade_no });
const paid = async (amount = '1.00') => {
  const order = nextOrder(amount);
  assert.match(await pay(order), /"code":"10000"/);
  return order;
};
const withFault = async (id: string, act: () => Promise<string>): Promise<string> => {
  world.faults.set(id, true);
  const answer = await act();
  world.faults.set(id, false);
  return answer;
};
const refund = (order: unknown, amount: string, number = 'R1'): Promise<string> =>
  asked('alipay.trade.refund', { ...(named(order) as object), refund_amount: amount, out_request_no: number });
const balanceAway = async (): Promise<string> => {
  const order = await paid('3.00');
  const account = `merchant/alipay/${world.merchant.appId}`;
  const amountMinor = world.engine.balance(account);
  const away = { id: 'away', from: account, to: 'outside', amountMinor, why: 'test', orderId: null };
  world.engine.move([away]);
  const answer = await refund(order, '3.00');
  world.engine.move([{ ...away, id: 'back', from: 'outside', to: account }]);
  return answer;
};

const door = (over: Fields): Promise<string> => asked('alipay.trade.query', { out_trade_no: 'E' }, over);
const ways: Readonly<Record<AlipayReason, () => Promise<string>>> = {
  'no-app': () => door({ app_id: undefined }),
  'no-method': () => door({ method: undefined }),
  'no-signature': () => door({ sign: undefined }),
  'no-signature-type': () => door({ sign_type: undefined }),
  'no-timestamp': () => door({ timestamp: undefined }),
  'no-version': () => door({ version: undefined }),
  'app-unknown': () => door({ app_id: '2021000000000009' }),
  'method-unknown': () => asked('alipay.trade.guess', {}),
  'signature-wrong': () => door({ sign: 'AAAA' }),
  'signature-type': () => door({ sign_type: 'RSA' }),
  'timestamp-wrong': () => door({ timestamp: '20260601' }),
  charset: () => door({ charset: 'gbk' }),
  format: () => door({ format: 'XML' }),
  'content-malformed': () => asked('alipay.trade.query', '{'),
  'too-often': () => withFault('rate-limit', () => door({})),
  unavailable: () => withFault('system-error', () => pay(nextOrder())),
  'system-error': () => withFault('bank-error', () => pay(nextOrder())),
  'parameter-wrong': () => pay({ ...nextOrder(), total_amount: '1.001' }),
  'amount-too-large': () => pay(nextOrder('100000000.01')),
  'auth-code': () => pay({ ...nextOrder(), auth_code: '289999999999999999' }),
  'other-terms': async () => pay({ ...(await paid()), total_amount: '2.00' }),
  'has-success': async () => pay(await paid()),
  'has-close': async () => {
    const order = await paid();
    await asked('alipay.trade.cancel', named(order));
    return pay(order);
  },
  'not-enough': () => {
    world.phone.setPasswordRule('never');
    return pay(nextOrder('900000.00')).finally(() => world.phone.setPasswordRule('over-1000'));
  },
  'payment-fail': async () => {
    await world.phone.chooseFunding('alipay', 'own-refusing');
    return pay(nextOrder()).finally(() => world.phone.chooseFunding('alipay', 'balance'));
  },
  'other-buyer': async () => {
    await world.phone.chooseFunding('alipay', 'own-refusing');
    const order = nextOrder();
    await pay(order);
    await world.phone.chooseFunding('alipay', 'balance');
    return pay({ ...order, auth_code: world.otherPhone.paymentCode('alipay').code });
  },
  'buyer-forbidden': () => withFault('payer-frozen', () => pay(nextOrder())),
  'seller-restricted': () => withFault('merchant-restricted', () => pay(nextOrder())),
  'not-exist': () => asked('alipay.trade.query', { out_trade_no: 'NOBODY' }),
  'status-wrong': async () => asked('alipay.trade.close', named(await paid())),
  'seller-not-enough': balanceAway,
  'cancel-too-late': async () => {
    const order = await paid();
    world.pass(86_400_001);
    return asked('alipay.trade.cancel', named(order));
  },
  'cancel-refunded': async () => {
    const order = await paid();
    await refund(order, '0.10');
    return asked('alipay.trade.cancel', named(order));
  },
  'refund-exceeds': async () => refund(await paid(), '1.01'),
  'refund-discordant': async () => {
    const order = await paid();
    await refund(order, '0.10');
    return refund(order, '0.20');
  },
  'refund-not-allowed': async () => {
    const order = await paid();
    for (let part = 0; part < 50; part += 1) await refund(order, '0.01', `P${part}`);
    return refund(order, '0.01', 'P50');
  },
  'refund-finished': async () => {
    const order = await paid();
    world.pass(366 * 86_400_000);
    return refund(order, '0.10');
  },
  'bill-not-exist': () =>
    asked('alipay.data.dataservice.bill.downloadurl.query', { bill_type: 'trade', bill_date: '2099-01-01' }),
};

for (const [reason, way] of Object.entries(ways))
  test(`refuses ${reason} in Alipay's words`, async () => {
    const { code, msg, subCode, subMsg } = alipayRefusals[reason as AlipayReason];
    const parsed = JSON.parse(await way()) as Record<string, unknown>;
    const [, node] = Object.entries(parsed)[0] ?? [];
    const { code: gotCode, msg: gotMsg, sub_code: gotSub, sub_msg: gotText } = node as Record<string, string>;
    assert.deepEqual([gotCode, gotMsg, gotSub, gotText], [code, msg, subCode, subMsg]);
  });
