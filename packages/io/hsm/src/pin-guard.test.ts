import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, hex, xor } from '@zhanggui/bytes';
import { desEcbDecrypt, desEcbEncrypt, pinBlockEncode } from '@zhanggui/card-crypto';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/sm.json' with { type: 'json' };
import { memoryGuessStore } from './guess-store.ts';
import { HsmError, type HsmErrorCode } from './hsm-error.ts';
import type { KeyUse } from './key.ts';
import { memoryKeyStore } from './key-store.ts';
import type { PinFormat } from './pin-blocks.ts';
import { openSoftHsm, type SoftHsm, type SoftHsmSettings } from './soft-hsm.ts';

const zpk = '0123456789ABCDEFFEDCBA9876543210';
const pan = '6225000000000014';
const minute = 60_000;

const opened = async (settings: Partial<SoftHsmSettings> = {}): Promise<SoftHsm> => {
  const hsm = openSoftHsm({ lmk: new Uint8Array(32).fill(1), store: memoryKeyStore(), ...settings });
  await hsm.importComponents({ ref: 'zpk', use: 'zpk', components: [fromHex(zpk)] });
  await hsm.importComponents({ ref: 'tpk', use: 'tpk', components: [fromHex(zpk)] });
  await hsm.importComponents({ ref: 'pvk', use: 'pvk', components: [fromHex('11'.repeat(16))] });
  return hsm;
};
const refused = (code: HsmErrorCode, run: Promise<unknown>) =>
  assert.rejects(run, (error) => error instanceof HsmError && error.code === code);
const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength, maxLength });

test('a guesser who changes the PAN to turn PIN digits into letters gets the answer of any wrong PIN', async () => {
  const hsm = await opened({ pinLimit: { guesses: 1e9, windowMs: minute } });
  const offset = await hsm.makePinOffset({ pvk: 'pvk', pan, pin: '123456' });
  const block = await hsm.encryptPin({ key: 'tpk', pin: '123456', pan });
  const answers = new Set<string>();
  for (let digit = 0; digit < 10; digit += 1) {
    // The third PIN digit lies over the first of the PAN's twelve.
    const asked = `622${digit}${pan.slice(4)}`;
    answers.add(await hsm.verifyPin({ key: 'zpk', block, pan: asked, pvk: 'pvk', offset }));
    const translated = await hsm.translatePin({ from: 'tpk', to: 'zpk', block, pan: asked });
    assert.equal(hex(translated), hex(block));
  }
  assert.deepEqual([...answers].sort(), ['match', 'mismatch']);
});

test('a block of another key is still a format error, so that links notice that their keys differ', async () => {
  const hsm = await opened();
  await hsm.importComponents({ ref: 'other', use: 'zpk', components: [fromHex('22'.repeat(16))] });
  const order = { pan, pvk: 'pvk', offset: '0000' };
  for (let count = 0; count < 100; count += 1) {
    const block = await hsm.encryptPin({ key: 'tpk', pin: String(1000 + count), pan });
    assert.equal(await hsm.verifyPin({ ...order, key: 'other', block }), 'format-error');
    await refused('pin-format', hsm.translatePin({ from: 'other', to: 'zpk', block, pan }));
  }
});

test('after ten wrong guesses nothing more is learnt about that card, the right PIN is wrong too, until the window is over', async () => {
  let now = 0;
  const hsm = await opened({ now: () => now });
  const offset = await hsm.makePinOffset({ pvk: 'pvk', pan, pin: '1234' });
  const right = await hsm.encryptPin({ key: 'tpk', pin: '1234', pan });
  const ask = (block: Uint8Array) => hsm.verifyPin({ key: 'zpk', block, pan, pvk: 'pvk', offset });
  for (let guess = 0; guess < 9; guess += 1) {
    assert.equal(await ask(await hsm.encryptPin({ key: 'tpk', pin: String(2000 + guess), pan })), 'mismatch');
    if (guess < 8) assert.equal(await ask(right), 'match');
  }
  assert.equal(await ask(right), 'mismatch');
  assert.equal(hsm.counts().find(({ outcome }) => outcome === 'pin-limit')?.count, 1);
  await refused('pin-limit', hsm.makePinOffset({ pvk: 'pvk', pan, pin: '1234' }));
  const other = '6225000000000022';
  assert.equal((await hsm.makePinOffset({ pvk: 'pvk', pan: other, pin: '1234' })).length, 4);
  now += 10 * minute;
  assert.equal(await ask(right), 'match');
});

test('processes that share a count share the limit: what one has shut the others know within a second, a new one at once', async () => {
  let now = 0;
  const guesses = memoryGuessStore();
  const another = () => opened({ now: () => now, guesses });
  const [one, other] = [await another(), await another()];
  const offset = await one.makePinOffset({ pvk: 'pvk', pan, pin: '1234' });
  const right = await one.encryptPin({ key: 'tpk', pin: '1234', pan });
  const wrong = await one.encryptPin({ key: 'tpk', pin: '4321', pan });
  const ask = (hsm: SoftHsm, block: Uint8Array) => hsm.verifyPin({ key: 'zpk', block, pan, pvk: 'pvk', offset });
  assert.equal(await ask(other, right), 'match');
  for (let guess = 0; guess < 9; guess += 1) assert.equal(await ask(one, wrong), 'mismatch');
  assert.deepEqual([await ask(one, right), await ask(await another(), right)], ['mismatch', 'mismatch']);
  now += 1000;
  await ask(other, right);
  assert.equal(await ask(other, right), 'mismatch');
  now += 10 * minute;
  await ask(one, wrong);
  assert.deepEqual([await ask(one, right), await ask(other, right)], ['match', 'match']);
});

test('without its common count a wrong PIN gets no answer, and a right one does', async () => {
  const broken = { ...memoryGuessStore(), count: () => Promise.reject(new Error('the store is away')) };
  const hsm = await opened({ guesses: broken });
  const [right, wrong] = [
    await hsm.encryptPin({ key: 'tpk', pin: '1234', pan }),
    await hsm.encryptPin({ key: 'tpk', pin: '4321', pan }),
  ];
  await assert.rejects(hsm.makePinOffset({ pvk: 'pvk', pan, pin: '1234' }), /the store is away/);
  const offset = await (await opened()).makePinOffset({ pvk: 'pvk', pan, pin: '1234' });
  const ask = (block: Uint8Array) => hsm.verifyPin({ key: 'zpk', block, pan, pvk: 'pvk', offset });
  await assert.rejects(ask(wrong), /the store is away/);
  assert.equal(await ask(right), 'match');
});

test('a PIN survives every translation between formats and keys', async () => {
  const hsm = await opened({ pinLimit: { guesses: 1e9, windowMs: minute } });
  const keys: [KeyUse, PinFormat][] = [
    ['zpk', '0'],
    ['zpk', '3'],
    ['zpk-aes', '4'],
    ['zpk-sm4', 'sm4'],
  ];
  for (const use of ['tpk-aes', 'zpk-aes', 'tpk-sm4', 'zpk-sm4'] as const)
    await hsm.generateKey({ ref: use, use, bytes: 16 });
  await fc.assert(
    fc.asyncProperty(digits(4, 12), digits(13, 19), async (pin, pan) => {
      const offset = await hsm.makePinOffset({ pvk: 'pvk', pan, pin });
      let block = await hsm.encryptPin({ key: 'tpk', pin, pan });
      let from: string = 'tpk';
      let format: PinFormat = '0';
      for (const [to, next] of [...keys, ...keys.toReversed(), ...keys]) {
        block = await hsm.translatePin({ from, to, block, pan, formats: { from: format, to: next } });
        assert.equal(await hsm.verifyPin({ key: to, block, pan, pvk: 'pvk', offset, format: next }), 'match');
        [from, format] = [to, next];
      }
    }),
    { numRuns: 30 },
  );
});

test('a key makes the formats of its algorithm only; digits of format 3 fillers are letters', async () => {
  const hsm = await opened();
  await hsm.generateKey({ ref: 'aes', use: 'zpk-aes', bytes: 32 });
  const block = await hsm.encryptPin({ key: 'tpk', pin: '1234', pan });
  const order = { from: 'tpk', block, pan };
  await refused('key-use', hsm.translatePin({ ...order, to: 'aes', formats: { to: '0' } }));
  await refused('key-use', hsm.translatePin({ ...order, to: 'zpk', formats: { to: '4' } }));
  const third = await hsm.translatePin({ ...order, to: 'zpk', formats: { to: '3' } });
  const field = xor(desEcbDecrypt(fromHex(zpk), third), pinBlockEncode({ format: '0', pin: '1234', pan }));
  assert.match(hex(field), /^300000[0-5]{10}$/);
});

test('garbage between formats is refused without a guess counted, changed PANs are counted', async () => {
  const hsm = await opened({ pinLimit: { guesses: 3, windowMs: minute } });
  const formats = { to: '3' } as const;
  for (let count = 0; count < 10; count += 1)
    await refused('pin-format', hsm.translatePin({ from: 'tpk', to: 'zpk', block: new Uint8Array(8), pan, formats }));
  const holed = desEcbEncrypt(
    fromHex(zpk),
    fromHex('04FF34FFFFFFFFFF').map(
      (byte, index) =>
        byte ^
        (pinBlockEncode({ format: '0', pin: '0000', pan })[index] ?? 0) ^
        (fromHex('040000FFFFFFFFFF')[index] ?? 0),
    ),
  );
  for (const code of ['pin-format', 'pin-format', 'pin-format', 'pin-limit'] as const)
    await refused(code, hsm.translatePin({ from: 'tpk', to: 'zpk', block: holed, pan, formats }));
});

test('terminals with SM4 keys: working keys arrive, PIN and MAC are theirs', async () => {
  const hsm = await opened();
  const { tmk, cipher, kcv } = vectors.workingKey;
  await hsm.importComponents({ ref: 'tmk', use: 'tmk-sm4', components: [fromHex(tmk)] });
  const order = { ref: 'pik', use: 'tpk-sm4', cryptogram: fromHex(cipher), under: 'tmk' } as const;
  await refused('kcv-mismatch', hsm.importKey({ ...order, kcv: fromHex('00000000') }));
  assert.equal((await hsm.importKey({ ...order, kcv: fromHex(kcv) })).kcv, kcv.slice(0, 8));
  const { pin, pan, cipher: block } = vectors.pinBlock;
  assert.equal(hex(await hsm.encryptPin({ key: 'pik', pin, pan })), block);
  const data = Uint8Array.of(1, 2, 3);
  await hsm.generateKey({ ref: 'mak', use: 'tak-sm4', bytes: 16 });
  const mac = await hsm.mac({ key: 'mak', algorithm: 'unionpay-sm4', data });
  assert.equal(await hsm.verifyMac({ key: 'mak', algorithm: 'unionpay-sm4', data, mac }), true);
  await refused('key-use', hsm.mac({ key: 'mak', algorithm: 'unionpay-ecb', data }));
});
