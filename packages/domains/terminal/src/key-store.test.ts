import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSoftHsm } from '@zhanggui/hsm';
import { sqliteAuditStore, sqliteKeyStore } from './key-store.ts';

test('a terminal’s keys follow a change of the master key, and its record of them stays sound', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'zhanggui-keys-'));
  const file = join(folder, 'terminal.sqlite');
  const [store, trail] = [sqliteKeyStore(file), sqliteAuditStore(file)];
  context.after(() => {
    store.close();
    trail.close();
    rmSync(folder, { recursive: true });
  });
  const [former, next] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const audit = { store: trail, key: new Uint8Array(32).fill(3) };
  const hsm = openSoftHsm({ lmk: former, store, audit });
  await hsm.generateKey({ ref: 'tmk', use: 'tmk', bytes: 16 });
  const { kcv } = await hsm.generateKey({ ref: 'tpk', use: 'tpk', bytes: 16 });
  assert.deepEqual(await hsm.changeLmk(next), { resealed: 3, current: 0, broken: [] });

  const again = openSoftHsm({ lmk: next, store: sqliteKeyStore(file), audit });
  assert.equal((await again.keyInfo('tpk'))?.kcv, kcv);
  await assert.rejects(openSoftHsm({ lmk: former, store }).keyInfo('tpk'), { code: 'seal-broken' });
  await assert.rejects(again.generateKey({ ref: 'x', use: 'tpk', bytes: 7 }), { code: 'key-length' });
  const verdict = await again.verifyAudit();
  assert.deepEqual([verdict.kind, verdict.kind === 'sound' && verdict.entries], ['sound', 4]);
  assert.deepEqual(
    (await trail.read(0, 9)).map(({ command, outcome, ref }) => `${command} ${outcome} ${ref}`.trim()),
    ['generateKey ok tmk', 'generateKey ok tpk', 'changeLmk ok', 'generateKey key-length x'],
  );
});
