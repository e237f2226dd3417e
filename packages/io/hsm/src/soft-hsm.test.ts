import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { ascii, concat, fromAscii, fromHex, hex, xor } from '@zhanggui/bytes';
import { cvv, pinBlockEncode } from '@zhanggui/card-crypto';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/card-crypto.json' with { type: 'json' };
import type { Hsm } from './hsm.ts';
import { HsmError, type HsmErrorCode } from './hsm-error.ts';
import { type KeyUse, keyUses } from './key.ts';
import { type KeyStore, memoryKeyStore } from './key-store.ts';
import { openSoftHsm } from './soft-hsm.ts';

const lmk = new Uint8Array(32).fill(0x5a);
const track = '6225000000000014=30122011234567890';
const open = (store: KeyStore = memoryKeyStore()): Hsm => openSoftHsm({ lmk, store });
const clearKey = (hsm: Hsm, ref: string, use: KeyUse, key: string) =>
  hsm.importComponents({ ref, use, components: [fromHex(key)] });
const generated = async (...keys: readonly (readonly [ref: string, use: KeyUse])[]): Promise<Hsm> => {
  const hsm = open();
  for (const [ref, use] of keys)
    await hsm.generateKey({ ref, use, bytes: (keyUses[use].bytes as readonly number[]).includes(16) ? 16 : 32 });
  return hsm;
};

/** Refused with this code; the message holds nothing but the code and the reference. */
const refused = (code: HsmErrorCode, run: Promise<unknown>) =>
  assert.rejects(run, (error) => {
    assert.ok(error instanceof HsmError);
    assert.equal(error.code, code);
    assert.equal(error.message, error.ref === undefined ? code : `${code}: ${error.ref}`);
    return true;
  });

const double = '0123456789ABCDEFFEDCBA9876543210';
const pan = '6225000000000014';
const pins = fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength: 4, maxLength: 12 });
const pans = fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength: 13, maxLength: 19 });

for (const { id, tmk, keys } of vectors.signIn) {
  test(`sign-in ${id}: working keys arrive under the TMK, and a wrong check value keeps them out`, async () => {
    const uses: Record<string, KeyUse> = { pik: 'tpk', mak: 'tak', tdk: 'tdk' };
    const hsm = open();
    await clearKey(hsm, 'tmk', 'tmk', tmk);
    for (const { name, cipher, kcv } of keys) {
      const order = { ref: name, use: uses[name] ?? 'tpk', cryptogram: fromHex(cipher), under: 'tmk' };
      await refused('kcv-mismatch', hsm.importKey({ ...order, kcv: fromHex('00000000') }));
      assert.equal(await hsm.keyInfo(name), undefined);
      const info = await hsm.importKey({ ...order, kcv: fromHex(kcv) });
      assert.deepEqual(info, { ref: name, use: order.use, bytes: cipher.length / 2, kcv });
    }
  });
}

test('both MACs of the published vectors come out, and only they verify', async () => {
  const hsm = open();
  for (const { id, mak, data, field64 } of vectors.unionPayMac) {
    await clearKey(hsm, id, 'tak', mak);
    const order = { key: id, algorithm: 'unionpay-ecb', data: fromHex(data) } as const;
    assert.equal(ascii(await hsm.mac(order)), field64);
    assert.equal(await hsm.verifyMac({ ...order, mac: fromAscii(field64) }), true);
    assert.equal(await hsm.verifyMac({ ...order, mac: fromAscii('00000000') }), false);
  }
  for (const { id, data, doubleDes } of vectors.interchangeMac) {
    await clearKey(hsm, 'zak', 'zak', doubleDes.key);
    const order = { key: 'zak', algorithm: 'interchange', data: fromAscii(data) } as const;
    assert.equal(ascii(await hsm.mac(order)), doubleDes.f128, id);
    assert.equal(await hsm.verifyMac({ ...order, mac: fromAscii(doubleDes.f128) }), true);
    assert.equal(await hsm.verifyMac({ ...order, data: fromAscii(`${data}0`), mac: fromAscii(doubleDes.f128) }), false);
  }
});

test('the PIN pad makes the published block', async () => {
  const hsm = open();
  for (const { pin, pan, key, cipher } of vectors.pinBlock) {
    await clearKey(hsm, 'tpk', 'tpk', key);
    assert.equal(hex(await hsm.encryptPin({ key: 'tpk', pin, pan })), cipher);
  }
});

test('translating keeps the PIN: from the PIN pad over the switch, the issuer finds it right', async () => {
  const hsm = await generated(['tpk', 'tpk'], ['acquirer', 'zpk'], ['issuer', 'zpk'], ['pvk', 'pvk']);
  await fc.assert(
    fc.asyncProperty(pins, pans, async (pin, pan) => {
      const offset = await hsm.makePinOffset({ pvk: 'pvk', pan, pin });
      const entered = await hsm.encryptPin({ key: 'tpk', pin, pan });
      const acquired = await hsm.translatePin({ from: 'tpk', to: 'acquirer', block: entered, pan });
      const block = await hsm.translatePin({ from: 'acquirer', to: 'issuer', block: acquired, pan });
      assert.equal(await hsm.verifyPin({ key: 'issuer', block, pan, pvk: 'pvk', offset }), 'match');
    }),
  );
});

test('a wrong PIN mismatches, a block under another key or PAN is garbage and is not passed on', async () => {
  const hsm = open();
  await clearKey(hsm, 'zpk', 'zpk', double);
  await clearKey(hsm, 'other', 'zpk', '11111111111111112222222222222222');
  await clearKey(hsm, 'tpk', 'tpk', double);
  await clearKey(hsm, 'pvk', 'pvk', double);
  const offset = await hsm.makePinOffset({ pvk: 'pvk', pan, pin: '123456' });
  const check = (key: string, block: Uint8Array) => hsm.verifyPin({ key, block, pan, pvk: 'pvk', offset });
  const right = await hsm.encryptPin({ key: 'tpk', pin: '123456', pan });
  assert.equal(await check('zpk', right), 'match');
  assert.equal(await check('zpk', await hsm.encryptPin({ key: 'tpk', pin: '123457', pan })), 'mismatch');
  assert.equal(await check('zpk', await hsm.encryptPin({ key: 'tpk', pin: '1234', pan })), 'mismatch');
  assert.equal(await check('other', right), 'format-error');
  assert.equal(await check('zpk', right.subarray(0, 7)), 'format-error');
  await refused('pin-format', hsm.translatePin({ from: 'other', to: 'zpk', block: right, pan }));
  await refused('pin-format', hsm.translatePin({ from: 'zpk', to: 'other', block: right, pan: '6225999999999914' }));
});

test('a clear PIN block never comes out: the translated block is the clear one under the other key', async () => {
  const hsm = open();
  await clearKey(hsm, 'tpk', 'tpk', double);
  await clearKey(hsm, 'zpk', 'zpk', double);
  const block = await hsm.encryptPin({ key: 'tpk', pin: '123456', pan });
  assert.notDeepEqual(block, pinBlockEncode({ format: '0', pin: '123456', pan }));
  assert.deepEqual(await hsm.translatePin({ from: 'tpk', to: 'zpk', block, pan }), block);
});

test('card values and chip cryptograms of the published vectors verify, changed ones do not', async () => {
  const hsm = open();
  for (const { key, cvv: value, ...card } of vectors.cvv) {
    await clearKey(hsm, 'cvk', 'cvk', key);
    assert.equal(await hsm.makeCvv({ cvk: 'cvk', ...card }), value);
    assert.equal(await hsm.verifyCvv({ cvk: 'cvk', ...card, cvv: value }), true);
    assert.equal(
      await hsm.verifyCvv({ cvk: 'cvk', ...card, cvv: `${(Number(value[0]) + 1) % 10}${value.slice(1)}` }),
      false,
    );
    assert.equal(await hsm.verifyCvv({ cvk: 'cvk', ...card, cvv: '' }), false);
    assert.equal(cvv({ key: fromHex(key), ...card }), value);
  }
});

test('a request cryptogram verifies for its card, counter and data alone, and its answer is what the card expects', async () => {
  const hsm = open();
  const mdk = fromHex(double);
  await clearKey(hsm, 'mdk', 'mdk-ac', double);
  const { arpc, arqc, emvSessionKey, emvUdk } = await import('@zhanggui/card-crypto');
  const atc = Uint8Array.of(0, 14);
  const data = fromHex('0000000012340000000000340156D86004A800015612051601010101017C00000E03A4B904');
  const sessionKey = emvSessionKey({ udk: emvUdk({ mdk, pan, psn: '01' }), atc });
  const order = { mdk: 'mdk', pan, psn: '01', atc, data, arqc: arqc({ sessionKey, data }) };
  assert.equal(await hsm.verifyArqc(order), true);
  assert.equal(await hsm.verifyArqc({ ...order, psn: '02' }), false);
  assert.equal(await hsm.verifyArqc({ ...order, atc: Uint8Array.of(0, 15) }), false);
  assert.equal(await hsm.verifyArqc({ ...order, data: data.subarray(1) }), false);
  assert.deepEqual(await hsm.makeArpc({ ...order, arc: '00' }), arpc({ sessionKey, arqc: order.arqc, arc: '00' }));
});

/** One block under SM4, by the platform alone. */
const sm4Block = (key: Uint8Array, block: Uint8Array): Uint8Array =>
  new Uint8Array(createCipheriv('sm4-ecb', key, null).setAutoPadding(false).update(block));

test('under an SM4 key request and answer are PBOC\u2019s steps in blocks of sixteen', async () => {
  const hsm = open();
  await clearKey(hsm, 'mdk', 'mdk-ac-sm4', double);
  const complement = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => ~byte);
  const [zeros, atc] = [new Uint8Array(6), Uint8Array.of(0, 14)];
  const digits = fromHex((pan + '01').slice(-16));
  const udk = sm4Block(fromHex(double), concat(digits, complement(digits)));
  const sessionKey = sm4Block(udk, concat(zeros, atc, zeros, complement(atc)));
  const data = fromHex('0000000012340000000000340156D86004A800015612051601010101017C00000E03A4B904');
  const padded = concat(data, Uint8Array.of(0x80), new Uint8Array(48 - data.length - 1));
  let block = new Uint8Array(16);
  for (let at = 0; at < padded.length; at += 16)
    block = sm4Block(sessionKey, xor(block, padded.subarray(at, at + 16))).slice();
  const order = { mdk: 'mdk', pan, psn: '01', atc, data, arqc: block.slice(0, 8) };
  assert.equal(await hsm.verifyArqc(order), true);
  assert.equal(await hsm.verifyArqc({ ...order, psn: '02' }), false);
  assert.equal(await hsm.verifyArqc({ ...order, atc: Uint8Array.of(0, 15) }), false);
  assert.equal(await hsm.verifyArqc({ ...order, data: data.subarray(1) }), false);
  const answer = concat(xor(order.arqc, concat(fromHex('3030'), zeros)), new Uint8Array(8));
  assert.deepEqual(await hsm.makeArpc({ ...order, arc: '00' }), sm4Block(sessionKey, answer).slice(0, 8));
  await clearKey(hsm, 'des', 'mdk-ac', double);
  assert.equal(await hsm.verifyArqc({ ...order, mdk: 'des' }), false);
});

test('the hash of a PAN is the same every time, differs by PAN and by key', async () => {
  const hsm = await generated(['one', 'pan-hash'], ['two', 'pan-hash']);
  const hash = await hsm.hashPan({ key: 'one', pan });
  assert.equal(hash.length, 32);
  assert.deepEqual(await hsm.hashPan({ key: 'one', pan }), hash);
  assert.notDeepEqual(await hsm.hashPan({ key: 'two', pan }), hash);
  assert.notDeepEqual(await hsm.hashPan({ key: 'one', pan: '6225000000000022' }), hash);
});

test('sealed data opens under its key alone', async () => {
  const hsm = await generated(['data', 'data'], ['other', 'data']);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (data) => {
      const sealed = await hsm.seal({ key: 'data', data });
      assert.deepEqual(await hsm.open({ key: 'data', data: sealed }), data);
      await refused('seal-broken', hsm.open({ key: 'other', data: sealed }));
    }),
    { numRuns: 30 },
  );
});

test('every command refuses a key of every use it does not name', async () => {
  const uses = Object.keys(keyUses) as KeyUse[];
  const hsm = await generated(...uses.map((use) => [use, use] as const));
  const eight = new Uint8Array(8);
  const card = { pan, psn: '01', atc: Uint8Array.of(0, 1) };
  const pinKeys: KeyUse[] = ['tpk', 'zpk', 'tpk-aes', 'zpk-aes', 'tpk-sm4', 'zpk-sm4'];
  const commands: Record<string, { allowed: KeyUse[]; run: (key: string) => Promise<unknown> }> = {
    mac: { allowed: ['tak', 'zak'], run: (key) => hsm.mac({ key, algorithm: 'x919', data: eight }) },
    verifyMac: {
      allowed: ['tak', 'zak'],
      run: (key) => hsm.verifyMac({ key, algorithm: 'x919', data: eight, mac: eight }),
    },
    encryptPin: { allowed: ['tpk', 'tpk-aes', 'tpk-sm4'], run: (key) => hsm.encryptPin({ key, pin: '1234', pan }) },
    translateFrom: {
      allowed: pinKeys,
      run: (key) => hsm.translatePin({ from: key, to: 'zpk', block: eight, pan }),
    },
    translateTo: {
      allowed: ['zpk', 'zpk-aes', 'zpk-sm4'],
      run: (key) => hsm.translatePin({ from: 'zpk', to: key, block: eight, pan }),
    },
    verifyPin: {
      allowed: pinKeys,
      run: (key) => hsm.verifyPin({ key, block: eight, pan, pvk: 'pvk', offset: '0000' }),
    },
    verifyPinPvk: {
      allowed: ['pvk'],
      run: (pvk) => hsm.verifyPin({ key: 'zpk', block: eight, pan, pvk, offset: '0000' }),
    },
    makePinOffset: { allowed: ['pvk'], run: (pvk) => hsm.makePinOffset({ pvk, pan, pin: '1234' }) },
    makeCvv: { allowed: ['cvk'], run: (cvk) => hsm.makeCvv({ cvk, pan, expiry: '3012', serviceCode: '220' }) },
    verifyCvv: {
      allowed: ['cvk'],
      run: (cvk) => hsm.verifyCvv({ cvk, pan, expiry: '3012', serviceCode: '220', cvv: '187' }),
    },
    verifyArqc: {
      allowed: ['mdk-ac', 'mdk-ac-sm4'],
      run: (mdk) => hsm.verifyArqc({ mdk, ...card, data: eight, arqc: eight }),
    },
    makeArpc: {
      allowed: ['mdk-ac', 'mdk-ac-sm4'],
      run: (mdk) => hsm.makeArpc({ mdk, ...card, arqc: eight, arc: '00' }),
    },
    encryptTrack: { allowed: ['tdk'], run: (key) => hsm.encryptTrack({ key, track }) },
    decryptTrack: { allowed: ['tdk'], run: (key) => hsm.decryptTrack({ key, track }) },
    hashPan: { allowed: ['pan-hash'], run: (key) => hsm.hashPan({ key, pan }) },
    seal: { allowed: ['data'], run: (key) => hsm.seal({ key, data: eight }) },
    open: { allowed: ['data'], run: (key) => hsm.open({ key, data: eight }) },
    importUnder: {
      allowed: ['zmk', 'tmk'],
      run: (under) => hsm.importKey({ ref: 'new', use: 'tmk', cryptogram: new Uint8Array(16), under }),
    },
    importSm4Under: {
      allowed: ['zmk-sm4', 'tmk-sm4'],
      run: (under) => hsm.importKey({ ref: 'new', use: 'tmk-sm4', cryptogram: new Uint8Array(16), under }),
    },
    sm4Mac: {
      allowed: ['tak-sm4', 'zak-sm4'],
      run: (key) => hsm.mac({ key, algorithm: 'sm4-cbc', data: eight }),
    },
    exportUnder: { allowed: ['zmk', 'tmk'], run: (under) => hsm.exportKey({ ref: 'tmk', under }) },
  };
  for (const { allowed, run } of Object.values(commands)) {
    for (const use of uses) {
      const outcome = await run(use).then(
        () => 'ok',
        (error: HsmError) => error.code,
      );
      assert.equal(outcome === 'key-use', !allowed.includes(use), `${use}: ${outcome}`);
    }
  }
});

test('a track travels enciphered under a tdk and comes back; what is no track is refused', async () => {
  const hsm = await generated(['tdk', 'tdk'], ['other', 'tdk']);
  const sent = await hsm.encryptTrack({ key: 'tdk', track });
  assert.notEqual(sent, track);
  assert.equal(await hsm.decryptTrack({ key: 'tdk', track: sent }), track);
  assert.notEqual(await hsm.decryptTrack({ key: 'other', track: sent }), track);
  await refused('data-format', hsm.encryptTrack({ key: 'tdk', track: '62' }));
});

test('a key travels only under the carriers its use names; an issuer’s own keys never do', async () => {
  const uses = Object.keys(keyUses) as KeyUse[];
  const hsm = await generated(...uses.map((use) => [use, use] as const));
  for (const carrier of ['zmk', 'tmk', 'zmk-sm4', 'tmk-sm4'] as const) {
    for (const use of uses) {
      const leaving = hsm.exportKey({ ref: use, under: carrier });
      if (!(keyUses[use].under as readonly KeyUse[]).includes(carrier)) {
        await refused('key-use', leaving);
        continue;
      }
      const { cryptogram, kcv } = await leaving;
      const info = await hsm.importKey({ ref: 'back', use, cryptogram, under: carrier, kcv });
      assert.equal(info.kcv, (await hsm.keyInfo(use))?.kcv);
    }
  }
});

test('components make the key together, whatever their order; lengths must agree', async () => {
  const hsm = open();
  const components = [fromHex(double), fromHex('11'.repeat(16)), fromHex('A5'.repeat(16))];
  const one = await hsm.importComponents({ ref: 'zmk', use: 'zmk', components });
  const two = await hsm.importComponents({ ref: 'zmk', use: 'zmk', components: components.toReversed() });
  assert.equal(one.kcv, two.kcv);
  await refused('kcv-mismatch', hsm.importComponents({ ref: 'x', use: 'zmk', components, kcv: fromHex('000000') }));
  await refused('key-length', hsm.importComponents({ ref: 'x', use: 'zmk', components: [] }));
  await refused(
    'key-length',
    hsm.importComponents({ ref: 'x', use: 'zmk', components: [fromHex(double), new Uint8Array(8)] }),
  );
  await refused('key-length', hsm.generateKey({ ref: 'x', use: 'cvk', bytes: 24 }));
});

test('a generated key has odd parity', async () => {
  const hsm = await generated(['zpk', 'zpk']);
  await clearKey(hsm, 'zmk', 'zmk', double);
  const { cryptogram } = await hsm.exportKey({ ref: 'zpk', under: 'zmk' });
  const { desEcbDecrypt, adjustParity } = await import('@zhanggui/card-crypto');
  const clear = desEcbDecrypt(fromHex(double), cryptogram);
  assert.deepEqual(adjustParity(clear), clear);
});

test('a replaced key is used from then on, a removed one is unknown', async () => {
  const hsm = open();
  const order = { key: 'tak', algorithm: 'unionpay-ecb', data: new Uint8Array(8) } as const;
  await clearKey(hsm, 'tak', 'tak', double);
  const before = await hsm.mac(order);
  await clearKey(hsm, 'tak', 'tak', '11'.repeat(16));
  assert.notDeepEqual(await hsm.mac(order), before);
  await hsm.removeKey('tak');
  await refused('key-unknown', hsm.mac(order));
  assert.equal(await hsm.keyInfo('tak'), undefined);
});

test('a module opened later on the same store has the same keys, loaded once', async () => {
  const store = memoryKeyStore();
  await clearKey(open(store), 'tak', 'tak', double);
  let loads = 0;
  const later = open({ ...store, load: (ref) => ((loads += 1), store.load(ref)) });
  const order = { key: 'tak', algorithm: 'x919', data: new Uint8Array(8) } as const;
  const macs = await Promise.all([later.mac(order), later.mac(order), later.mac(order)]);
  await later.mac(order);
  assert.equal(new Set(macs.map(hex)).size, 1);
  assert.equal(loads, 1);
});

test('a stored key whose ref, use, length or bytes were changed, or under another LMK, does not open', async () => {
  const store = memoryKeyStore();
  await clearKey(open(store), 'zpk', 'zpk', double);
  await clearKey(open(store), 'pvk', 'pvk', '11'.repeat(16));
  const key = await store.load('zpk');
  assert.ok(key);
  const mac = (hsm: Hsm, ref: string) => hsm.mac({ key: ref, algorithm: 'x919', data: new Uint8Array(8) });
  const tampered = async (change: Partial<typeof key>) => {
    await store.save({ ...key, ...change });
    await refused('seal-broken', mac(open(store), change.ref ?? key.ref));
  };
  await tampered({ use: 'zak' });
  await tampered({ ref: 'other' });
  await tampered({ bytes: 8 });
  await tampered({ sealed: key.sealed.map((byte, index) => (index === 30 ? byte ^ 1 : byte)) });
  await store.save(key);
  await refused('seal-broken', mac(openSoftHsm({ lmk: new Uint8Array(32), store }), 'zpk'));
});

test('commands are counted by how they end', async () => {
  const hsm = await generated(['tak', 'tak']);
  const order = { key: 'tak', algorithm: 'x919', data: new Uint8Array(8) } as const;
  await hsm.verifyMac({ ...order, mac: await hsm.mac(order) });
  await hsm.verifyMac({ ...order, mac: new Uint8Array(8) });
  await refused('key-unknown', hsm.mac({ ...order, key: 'none' }));
  assert.deepEqual(hsm.counts(), [
    { command: 'generateKey', outcome: 'ok', count: 1 },
    { command: 'mac', outcome: 'ok', count: 1 },
    { command: 'mac', outcome: 'key-unknown', count: 1 },
    { command: 'verifyMac', outcome: 'ok', count: 1 },
    { command: 'verifyMac', outcome: 'mismatch', count: 1 },
  ]);
});

test('nothing about a key shows when the module is printed', async () => {
  const store = memoryKeyStore();
  const hsm = open(store);
  await clearKey(hsm, 'tak', 'tak', double);
  await hsm.mac({ key: 'tak', algorithm: 'x919', data: new Uint8Array(8) });
  const shown = inspect([hsm, store, await store.load('tak')], { depth: 9, showHidden: true }) + JSON.stringify(hsm);
  assert.ok(!shown.includes(double) && !shown.includes('0x01, 0x23') && !shown.includes('1, 35, 69, 103'));
});
