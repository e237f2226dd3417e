import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestStore } from '@zhanggui/store';
import { epochMs } from '@zhanggui/time';
import { allMigrations } from './house.ts';
import { openInstitutionHsm } from './keys.ts';
import { openSandboxBank } from './sandbox-bank.ts';

const noonMs = epochMs(Date.UTC(2026, 10, 22, 4));

test('a bank and a deck from before there were SM2 cards get them, and keep all they had', async (context) => {
  const { store, close } = await openTestStore(allMigrations);
  context.after(close);
  const hsm = await openInstitutionHsm({ lmk: new Uint8Array(32).fill(1) }, store, 'sandbox');
  const open = async () => {
    const { bank, layOutCards } = await openSandboxBank(store, hsm, () => noonMs);
    return { bank, cards: await (await layOutCards(undefined)).cards() };
  };
  const first = await open();
  const { sm: _sm, ...former } = first.bank;
  const sealed = await hsm.seal({ key: 'sandbox.data', data: new TextEncoder().encode(JSON.stringify(former)) });
  await store.query("update sandbox.vault set sealed = $1 where name = 'bank'", [sealed]);
  await store.query("delete from sandbox.cards where card_id = 'debit-sm'");
  const kept = await store.query('select card_id, sealed from sandbox.cards order by position');

  const grown = await open();
  assert.notDeepEqual(grown.bank.sm, first.bank.sm);
  assert.deepEqual({ ...grown.bank, sm: undefined }, { ...first.bank, sm: undefined });
  assert.deepEqual(grown.cards, first.cards);
  const rows = await store.query('select card_id, sealed from sandbox.cards order by position');
  assert.deepEqual(rows.slice(0, -1), kept);
  assert.equal(rows.length, first.cards.length);

  const again = await open();
  assert.deepEqual([again.bank, again.cards], [grown.bank, grown.cards]);
});
