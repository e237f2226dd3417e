import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openCardWorld } from './testing/card-world.ts';
import { sell } from './testing/cardholder.ts';

/** A port nobody listens on. */
const nobody = '1';

test('a switch that is away keeps no house closed: its members go on calling, and payments are refused with 92', async () => {
  const world = await openCardWorld({
    settings: { ZHANGGUI_ROLES: 'issuer,acquirer,terminal', ZHANGGUI_SWITCH_PORT: nobody },
  });
  try {
    assert.equal(world.hosts.acquirer?.isReady(), false);
    const sale = await sell(world, world.terminal('00000001'), { card: 'debit', amountMinor: 100n });
    assert.deepEqual([sale.state, sale.code], ['declined', '92']);
  } finally {
    await world.close();
  }
});
