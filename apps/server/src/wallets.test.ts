import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replicaName } from './wallets.ts';

test('servers of one shop have each a name of their own, which is the same after a restart', () => {
  const [one, other] = [{ ZHANGGUI_HTTP_PORT: 8580 }, { ZHANGGUI_HTTP_PORT: 8581 }];
  assert.notEqual(replicaName(one), replicaName(other));
  assert.equal(replicaName(one), replicaName({ ...one }));
});
