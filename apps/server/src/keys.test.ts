import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestStore } from '@zhanggui/store';
import { allMigrations } from './house.ts';
import { openInstitutionHsm } from './keys.ts';

test('with the next master key beside the former one a start seals every key anew; then the former one is not needed', async (context) => {
  const { store, close } = await openTestStore(allMigrations);
  context.after(close);
  const [former, next] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const before = await openInstitutionHsm({ lmk: former }, store, 'issuer');
  const { kcv } = await before.generateKey({ ref: 'zmk', use: 'zmk', bytes: 16 });
  const during = await openInstitutionHsm({ lmk: next, otherLmk: former }, store, 'issuer');
  assert.equal((await during.keyInfo('zmk'))?.kcv, kcv);
  const after = await openInstitutionHsm({ lmk: next }, store, 'issuer');
  assert.equal((await after.keyInfo('zmk'))?.kcv, kcv);
  const late = await openInstitutionHsm({ lmk: former }, store, 'issuer');
  await assert.rejects(late.keyInfo('zmk'), { code: 'seal-broken' });
  const strangers = { lmk: new Uint8Array(32).fill(3), otherLmk: new Uint8Array(32).fill(4) };
  await assert.rejects(openInstitutionHsm(strangers, store, 'issuer'), /seal-broken|neither master key opens/);
});

test('wrong PINs are counted by all processes of an institution together', async (context) => {
  const { store, close } = await openTestStore(allMigrations);
  context.after(close);
  const keys = { lmk: new Uint8Array(32).fill(1) };
  const [one, other] = [
    await openInstitutionHsm(keys, store, 'issuer'),
    await openInstitutionHsm(keys, store, 'issuer'),
  ];
  await one.generateKey({ ref: 'zpk', use: 'zpk', bytes: 16 });
  await one.generateKey({ ref: 'tpk', use: 'tpk', bytes: 16 });
  await one.generateKey({ ref: 'pvk', use: 'pvk', bytes: 16 });
  const pan = '6225000000000014';
  const offset = await one.makePinOffset({ pvk: 'pvk', pan, pin: '1234' });
  const blockOf = async (pin: string) =>
    one.translatePin({ from: 'tpk', to: 'zpk', block: await one.encryptPin({ key: 'tpk', pin, pan }), pan });
  const [right, wrong] = [await blockOf('1234'), await blockOf('4321')];
  const ask = (hsm: typeof one, block: Uint8Array) => hsm.verifyPin({ key: 'zpk', block, pan, pvk: 'pvk', offset });
  for (let guess = 0; guess < 9; guess += 1) assert.equal(await ask(one, wrong), 'mismatch');
  assert.deepEqual(
    [await ask(other, wrong), await ask(other, right), await ask(one, right)],
    Array(3).fill('mismatch'),
  );
});
