import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { concat, fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/card-crypto-dukpt.json' with { type: 'json' };
import { CryptoError } from './crypto-error.ts';
import {
  AesDukptDevice,
  type AesDukptKind,
  type AesDukptUse,
  aesDukptInitialKey,
  aesDukptTransactionKey,
  aesDukptUpdateKey,
  aesDukptWorkingKey,
} from './dukpt-aes.ts';
import { pinBlock4Encrypt } from './pin-block-4.ts';

const { aes128, aes256 } = vectors;
const entries = <Name extends string>(table: Partial<Record<Name, string>>) =>
  Object.entries(table) as [Name, string][];
const refused = (code: string, run: () => unknown) =>
  assert.throws(run, (error) => error instanceof CryptoError && error.code === code && error.message === code);

for (const [name, chain] of [
  ['AES-128', aes128],
  ['AES-256', aes256],
] as const) {
  const initialKeyId = fromHex(chain.initialKeyId);
  const initialKey = fromHex(chain.initialKey);

  test(`${name}: the initial key comes from the BDK and the initial key id`, () => {
    assert.deepEqual(aesDukptInitialKey({ bdk: fromHex(chain.bdk), initialKeyId }), initialKey);
  });

  for (const [counter, key] of entries(chain.transactionKeys))
    test(`${name}: derivation key of transaction ${counter} (X9.24-3 supplement)`, () => {
      const ksn = concat(initialKeyId, fromHex(counter));
      assert.equal(hex(aesDukptTransactionKey({ initialKey, ksn })), key);
    });

  test(`${name}: ${chain.skipped.why}`, () => {
    const before = concat(initialKeyId, fromHex('0001FFFE'));
    const ksn = concat(initialKeyId, fromHex(chain.skipped.counter));
    assert.equal(hex(aesDukptTransactionKey({ initialKey, ksn })), chain.skipped.transactionKey);
    const [, ...loaded] = AesDukptDevice.load({ initialKey, initialKeyId }).toBytes();
    const device = AesDukptDevice.fromBytes(Uint8Array.of(initialKey.length, ...before, ...loaded.slice(12)));
    assert.equal(hex(device.next().ksn).slice(16), '00020000');
  });

  for (const [kind, key] of entries<AesDukptKind>(chain.updateKeys))
    test(`${name}: the update key of kind ${kind} is that of a count of all ones (X9.24-3 supplement)`, () => {
      assert.equal(hex(aesDukptUpdateKey({ initialKey, initialKeyId, kind })), key);
    });
}

const at = (chain: { initialKey: string; initialKeyId: string }, counter: string) => {
  const ksn = fromHex(chain.initialKeyId + counter);
  return { ksn, transactionKey: aesDukptTransactionKey({ initialKey: fromHex(chain.initialKey), ksn }) };
};

for (const vector of aes128.transactions)
  test(`AES-128: working keys and PIN block of transaction ${vector.counter} (X9.24-3 supplement)`, () => {
    const one = at(aes128, vector.counter);
    assert.equal(hex(one.transactionKey), vector.transactionKey);
    const key = (use: AesDukptUse) => aesDukptWorkingKey({ ...one, use, kind: 'aes128' });
    assert.equal(hex(key('pin-encryption')), vector.pin);
    assert.equal(hex(key('mac-generation')), vector.macGeneration);
    assert.equal(hex(key('data-encryption')), vector.dataEncryption);
    const { pin, pan, fill } = aes128;
    const block = pinBlock4Encrypt({ key: key('pin-encryption'), pin, pan, fill: fromHex(fill) });
    assert.equal(hex(block), vector.pinBlock);
  });

test('AES-128: every use has a key of its own (X9.24-3 annex B)', () => {
  const { counter, ...uses } = aes128.uses;
  for (const [use, key] of entries<AesDukptUse>(uses))
    assert.equal(hex(aesDukptWorkingKey({ ...at(aes128, counter), use, kind: 'aes128' })), key);
});

for (const { source, bdk, keys } of vectors.mixedLengths)
  for (const { counter, kind, ...uses } of keys)
    test(`${kind} keys out of a chain of ${bdk.length * 4} bits, transaction ${counter}: ${source}`, () => {
      const initialKeyId = fromHex(aes128.initialKeyId);
      const initialKey = aesDukptInitialKey({ bdk: fromHex(bdk), initialKeyId });
      const one = at({ initialKey: hex(initialKey), initialKeyId: aes128.initialKeyId }, counter);
      for (const [use, key] of entries<AesDukptUse>(uses))
        assert.equal(hex(aesDukptWorkingKey({ ...one, use, kind: kind as AesDukptKind })), key);
    });

test('triple DES keys come out of an AES-128 chain, AES-256 keys out of an AES-256 chain', () => {
  for (const [kind, key] of entries<AesDukptKind>(aes128.pinKinds))
    assert.equal(hex(aesDukptWorkingKey({ ...at(aes128, '00000001'), use: 'pin-encryption', kind })), key);
  for (const [counter, key] of entries(aes256.pinKeys))
    assert.equal(hex(aesDukptWorkingKey({ ...at(aes256, counter), use: 'pin-encryption', kind: 'aes256' })), key);
});

test('device and host derive the same keys, for 128, 192 and 256 bits, and the device survives a power-off', () => {
  const keys = fc.constantFrom(16, 24, 32).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
  const ids = fc.uint8Array({ minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(keys, ids, fc.nat({ max: 12 }), (bdk, initialKeyId, turns) => {
      const initialKey = aesDukptInitialKey({ bdk, initialKeyId });
      let device = AesDukptDevice.load({ initialKey, initialKeyId });
      for (let turn = 0; turn <= turns; turn += 1) {
        const next = device.next();
        assert.deepEqual(next.transactionKey, aesDukptTransactionKey({ initialKey, ksn: next.ksn }));
        assert.ok(!hex(next.device.toBytes()).includes(hex(next.transactionKey)));
        device = AesDukptDevice.fromBytes(next.device.toBytes());
      }
    }),
    { numRuns: 30 },
  );
});

test('FFFF0000 is the last count; after it the keys are exhausted', () => {
  const id = fromHex(aes128.initialKeyId);
  const last = AesDukptDevice.fromBytes(concat(Uint8Array.of(16), id, fromHex('FFFF0000')));
  refused('keys-exhausted', () => last.next());
  assert.equal(`${inspect(last)} ${JSON.stringify(last)}`, 'AesDukptDevice(****) "****"');
});

test('keys and KSNs out of form, and working keys stronger than their chain, are refused', () => {
  const one = at(aes128, '00000001');
  refused('key-length', () => aesDukptWorkingKey({ ...one, use: 'pin-encryption', kind: 'aes192' }));
  refused('ksn-format', () => at(aes128, '00000000'));
  refused('ksn-format', () =>
    aesDukptWorkingKey({ ...one, ksn: new Uint8Array(10), use: 'pin-encryption', kind: 'aes128' }),
  );
  refused('key-length', () => aesDukptInitialKey({ bdk: new Uint8Array(8), initialKeyId: new Uint8Array(8) }));
  refused('ksn-format', () => aesDukptInitialKey({ bdk: new Uint8Array(16), initialKeyId: new Uint8Array(10) }));
  refused('ksn-format', () => aesDukptTransactionKey({ initialKey: new Uint8Array(16), ksn: new Uint8Array(10) }));
  for (const stored of [new Uint8Array(0), new Uint8Array(20), Uint8Array.of(16, ...new Uint8Array(20))])
    refused('device-format', () => AesDukptDevice.fromBytes(stored));
});
