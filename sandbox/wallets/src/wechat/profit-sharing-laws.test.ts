import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { availableAccount, frozenAccount } from '../engine/accounts.ts';
import type { Order } from '../engine/words.ts';
import { openTestRoom, type TestRoom } from '../testing/wechat-room.ts';
import { profitSharingRoutes } from './profit-sharing-routes.ts';

const minute = 60_000;
const merchantNo = '1900000001';
const partner = '1900000100';
const appid = 'wx0000000000000001';
let town: TestRoom;
before(async () => {
  town = await openTestRoom();
  town.mount(profitSharingRoutes(town.room));
  const relation = { appid, type: 'MERCHANT_ID', account: partner, relation_type: 'PARTNER' };
  await town.says('POST', '/v3/profitsharing/receivers/add', relation);
});
after(() => town.close());

let count = 0;
const number = (): string => {
  count += 1;
  return `L${String(count).padStart(7, '0')}`;
};

type Step = Readonly<{ kind: 'share' | 'share-all' | 'unfreeze' | 'refund' | 'return' | 'wait'; fen: number }>;
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom<Step['kind']>('share', 'share-all', 'unfreeze', 'refund', 'return', 'wait'),
    fen: fc.integer({ min: 1, max: 4_000 }),
  }),
  { maxLength: 12 },
);

type Done = { shared: bigint; returned: bigint; refunded: bigint; lastShare: string | undefined };

const share = async (order: Order, step: Step, done: Done): Promise<void> => {
  const body = {
    appid,
    transaction_id: order.tradeNo,
    out_order_no: number(),
    receivers: [{ type: 'MERCHANT_ID', account: partner, amount: step.fen, description: '分账' }],
    unfreeze_unsplit: step.kind === 'share-all',
  };
  const reply = await town.call('POST', '/v3/profitsharing/orders', body);
  if (reply.kind === 'refused') return;
  assert.deepEqual(await town.call('POST', '/v3/profitsharing/orders', body), reply);
  done.shared += BigInt(step.fen);
  done.lastShare = body.out_order_no;
  assert.ok(done.shared <= ((order.amountMinor - done.refunded) * 3n) / 10n, 'never more than 30 % of what is left');
};

const take = async (order: Order, step: Step, done: Done): Promise<void> => {
  switch (step.kind) {
    case 'share':
    case 'share-all':
      return share(order, step, done);
    case 'unfreeze': {
      const body = { transaction_id: order.tradeNo, out_order_no: number(), description: '解冻' };
      return void (await town.call('POST', '/v3/profitsharing/orders/unfreeze', body));
    }
    case 'refund': {
      const refund = { outRefundNo: number(), amountMinor: BigInt(step.fen), terms: '', memo: '' };
      const outcome = await town.engine.refund({ order, ...refund });
      if (outcome.kind === 'accepted') done.refunded += refund.amountMinor;
      return undefined;
    }
    case 'return': {
      const back = { return_mchid: partner, amount: step.fen, description: '退货', out_return_no: number() };
      const reply = await town.call('POST', '/v3/profitsharing/return-orders', {
        ...back,
        out_order_no: done.lastShare,
      });
      if (reply.kind === 'reply') done.returned += BigInt(step.fen);
      return undefined;
    }
    case 'wait':
      return town.pass(step.fen * 1_000);
  }
};

const held = (account: string): bigint => town.engine.balance(account);
const available = (mchid: string): bigint => held(availableAccount({ wallet: 'wechat', merchantNo: mchid }));

test('whatever is shared, released, refunded and returned, in any order: every fen of the payment is somewhere', () =>
  fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      const before = available(merchantNo) + available(partner);
      const order = await town.paid({ merchantNo, outTradeNo: number(), amountMinor: 10_000n, freezes: true });
      town.pass(minute);
      const done: Done = { shared: 0n, returned: 0n, refunded: 0n, lastShare: undefined };
      for (const step of plan) await take(order, step, done);
      town.engine.prove();
      const fees = town.engine.refundsOf(order.id).reduce((sum, refund) => sum - refund.feeMinor, order.feeMinor);
      const left = available(merchantNo) + available(partner) - before + held(frozenAccount(order.id));
      assert.equal(left, order.amountMinor - fees - done.refunded);
      assert.ok(done.returned <= done.shared, 'nobody gives back more than he got');
    }),
    { numRuns: 60 },
  ));
