import assert from 'node:assert/strict';
import { availableAccount } from './accounts.ts';
import { type Core, orderById } from './core.ts';
import { settle } from './money.ts';
import type { Order } from './words.ts';

/** The whole's money goes on to the merchants of its parts; a refund of a part goes to the payer of the whole. */
export const payParts = (core: Core, whole: Order, partIds: readonly string[]): readonly Order[] => {
  const { consumerId, funding } = whole;
  assert.ok(whole.state === 'paid' && consumerId !== null && funding !== null, 'the whole is paid');
  const paid = core.store.atomically(() =>
    partIds.flatMap((id) => {
      const part = orderById(core, id);
      if (part?.state !== 'not-paid') return [];
      const settled = settle(core, part, { consumerId, funding }, availableAccount(whole));
      assert.ok(settled, 'the whole has what its parts cost');
      return [settled];
    }),
  );
  for (const order of paid) core.emit({ kind: 'order', order });
  return paid;
};
