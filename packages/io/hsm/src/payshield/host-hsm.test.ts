import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ascii, fromAscii, fromHex, hex } from '@zhanggui/bytes';
import { arqc, cvv, emvSessionKey, emvUdk } from '@zhanggui/card-crypto';
import fc from 'fast-check';
import vectors from '../../../../../spec-vectors/card-crypto.json' with { type: 'json' };
import { HsmError, type HsmErrorCode } from '../hsm-error.ts';
import { type KeyStore, memoryKeyStore } from '../key-store.ts';
import { openSoftHsm, type SoftHsm } from '../soft-hsm.ts';
import { startHostServer } from '../testing/host-server.ts';
import { counted, key, mark, readFields, rest, text, until, writeFields } from './fields.ts';
import { type HostHsm, openHostHsm } from './host-hsm.ts';

const pan = '6225000000000014';
const zmk = '0123456789ABCDEFFEDCBA9876543210';
const soft = (): SoftHsm =>
  openSoftHsm({ lmk: new Uint8Array(32), store: memoryKeyStore(), pinLimit: { guesses: 1e9, windowMs: 1 } });
const refused = (code: HsmErrorCode, run: Promise<unknown>) =>
  assert.rejects(run, (error) => error instanceof HsmError && error.code === code);
const soon = async (isSo: () => boolean): Promise<void> => {
  for (let tries = 0; !isSo(); tries += 1) {
    assert.ok(tries < 400, 'it comes in time');
    await pause(5);
  }
};

/** A device, the driver to it, and a module of ours at the other end of the ZMK, with which keys are exchanged. */
const world = async (context: TestContext, store: KeyStore = memoryKeyStore()) => {
  const [inside, partner, local] = [soft(), soft(), soft()];
  const server = await startHostServer(inside);
  const host: HostHsm = openHostHsm({
    host: '127.0.0.1',
    port: server.port,
    store,
    local,
    timeoutMs: 200,
    reconnect: { minMs: 5, maxMs: 20 },
  });
  context.after(async () => {
    host.close();
    await server.close();
  });
  await soon(() => host.isConnected);
  await host.generateKey({ ref: 'zmk', use: 'zmk', bytes: 16 });
  for (const hsm of [inside, partner])
    await hsm.importComponents({ ref: hsm === inside ? 'key.1' : 'zmk', use: 'zmk', components: [fromHex(zmk)] });
  return { host, server, partner };
};
type World = Awaited<ReturnType<typeof world>>;

/** A key of the partner's, brought to the device. */
const shared = async ({ host, partner }: World, ref: string, use: 'zpk' | 'zak', bytes = 16) => {
  await partner.generateKey({ ref, use, bytes });
  const { cryptogram, kcv } = await partner.exportKey({ ref, under: 'zmk' });
  return host.importKey({ ref, use, cryptogram, under: 'zmk', kcv });
};

test('keys are made, brought in and sent out, and a wrong check value keeps one out', async (context) => {
  const it = await world(context);
  const { host, partner } = it;
  const info = await shared(it, 'zpk', 'zpk');
  assert.deepEqual(await host.keyInfo('zpk'), info);
  assert.equal((await partner.keyInfo('zpk'))?.kcv.slice(0, 6), info.kcv);
  for (const bytes of [8, 16, 24]) {
    const made = await host.generateKey({ ref: `zak.${bytes}`, use: 'zak', bytes });
    const { cryptogram, kcv } = await host.exportKey({ ref: made.ref, under: 'zmk' });
    await partner.importKey({ ref: made.ref, use: 'zak', cryptogram, under: 'zmk', kcv: kcv.subarray(0, 4) });
    await shared(it, `back.${bytes}`, 'zak', bytes);
  }
  const wrong = { ref: 'x', use: 'zpk', cryptogram: new Uint8Array(16), under: 'zmk', kcv: fromHex('000000') } as const;
  await refused('kcv-mismatch', host.importKey(wrong));
  assert.equal(await host.keyInfo('x'), undefined);
  await refused('key-use', host.mac({ key: 'zpk', algorithm: 'x919', data: new Uint8Array(8) }));
  await refused('key-unknown', host.exportKey({ ref: 'none', under: 'zmk' }));
  await host.removeKey('zpk');
  assert.equal(await host.keyInfo('zpk'), undefined);
});

test('MACs are those of the soft HSM, UnionPay’s too, over any data', async (context) => {
  const it = await world(context);
  const { host, partner } = it;
  await shared(it, 'zak', 'zak');
  const algorithms = fc.constantFrom('unionpay-ecb', 'interchange', 'x919');
  await fc.assert(
    fc.asyncProperty(algorithms, fc.uint8Array({ minLength: 1, maxLength: 300 }), async (algorithm, data) => {
      const order = { key: 'zak', algorithm, data } as const;
      const mac = await host.mac(order);
      assert.equal(hex(mac), hex(await partner.mac(order)));
      assert.equal(await host.verifyMac({ ...order, mac }), true);
      assert.equal(await host.verifyMac({ ...order, mac: mac.map((byte) => byte ^ 1) }), false);
    }),
    { numRuns: 30 },
  );
});

test('a PIN goes from the terminal over the zone to the issuer, and a wrong one is found', async (context) => {
  const it = await world(context);
  const { host, partner } = it;
  await shared(it, 'zpk', 'zpk');
  await shared(it, 'zpk.2', 'zpk');
  await host.generateKey({ ref: 'pvk', use: 'pvk', bytes: 16 });
  await host.generateKey({ ref: 'tmk', use: 'tmk', bytes: 16 });
  await host.generateKey({ ref: 'tpk', use: 'tpk', bytes: 16 });
  for (const [ref, under] of [
    ['tmk', 'zmk'],
    ['tpk', 'tmk'],
  ] as const) {
    const { cryptogram } = await host.exportKey({ ref, under });
    await partner.importKey({ ref, use: ref, cryptogram, under });
  }
  for (const pin of ['1234', '123456', '123456789012']) {
    const offset = await host.makePinOffset({ pvk: 'pvk', pan, pin });
    assert.equal(offset.length, pin.length);
    const entered = await partner.encryptPin({ key: 'tpk', pin, pan });
    assert.equal(await host.verifyPin({ key: 'tpk', block: entered, pan, pvk: 'pvk', offset }), 'match');
    const block = await host.translatePin({ from: 'tpk', to: 'zpk', block: entered, pan });
    const third = await host.translatePin({ from: 'zpk', to: 'zpk.2', block, pan, formats: { to: '3' } });
    const order = { key: 'zpk.2', pan, pvk: 'pvk', offset };
    assert.equal(await host.verifyPin({ ...order, block: third, format: '3' }), 'match');
    const back = await host.translatePin({ from: 'zpk.2', to: 'zpk', block: third, pan, formats: { from: '3' } });
    assert.equal(hex(back), hex(block));
    const wrong = offset.slice(1) + ((Number(offset[0]) + 1) % 10);
    if (wrong !== offset)
      assert.equal(await host.verifyPin({ ...order, key: 'zpk', block, offset: wrong }), 'mismatch');
    assert.equal(await host.verifyPin({ ...order, block }), 'format-error');
    await refused('pin-format', host.translatePin({ from: 'zpk.2', to: 'zpk', block, pan }));
  }
  await refused('not-supported', host.encryptPin({ key: 'zpk', pin: '1234', pan }));
});

test('card values and chip cryptograms verify, changed ones do not', async (context) => {
  const { host, server } = await world(context);
  await host.generateKey({ ref: 'cvk', use: 'cvk', bytes: 16 });
  await host.generateKey({ ref: 'mdk', use: 'mdk-ac', bytes: 16 });
  const card = { cvk: 'cvk', pan, expiry: '3012', serviceCode: '220' };
  const values = await Promise.all(
    Array.from({ length: 50 }, (_, index) => host.verifyCvv({ ...card, cvv: String(100 + index) })),
  );
  assert.ok(values.filter(Boolean).length <= 1);
  assert.equal(await host.verifyCvv({ ...card, cvv: '12' }), false);
  assert.equal(await host.verifyCvv({ ...card, cvv: await host.makeCvv(card) }), true);
  assert.ok(server.received.some((message) => /^.{4}CWU[0-9A-F]{32}6225000000000014;3012220$/.test(message)));
  assert.ok(server.received.some((message) => /^.{4}CYU[0-9A-F]{32}1006225000000000014;3012220$/.test(message)));
  const chip = { mdk: 'mdk', pan, psn: '01', atc: Uint8Array.of(0, 14), arqc: new Uint8Array(8) };
  assert.equal(await host.verifyArqc({ ...chip, data: Uint8Array.of(1, 2, 0x3b, 0x80) }), false);
  assert.equal((await host.makeArpc({ ...chip, arc: '00' })).length, 8);
});

test('with known keys inside the device, the published card value and a chip’s cryptogram verify', async (context) => {
  const inside = soft();
  const server = await startHostServer(inside);
  const host = openHostHsm({ host: '127.0.0.1', port: server.port, store: memoryKeyStore(), local: soft() });
  context.after(async () => {
    host.close();
    await server.close();
  });
  await soon(() => host.isConnected);
  await host.generateKey({ ref: 'cvk', use: 'cvk', bytes: 16 });
  await host.generateKey({ ref: 'mdk', use: 'mdk-ac', bytes: 16 });
  const [{ key: cvk, cvv: value, ...card } = { key: '', cvv: '', pan: '', expiry: '', serviceCode: '' }] = vectors.cvv;
  await inside.importComponents({ ref: 'key.1', use: 'cvk', components: [fromHex(cvk)] });
  await inside.importComponents({ ref: 'key.2', use: 'mdk-ac', components: [fromHex(zmk)] });
  assert.equal(await host.verifyCvv({ cvk: 'cvk', ...card, cvv: value }), true);
  assert.equal(value, cvv({ key: fromHex(cvk), ...card }));
  const atc = Uint8Array.of(0, 14);
  const data = Uint8Array.from({ length: 37 }, (_, index) => index * 7);
  const sessionKey = emvSessionKey({ udk: emvUdk({ mdk: fromHex(zmk), pan, psn: '01' }), atc });
  const order = { mdk: 'mdk', pan, psn: '01', atc, data, arqc: arqc({ sessionKey, data }) };
  assert.equal(await host.verifyArqc(order), true);
  assert.deepEqual(
    await host.makeArpc({ ...order, arc: '00' }),
    await inside.makeArpc({ ...order, mdk: 'key.2', arc: '00' }),
  );
});

test('what the device has no command for is done beside it', async (context) => {
  const { host } = await world(context);
  await host.generateKey({ ref: 'data', use: 'data', bytes: 32 });
  await host.generateKey({ ref: 'hash', use: 'pan-hash', bytes: 32 });
  const sealed = await host.seal({ key: 'data', data: fromAscii('card') });
  assert.equal(ascii(await host.open({ key: 'data', data: sealed })), 'card');
  assert.equal((await host.hashPan({ key: 'hash', pan })).length, 32);
  assert.equal((await host.keyInfo('data'))?.use, 'data');
  await refused('not-supported', host.importComponents({ ref: 'x', use: 'zpk', components: [new Uint8Array(16)] }));
  assert.deepEqual(await host.diagnostics(), { lmkCheck: '1234567890ABCDEF', firmware: '0000-0000' });
  const key = { ref: 'console', use: 'zpk', token: `U${zmk}`, kcv: '08D7B4' } as const;
  assert.deepEqual(await host.adoptKey(key), { ref: 'console', use: 'zpk', bytes: 16, kcv: '08D7B4' });
});

test('a device that is silent, gone or back again: no command waits for ever, and the next one after is answered', async (context) => {
  const { host, server } = await world(context);
  const ask = () => host.diagnostics();
  server.mute(true);
  await refused('device-away', ask());
  const underWay = refused('device-away', ask());
  server.cut();
  await underWay;
  await soon(() => !host.isConnected);
  await refused('device-away', ask());
  server.mute(false);
  await soon(() => host.isConnected);
  assert.equal((await ask()).lmkCheck.length, 16);
  const answers = await Promise.all(Array.from({ length: 200 }, ask));
  assert.equal(answers.length, 200);
});

test('what the device refuses is refused with its command and error', async (context) => {
  const { host } = await world(context);
  await host.adoptKey({ ref: 'unknown', use: 'zak', token: `U${zmk}`, kcv: '000000' });
  await assert.rejects(host.mac({ key: 'unknown', algorithm: 'x919', data: new Uint8Array(8) }), (error) => {
    assert.ok(error instanceof HsmError);
    assert.equal(error.message, 'device-refused: M6 10');
    return true;
  });
});

test('fields are written and read alike, and what does not fit is refused', () => {
  const fields = [text('a', 2), key('k'), until('u', ';'), counted('c', 2), mark(';'), rest('r')];
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (c, r) => {
      const values = { a: 'AB', k: `U${zmk}`, u: '123', c, r };
      assert.deepEqual(readFields(fields, writeFields(fields, values)), values);
    }),
  );
  for (const wrong of [{ a: 'A' }, { a: 'AB', k: 'U1' }, { a: 'AB', k: zmk.slice(16), u: '1;2' }])
    assert.throws(() => writeFields(fields, wrong), HsmError);
  for (const wrong of ['', 'AB', `ABU${zmk}`, `ABU${zmk}1;05;`, `ABU${zmk}1;01xx`])
    assert.throws(() => readFields(fields, wrong), HsmError);
});
