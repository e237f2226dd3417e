import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { concat, fromAscii, fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/card-crypto-dukpt.json' with { type: 'json' };
import { CryptoError } from './crypto-error.ts';
import { desKey } from './des.ts';
import {
  TdesDukptDevice,
  type TdesDukptUse,
  tdesDukptInitialKey,
  tdesDukptTransactionKey,
  tdesDukptWorkingKey,
} from './dukpt-tdes.ts';
import { x919Mac } from './mac.ts';

const { bdk, ksn, initialKey, pinBlock, text, first, later } = vectors.tdes;
const initial = fromHex(initialKey);
const hostKey = (name: string) => tdesDukptTransactionKey({ initialKey: initial, ksn: fromHex(name) });
const refused = (code: string, run: () => unknown) =>
  assert.throws(run, (error) => error instanceof CryptoError && error.code === code && error.message === code);

test('the initial key comes from the BDK and the KSN without its count (X9.24-1 A.4.1)', () => {
  assert.equal(hex(tdesDukptInitialKey({ bdk: fromHex(bdk), ksn: fromHex(ksn) })), initialKey);
  assert.equal(hex(tdesDukptInitialKey({ bdk: fromHex(bdk), ksn: fromHex('FFFF9876543210FFFFFF') })), initialKey);
});

for (const vector of first)
  test(`transaction ${vector.ksn}: PIN, MAC and data, both ways (X9.24-1 A.4.2)`, () => {
    const transactionKey = hostKey(vector.ksn);
    assert.equal(hex(transactionKey), vector.transactionKey);
    const key = (use: TdesDukptUse) => desKey(tdesDukptWorkingKey({ transactionKey, use }));
    const data = concat(fromAscii(text), new Uint8Array(7));
    assert.equal(hex(key('pin').encrypt(fromHex(pinBlock))), vector.pin);
    assert.equal(hex(x919Mac(key('mac-request'), fromAscii(text))), vector.macRequest);
    assert.equal(hex(x919Mac(key('mac-response'), fromAscii(text))), vector.macResponse);
    assert.equal(hex(key('data-request').encryptCbc(data)), vector.dataRequest);
    assert.equal(hex(key('data-response').encryptCbc(data)), vector.dataResponse);
  });

for (const vector of later)
  test(`transaction ${vector.ksn}: key and PIN block (X9.24-1 A.4.3)`, () => {
    assert.equal(hex(hostKey(vector.ksn)), vector.transactionKey);
    const key = tdesDukptWorkingKey({ transactionKey: hostKey(vector.ksn), use: 'pin' });
    assert.equal(hex(desKey(key).encrypt(fromHex(pinBlock))), vector.pin);
  });

const ones = (count: number): number => count.toString(2).replaceAll('0', '').length;

test('device and host derive the same key for every count, and no count has more than ten ones', () => {
  let device = TdesDukptDevice.load({ initialKey: initial, ksn: fromHex(ksn) });
  let before = 0;
  for (let turn = 0; turn < 2100; turn += 1) {
    const next = device.next();
    const count = Number.parseInt(hex(next.ksn).slice(-6), 16) & 0x1fffff;
    assert.ok(count > before && ones(count) <= 10);
    if (turn % 64 === 0 || turn > 2040) assert.deepEqual(next.transactionKey, hostKey(hex(next.ksn)));
    before = count;
    device = next.device;
  }
  assert.equal(before > 2100, true, 'counts with eleven ones are left out');
});

test('a device stored and restored goes on as if nothing had been', () => {
  fc.assert(
    fc.property(fc.nat({ max: 40 }), (turns) => {
      let device = TdesDukptDevice.load({ initialKey: initial, ksn: fromHex(ksn) });
      for (let turn = 0; turn < turns; turn += 1) device = device.next().device;
      const restored = TdesDukptDevice.fromBytes(device.toBytes());
      const [one, other] = [device.next(), restored.next()];
      assert.deepEqual([one.ksn, one.transactionKey], [other.ksn, other.transactionKey]);
    }),
    { numRuns: 30 },
  );
  refused('device-format', () => TdesDukptDevice.fromBytes(new Uint8Array(11)));
});

test('what a device keeps holds neither the initial key nor a key that was used', () => {
  let device = TdesDukptDevice.load({ initialKey: initial, ksn: fromHex(ksn) });
  const gone = [initialKey];
  for (let turn = 0; turn < 20; turn += 1) {
    const next = device.next();
    gone.push(hex(next.transactionKey));
    device = next.device;
    for (const key of gone) assert.ok(!hex(device.toBytes()).includes(key));
  }
});

test('the last count is FFF800 in its 21 bits; after it the keys are exhausted', () => {
  const lastCount = fromHex('FFFF9876543210FFF800');
  const none = TdesDukptDevice.fromBytes(lastCount);
  refused('keys-exhausted', () => none.next());
  assert.equal(`${inspect(none)} ${JSON.stringify(none)}`, 'TdesDukptDevice(****) "****"');
});

test('keys and KSNs out of form are refused', () => {
  refused('key-length', () => tdesDukptInitialKey({ bdk: new Uint8Array(8), ksn: fromHex(ksn) }));
  refused('ksn-format', () => tdesDukptInitialKey({ bdk: fromHex(bdk), ksn: new Uint8Array(8) }));
  refused('key-length', () => tdesDukptTransactionKey({ initialKey: new Uint8Array(24), ksn: fromHex(ksn) }));
  refused('ksn-format', () => hostKey(ksn));
  refused('key-length', () => tdesDukptWorkingKey({ transactionKey: new Uint8Array(8), use: 'pin' }));
});
