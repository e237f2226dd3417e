import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openWorld, startMs, type World } from '../testing/world.ts';
import { openUnionPayFace } from './face.ts';
import type { UnionPayMerchant } from './keys.ts';
import { openUnionPayKeys } from './keys.ts';
import { digitsOfTime, signatureOf } from './room.ts';

let world: World<UnionPayMerchant>;
before(async () => {
  world = await openWorld(openUnionPayFace);
});
after(() => world.close());

type Fields = Record<string, string>;

let count = 0;
const nextId = (): string => {
  count += 1;
  return `E${String(count).padStart(9, '0')}`;
};
const time = (): string => digitsOfTime(world.now());

/** The answer to a request with some fields otherwise than they should be; '' leaves a field out. */
const asked = async (path: string, fields: Fields, over: Fields = {}): Promise<Fields> => {
  const { certId, merchantIdentity } = openUnionPayKeys(world.engine);
  const common = { version: '5.1.0', encoding: 'UTF-8', signMethod: '01', bizType: '000000', accessType: '0' };
  const all = { ...common, merId: world.merchant.merId, certId, ...fields, ...over };
  const unsigned = Object.fromEntries(
    Object.entries(all).filter(([name, value]) => value !== '' && name !== 'signature'),
  );
  const signature = over.signature ?? signatureOf(unsigned, merchantIdentity.privateKey);
  const answer = await fetch(world.url + path, {
    method: 'POST',
    body: new URLSearchParams({ ...unsigned, signature }),
  });
  const pairs = (await answer.text())
    .split('&')
    .map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
  return Object.fromEntries(pairs);
};
const back = '/gateway/api/backTransReq.do';
const saleFields = (over: Fields = {}): Fields => ({
  txnType: '01',
  txnSubType: '06',
  orderId: nextId(),
  txnTime: time(),
  txnAmt: '100',
  currencyCode: '156',
  qrNo: world.phone.paymentCode('unionpay').code,
  ...over,
});
const sale = async (over: Fields = {}): Promise<Fields> => {
  const fields = saleFields(over);
  return { ...(await asked(back, fields)), asked: JSON.stringify(fields) };
};
const paid = async (over: Fields = {}): Promise<Fields> => {
  const answer = await sale(over);
  assert.equal(answer.respCode, '00');
  return answer;
};
const giveBack = (txnType: string, original: Fields, over: Fields = {}): Promise<Fields> => {
  const fields = { txnType, txnSubType: '00', orderId: nextId(), txnTime: time(), txnAmt: '100', currencyCode: '156' };
  return asked(back, { ...fields, origQryId: original.queryId ?? '', ...over });
};
const reversed = ({ orderId = '', txnTime = '' }: Fields): Promise<Fields> =>
  asked(back, { txnType: '99', txnSubType: '01', orderId, txnTime });
const query = ({ orderId = '', txnTime = '' }: Fields): Promise<Fields> =>
  asked('/gateway/api/queryTrans.do', { txnType: '00', txnSubType: '00', orderId, txnTime });
const withFault = async (id: string, act: () => Promise<Fields>): Promise<Fields> => {
  world.faults.set(id, true);
  const answer = await act();
  world.faults.set(id, false);
  return answer;
};
const poorly = async (card: string): Promise<Fields> => {
  await world.phone.chooseFunding('unionpay', card);
  const answer = await sale();
  await world.phone.chooseFunding('unionpay', 'balance');
  return answer;
};
const file = (over: Fields = {}): Promise<Fields> =>
  asked('/unionpay/files', {
    txnType: '76',
    txnSubType: '01',
    fileType: '00',
    txnTime: time(),
    settleDate: '0601',
    ...over,
  });

const ways: Readonly<Record<string, readonly (() => Promise<Fields>)[]>> = {
  '00': [sale, file, async () => reversed(await paid()), async () => giveBack('31', await paid())],
  '03': [() => withFault('bank-error', sale)],
  '04': [() => withFault('system-error', sale), () => withFault('system-error-after', sale)],
  '05': [
    async () => {
      const original = await paid();
      return withFault('bank-error', () => reversed(original));
    },
  ],
  '10': [
    () => asked(back, saleFields(), { version: '5.0.0' }),
    () => sale({ txnTime: digitsOfTime(startMs - 7_200_000) }),
    () => sale({ txnAmt: '1.00' }),
    () => sale({ txnSubType: '07', payTimeout: digitsOfTime(startMs - 1_000) }),
    () => file({ settleDate: '1340' }),
  ],
  '11': [() => asked(back, saleFields(), { signature: 'AAAA' }), () => asked(back, saleFields(), { certId: '1' })],
  '12': [async () => sale(JSON.parse((await paid()).asked ?? '') as Fields)],
  '13': [() => asked(back, saleFields(), { certId: '' }), () => sale({ qrNo: '' }), () => file({ fileType: '' })],
  '30': [() => sale({ qrNo: '6299999999999999999' })],
  '31': [() => asked(back, saleFields(), { merId: '777290000000009' })],
  '32': [() => asked(back, { ...saleFields(), txnType: '02', txnSubType: '05' })],
  '33': [() => sale({ txnAmt: '5000001' })],
  '34': [() => query({ orderId: 'NOBODY0001', txnTime: time() })],
  '35': [
    () => reversed({ orderId: 'NOBODY0001', txnTime: time() }),
    () => giveBack('04', { queryId: '2'.repeat(21) }),
    () => giveBack('31', { queryId: '2'.repeat(21) }),
  ],
  '36': [
    async () => giveBack('04', await paid(), { txnAmt: '101' }),
    async () => giveBack('31', await paid(), { txnAmt: '99' }),
  ],
  '37': [() => withFault('rate-limit', sale)],
  '38': [() => withFault('merchant-restricted', sale)],
  '45': [
    async () => {
      const original = await paid();
      await giveBack('04', original, { txnAmt: '1' });
      return giveBack('31', original);
    },
    async () => {
      const original = await paid();
      await giveBack('04', original, { txnAmt: '1' });
      return reversed(original);
    },
  ],
  '46': [
    async () => {
      const original = await paid();
      await reversed(original);
      return reversed(original);
    },
  ],
  '60': [() => poorly('own-refusing')],
  '63': [() => withFault('payer-frozen', sale)],
  '64': [() => poorly('own-poor')],
  '39': [
    async () => {
      const original = await paid();
      world.pass(86_400_000);
      return reversed(original);
    },
    async () => {
      const original = await paid();
      world.pass(86_400_000);
      return giveBack('31', original);
    },
  ],
};

for (const [code, actions] of Object.entries(ways))
  test(`answers ${code}`, async () => {
    for (const act of actions) {
      const answer = await act();
      assert.equal(answer.respCode, code);
      assert.ok(answer.respMsg?.endsWith(`[${code}00000]`));
      assert.ok(answer.signature && answer.signPubKeyCert);
    }
  });

test('what is not of UnionPay is left to others', async () => {
  const answer = await fetch(`${world.url}/v3/certificates`);
  assert.equal(answer.status, 404);
});
