import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/card-crypto-emv.json' with { type: 'json' };
import { CryptoError } from './crypto-error.ts';
import { emvUdk } from './cryptogram.ts';
import {
  openIssuerScript,
  type ScriptSecurity,
  type ScriptStyle,
  sealIssuerScript,
  visPinBlock,
} from './issuer-script.ts';
import { pinBlockEncode } from './pin-block.ts';

const key = (mdk: string, { pan = '1234567890123456', psn = '00' } = {}) => emvUdk({ mdk: fromHex(mdk), pan, psn });
const { ac, smi, smc } = vectors.masterKeys;
const keys = { udkMac: key(smi), udkEncryption: key(smc) };
const atc = fromHex('001C');
const refused = (code: string, run: () => unknown) =>
  assert.throws(run, (error) => error instanceof CryptoError && error.code === code && error.message === code);

for (const { style, arqc, pin, currentPin, block, command } of vectors.scripts)
  test(`${style} script ${command.slice(0, 10)}${pin === undefined ? '' : ' with a PIN'}: ${command.slice(-16)}`, () => {
    const security: ScriptSecurity = { style: style as ScriptStyle, ...keys, atc, arqc: fromHex(arqc) };
    const header = fromHex(command.slice(0, 8));
    const vis = pin === undefined ? undefined : visPinBlock({ udk: key(ac), pin, currentPin });
    const secret = block === 'iso2' && pin !== undefined ? pinBlockEncode({ format: '2', pin }) : vis;
    assert.equal(hex(sealIssuerScript(security, { header, secret })), command);
    assert.deepEqual(openIssuerScript(security, fromHex(command), secret !== undefined), secret ?? new Uint8Array(0));
  });

const [disagreement] = vectors.disagreements;
test(`the common way pads always and chains (EMV Book 2 §9.3); ${disagreement?.why}`, () => {
  const { pan, psn, arqc, secret, enciphered, ...master } = vectors.ccdPinChange;
  const card = { udkMac: key(master.smi, { pan, psn }), udkEncryption: key(master.smc, { pan, psn }) };
  const security: ScriptSecurity = { style: 'common', ...card, atc, arqc: fromHex(arqc) };
  const command = sealIssuerScript(security, { header: fromHex('84240002'), secret: fromHex(secret) });
  assert.equal(hex(command.slice(5, 21)), enciphered);
});

for (const { mdk, pan, psn, pin, currentPin, block } of vectors.visPinBlocks)
  test(`PIN block of a PIN CHANGE, ${pin.length} digits${currentPin === undefined ? '' : ' with the present PIN'}`, () => {
    assert.equal(hex(visPinBlock({ udk: key(mdk, { pan, psn }), pin, currentPin })), block);
  });

const bytes = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength });
const anySecurity = fc
  .record({
    style: fc.constantFrom<ScriptStyle>('visa', 'pboc', 'mchip', 'common'),
    udkMac: bytes(16),
    udkEncryption: bytes(16),
    atc: bytes(2),
    arqc: bytes(8),
    macBytes: fc.integer({ min: 4, max: 8 }),
  })
  .map((security): ScriptSecurity => ({ ...security }));
const header = fromHex('84DA9F58');

test('what the issuer seals, the card opens', () => {
  fc.assert(
    fc.property(anySecurity, bytes(1, 60), (security, data) => {
      const secret = data.with(-1, 0x55);
      assert.deepEqual(openIssuerScript(security, sealIssuerScript(security, { header, data }), false), data);
      assert.deepEqual(openIssuerScript(security, sealIssuerScript(security, { header, secret }), true), secret);
    }),
  );
});

test('a command that was altered, or belongs to another transaction, is refused', () => {
  fc.assert(
    fc.property(anySecurity, bytes(1, 60), fc.nat(), (security, data, place) => {
      const command = sealIssuerScript(security, { header, data });
      const at = place % command.length;
      const bent = command.with(at, (command[at] ?? 0) ^ 0x40);
      refused(at === 4 ? 'card-data-format' : 'tag-mismatch', () => openIssuerScript(security, bent, false));
      const other = { ...security, arqc: security.arqc.with(0, (security.arqc[0] ?? 0) ^ 0x40) };
      const otherAtc = { ...security, atc: security.atc.with(1, (security.atc[1] ?? 0) ^ 0x40) };
      const usesCounter = security.style === 'visa' || security.style === 'pboc';
      refused('tag-mismatch', () => openIssuerScript(usesCounter ? otherAtc : other, command, false));
    }),
  );
});

test('scripts out of form are refused', () => {
  const security: ScriptSecurity = { style: 'visa', ...keys, atc, arqc: new Uint8Array(8) };
  const secret = new Uint8Array(8);
  refused('card-data-format', () => sealIssuerScript({ ...security, macBytes: 3 }, { header }));
  refused('card-data-format', () => sealIssuerScript(security, { header: new Uint8Array(5) }));
  refused('card-data-format', () => sealIssuerScript(security, { header, data: new Uint8Array(250) }));
  refused('card-data-format', () => sealIssuerScript({ ...security, arqc: new Uint8Array(7) }, { header }));
  refused('key-length', () => sealIssuerScript({ ...security, udkEncryption: undefined }, { header, secret }));
  refused('pin-format', () => visPinBlock({ udk: key(ac), pin: '123' }));
  refused('card-data-format', () => openIssuerScript(security, new Uint8Array(12), false));
});
