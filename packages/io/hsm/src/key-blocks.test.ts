import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '@zhanggui/bytes';
import { wrapKeyBlock } from '@zhanggui/card-crypto';
import { HsmError, type HsmErrorCode } from './hsm-error.ts';
import { type KeyUse, keyUses } from './key.ts';
import { memoryKeyStore } from './key-store.ts';
import { openSoftHsm } from './soft-hsm.ts';

const lmk = new Uint8Array(32).fill(1);
const uses = Object.keys(keyUses) as KeyUse[];
const kbpks = { kbpk: '0123456789ABCDEFFEDCBA9876543210', 'kbpk-aes': '22'.repeat(32) } as const;
const refused = (code: HsmErrorCode, run: Promise<unknown>) =>
  assert.rejects(run, (error) => error instanceof HsmError && error.code === code);
const opened = async (store = memoryKeyStore()) => {
  const hsm = openSoftHsm({ lmk, store });
  for (const use of ['kbpk', 'kbpk-aes'] as const)
    await hsm.importComponents({ ref: use, use, components: [fromHex(kbpks[use])] });
  return hsm;
};
const staying: readonly KeyUse[] = ['pan-hash', 'data', 'audit', 'kbpk', 'kbpk-aes'];

test('a key arrives with its use, and as nothing else', async () => {
  const [ours, theirs] = [await opened(), await opened()];
  for (const under of ['kbpk', 'kbpk-aes'] as const)
    for (const use of uses) {
      const bytes = keyUses[use].bytes[0];
      const { kcv } = await ours.generateKey({ ref: 'key', use, bytes });
      const leaving = ours.exportKeyBlock({ ref: 'key', under });
      const isWeaker = use.endsWith('-aes') && under === 'kbpk';
      if (staying.includes(use) || use.endsWith('-sm4') || isWeaker) {
        await refused('key-use', leaving);
        continue;
      }
      const block = await leaving;
      assert.equal((await theirs.importKeyBlock({ ref: 'key', use, block, under })).kcv, kcv);
      const other = use === 'cvk' ? 'zpk' : 'cvk';
      await refused('key-use', theirs.importKeyBlock({ ref: 'x', use: other, block, under }));
      await refused('seal-broken', theirs.importKeyBlock({ ref: 'x', use, block: `${block.slice(0, -1)}G`, under }));
      const changed = block.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
      await refused('seal-broken', theirs.importKeyBlock({ ref: 'x', use, block: changed, under }));
    }
});

test('a key that may not be sent on stays, after a restart and a change of the master key too', async () => {
  const ours = await opened();
  const store = memoryKeyStore();
  const theirs = await opened(store);
  await ours.generateKey({ ref: 'tmk', use: 'tmk', bytes: 16 });
  await theirs.generateKey({ ref: 'zmk', use: 'zmk', bytes: 16 });
  const under = 'kbpk';
  const bound = await ours.exportKeyBlock({ ref: 'tmk', under });
  const free = await ours.exportKeyBlock({ ref: 'tmk', under, mayBeSentOn: true });
  await theirs.importKeyBlock({ ref: 'bound', use: 'tmk', block: bound, under });
  await theirs.importKeyBlock({ ref: 'free', use: 'tmk', block: free, under });
  const next = new Uint8Array(32).fill(9);
  assert.deepEqual((await theirs.changeLmk(next)).broken, []);
  for (const hsm of [theirs, openSoftHsm({ lmk: next, store })]) {
    await refused('key-use', hsm.exportKeyBlock({ ref: 'bound', under }));
    await refused('key-use', hsm.exportKey({ ref: 'bound', under: 'zmk' }));
    assert.equal((await hsm.exportKey({ ref: 'free', under: 'zmk' })).cryptogram.length, 16);
  }
  await refused('key-use', theirs.translateKeyBlock({ block: bound, from: under, to: 'kbpk-aes' }));
});

test('a block is translated with its use and its options, and the key is not kept', async () => {
  const hsm = await opened();
  const block = wrapKeyBlock({
    kbpk: fromHex(kbpks.kbpk),
    header: {
      version: 'B',
      usage: 'P0',
      algorithm: 'T',
      modeOfUse: 'B',
      keyVersion: '07',
      exportability: 'E',
      options: [{ id: 'KS', data: '00604B120F9292800000' }],
    },
    key: fromHex('0123456789ABCDEFFEDCBA9876543210'),
    fill: new Uint8Array(14),
  });
  const translated = await hsm.translateKeyBlock({ block, from: 'kbpk', to: 'kbpk-aes' });
  assert.match(translated, /^D\d{4}P0TB07E0.00KS1800604B120F9292800000/);
  const info = await hsm.importKeyBlock({ ref: 'zpk', use: 'zpk', block: translated, under: 'kbpk-aes' });
  assert.equal(info.kcv, '08D7B4FB');
});
