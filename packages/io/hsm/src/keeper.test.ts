import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, hex, xor } from '@zhanggui/bytes';
import fc from 'fast-check';
import { type AuditEntry, type AuditStore, verifyAudit } from './audit.ts';
import { memoryAuditStore } from './audit-store.ts';
import { HsmError, type HsmErrorCode } from './hsm-error.ts';
import { memoryKeyStore } from './key-store.ts';
import { openSoftHsm, type SoftHsm, type SoftHsmSettings } from './soft-hsm.ts';

const lmk = new Uint8Array(32).fill(1);
const nextLmk = new Uint8Array(32).fill(2);
const auditKey = new Uint8Array(32).fill(3);
const open = (settings: Partial<SoftHsmSettings> = {}): SoftHsm =>
  openSoftHsm({ lmk, store: memoryKeyStore(), now: () => 1000, ...settings });
const audited = (store: AuditStore) => open({ audit: { store, key: auditKey } });
const refused = (code: HsmErrorCode, run: Promise<unknown> | (() => unknown)) => {
  const isCode = (error: unknown) => error instanceof HsmError && error.code === code;
  return typeof run === 'function' ? assert.throws(run, isCode) : assert.rejects(run, isCode);
};
const data = new Uint8Array(8);
const order = { ref: 'zmk', use: 'zmk', bytes: 16, people: 3 } as const;

test('three people bring a key together, and who they were is on record', async () => {
  const store = memoryAuditStore();
  const hsm = audited(store);
  const ceremony = hsm.ceremony(order);
  const parts = ['Wang', 'Li', 'Zhao'].map((person) => ({ person, ...ceremony.makeComponent() }));
  assert.deepEqual(
    parts.map((part) => ceremony.enter(part)),
    [2, 1, 0],
  );
  const info = await ceremony.finish();
  const whole = parts.map(({ component }) => component).reduce((left, right) => xor(left, right));
  const same = await open().importComponents({ ref: 'x', use: 'zmk', components: [whole] });
  assert.equal(info.kcv, same.kcv);
  const last = await store.last();
  assert.deepEqual(
    [last?.command, last?.outcome, last?.ref, last?.person],
    ['ceremony', 'ok', 'zmk', 'Wang, Li, Zhao'],
  );
});

test('a ceremony takes one component of each person, rightly typed, and makes no key before the last', async () => {
  const hsm = open();
  const ceremony = hsm.ceremony(order);
  const [one, two, three] = [ceremony.makeComponent(), ceremony.makeComponent(), ceremony.makeComponent()];
  assert.equal(ceremony.enter({ person: 'Wang', ...one }), 2);
  await refused('component-person', () => ceremony.enter({ person: 'Wang', ...two }));
  await refused('component-person', () => ceremony.enter({ person: '', ...two }));
  await refused('kcv-mismatch', () => ceremony.enter({ person: 'Li', component: two.component, kcv: one.kcv }));
  await refused('kcv-mismatch', () =>
    ceremony.enter({ person: 'Li', component: two.component, kcv: two.kcv.subarray(0, 2) }),
  );
  await refused('key-length', () => ceremony.enter({ person: 'Li', component: data, kcv: two.kcv }));
  await refused('ceremony-state', ceremony.finish());
  ceremony.enter({ person: 'Li', ...two });
  ceremony.enter({ person: 'Zhao', ...three });
  await refused('ceremony-state', () => ceremony.enter({ person: 'Chen', ...one }));
  await refused('kcv-mismatch', ceremony.finish({ kcv: fromHex('000000') }));
  assert.equal(await hsm.keyInfo('zmk'), undefined);
  await refused('ceremony-state', ceremony.finish());
  await refused('key-length', () => hsm.ceremony({ ...order, bytes: 8 }));
});

test('a ceremony that was called off leaves nothing', async () => {
  const ceremony = open().ceremony({ ref: 'sm', use: 'zmk-sm4', bytes: 16, people: 2 });
  const part = ceremony.makeComponent();
  ceremony.enter({ person: 'Wang', ...part });
  ceremony.cancel();
  await refused('ceremony-state', () => ceremony.enter({ person: 'Li', ...part }));
});

test('key commands and refusals are on record, everyday commands are not; the trail holds', async () => {
  const store = memoryAuditStore();
  const hsm = audited(store);
  await hsm.generateKey({ ref: 'tak', use: 'tak', bytes: 16 });
  await hsm.mac({ key: 'tak', algorithm: 'x919', data });
  await refused('key-use', hsm.seal({ key: 'tak', data }));
  await refused('key-unknown', hsm.mac({ key: 'none', algorithm: 'x919', data }));
  await hsm.removeKey('tak');
  await hsm.drain();
  const entries = await store.read(0, 100);
  assert.deepEqual(
    entries.map(({ sequence, at, command, outcome, ref }) => [sequence, at, command, outcome, ref]),
    [
      [1, 1000, 'generateKey', 'ok', 'tak'],
      [2, 1000, 'seal', 'key-use', 'tak'],
      [3, 1000, 'mac', 'key-unknown', 'none'],
      [4, 1000, 'removeKey', 'ok', 'tak'],
    ],
  );
  const head = entries.at(-1);
  assert.deepEqual(await verifyAudit({ store, key: auditKey }), {
    kind: 'sound',
    entries: 4,
    head: { sequence: 4, seal: head?.seal },
  });
});

test('any change to the trail shows: an entry changed, taken out, moved, slipped in, or the end cut off', async () => {
  const store = memoryAuditStore();
  const hsm = audited(store);
  for (let count = 0; count < 8; count += 1) await hsm.generateKey({ ref: `k${count}`, use: 'tak', bytes: 16 });
  const entries = await store.read(0, 100);
  const head = { sequence: 8, seal: entries[7]?.seal ?? '' };
  const verdict = (list: readonly AuditEntry[], key = auditKey) =>
    verifyAudit({
      key,
      head,
      store: { ...store, read: async (after, limit) => list.filter((entry) => entry.sequence > after).slice(0, limit) },
    });
  assert.equal((await verdict(entries)).kind, 'sound');
  assert.deepEqual(await verdict(entries, lmk), { kind: 'broken', sequence: 1 });
  assert.deepEqual(await verdict(entries.slice(0, -1)), { kind: 'broken', sequence: 8 });
  assert.deepEqual(await verdict([]), { kind: 'broken', sequence: 1 });
  const fields = fc.constantFrom('command', 'outcome', 'ref', 'person');
  await fc.assert(
    fc.asyncProperty(fc.nat(7), fc.nat(7), fields, async (at, other, field) => {
      const changed = entries.map((entry, index) => (index === at ? { ...entry, [field]: 'x' } : entry));
      assert.deepEqual(await verdict(changed), { kind: 'broken', sequence: at + 1 });
      assert.equal((await verdict(entries.toSpliced(at, 1))).kind, 'broken');
      if (at === other) return;
      const swapped = entries.map((entry, index) => {
        const from = entries[index === at ? other : index === other ? at : index] ?? entry;
        return { ...from, sequence: entry.sequence };
      });
      assert.equal((await verdict(swapped)).kind, 'broken');
    }),
    { numRuns: 50 },
  );
});

test('two processes write one trail', async () => {
  const store = memoryAuditStore();
  const [one, other] = [audited(store), audited(store)];
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      (index % 2 ? one : other).generateKey({ ref: `k${index}`, use: 'tak', bytes: 16 }),
    ),
  );
  assert.deepEqual((await verifyAudit({ store, key: auditKey })).kind, 'sound');
  assert.equal((await store.last())?.sequence, 20);
});

test('a key command that cannot be put on record is refused; refusals that could not be are counted on record', async () => {
  const store = memoryAuditStore();
  let isDown = true;
  const shaky: AuditStore = {
    ...store,
    append: async (entry) => (isDown ? Promise.reject(new Error('down')) : store.append(entry)),
  };
  const hsm = audited(shaky);
  await assert.rejects(hsm.generateKey({ ref: 'tak', use: 'tak', bytes: 16 }), /down/);
  await refused('key-unknown', hsm.mac({ key: 'none', algorithm: 'x919', data }));
  await hsm.drain();
  isDown = false;
  await hsm.generateKey({ ref: 'tak', use: 'tak', bytes: 16 });
  assert.deepEqual(
    (await store.read(0, 10)).map(({ command, outcome }) => `${command} ${outcome}`),
    ['audit 1 left out', 'generateKey ok'],
  );
});

test('the master key changes while keys go on being used, made and changed', async () => {
  const store = memoryKeyStore();
  const hsm = open({ store });
  const refs = Array.from({ length: 700 }, (_, index) => `tak.${index}`);
  for (const ref of refs) await hsm.generateKey({ ref, use: 'tak', bytes: 16 });
  const mac = (from: SoftHsm, key: string) => from.mac({ key, algorithm: 'x919', data }).then(hex);
  const macs = await Promise.all(refs.map((ref) => mac(hsm, ref)));

  const neighbour = open({ store, otherLmks: [nextLmk] });
  const change = hsm.changeLmk(nextLmk);
  const traffic = refs.map((ref) => mac(neighbour, ref));
  await hsm.generateKey({ ref: 'made.meanwhile', use: 'tak', bytes: 16 });
  assert.deepEqual(await Promise.all(traffic), macs);
  const { resealed, current, broken } = await change;
  // A key made while the store was gone through is sealed rightly without being counted.
  assert.ok(resealed === 700 && current <= 1);
  assert.deepEqual(broken, []);

  const later = open({ store, lmk: nextLmk });
  assert.deepEqual(await Promise.all(refs.map((ref) => mac(later, ref))), macs);
  await refused('seal-broken', mac(open({ store }), 'tak.0'));
  assert.deepEqual(await hsm.changeLmk(nextLmk), { resealed: 0, current: 701, broken: [] });
});

test('a change of the master key that was cut short is taken up again; what no master key opens is named', async () => {
  const store = memoryKeyStore();
  const hsm = open({ store });
  for (const ref of ['a', 'b', 'c']) await hsm.generateKey({ ref, use: 'tak', bytes: 16 });
  const foreign = await store.load('b');
  assert.ok(foreign);
  await store.save({ ...foreign, sealed: foreign.sealed.map((byte) => byte ^ 1) });
  assert.deepEqual(await hsm.changeLmk(nextLmk), { resealed: 2, current: 0, broken: ['b'] });
  await store.save(foreign);
  const again = open({ store, lmk: nextLmk, otherLmks: [lmk] });
  await again.mac({ key: 'b', algorithm: 'x919', data });
  await refused(
    'not-supported',
    open({ store: { load: store.load, save: store.save, remove: store.remove } }).changeLmk(nextLmk),
  );
});

test('the record outlives the master key: its own key is sealed anew with the others', async () => {
  const [store, keys] = [memoryAuditStore(), memoryKeyStore()];
  const next = new Uint8Array(32).fill(8);
  const before = openSoftHsm({ lmk, store: keys, audit: { store, key: auditKey } });
  await before.generateKey({ ref: 'zmk', use: 'zmk', bytes: 16 });
  assert.deepEqual(await before.changeLmk(next), { resealed: 2, current: 0, broken: [] });
  const after = openSoftHsm({ lmk: next, store: keys, audit: { store, key: new Uint8Array(32).fill(4) } });
  await after.generateKey({ ref: 'tmk', use: 'tmk', bytes: 16 });
  const verdict = await after.verifyAudit();
  assert.deepEqual([verdict.kind, verdict.kind === 'sound' && verdict.entries], ['sound', 3]);
  await assert.rejects(openSoftHsm({ lmk: next, store: keys }).verifyAudit(), { code: 'not-supported' });
});
