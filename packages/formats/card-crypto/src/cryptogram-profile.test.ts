import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ascii, fromHex, hex, xor } from '@zhanggui/bytes';
import fc from 'fast-check';
import base from '../../../../spec-vectors/card-crypto.json' with { type: 'json' };
import vectors from '../../../../spec-vectors/card-crypto-emv.json' with { type: 'json' };
import { CryptoError } from './crypto-error.ts';
import {
  arpc,
  arpcMethod2,
  arqc,
  type CardKeyOption,
  emvCommonSessionKey,
  emvUdk,
  mchipSessionKey,
  visaMessagingKey,
} from './cryptogram.ts';
import {
  applicationCryptogram,
  type CryptogramProfileName,
  cryptogramData,
  cryptogramProfileNames,
  issuerAuthenticationData,
  profileCardKey,
} from './cryptogram-profile.ts';
import { kcv } from './keys.ts';
import { sm4Key } from './sm4.ts';

const { masterKeys } = vectors;
const check = (key: Uint8Array): string => hex(kcv(key)).slice(0, 4);
const bytesOf = (table: Partial<Record<string, string>>) =>
  Object.fromEntries(Object.entries(table).map(([tag, value]) => [tag, fromHex(value ?? '')]));
const refused = (code: string, run: () => unknown) =>
  assert.throws(run, (error) => error instanceof CryptoError && error.code === code && error.message === code);
type Card = { option: string; pan: string; psn: string };
const cardKey = ({ option, pan, psn }: Card, mdk = masterKeys.ac): Uint8Array =>
  emvUdk({ mdk: fromHex(mdk), pan, psn, option: option as CardKeyOption });

for (const { kcv: value, ...card } of vectors.cardKeys.cases)
  test(`card key by option ${card.option}, ${card.pan.length} digits, sequence number ${card.psn}`, () => {
    assert.equal(check(cardKey(card)), value);
  });

test('option B is option A for a PAN of sixteen digits or fewer, and another key beyond', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength: 12, maxLength: 19 });
  fc.assert(
    fc.property(digits, (pan) => {
      const [one, other] = [cardKey({ option: 'A', pan, psn: '01' }), cardKey({ option: 'B', pan, psn: '01' })];
      assert.equal(hex(one) === hex(other), pan.length <= 16);
    }),
  );
});

const { diversifier, data } = vectors.common;
const sessionKey = (card: Card) => emvCommonSessionKey({ udk: cardKey(card), diversifier: fromHex(diversifier) });

for (const { kcv: value, arqc: expected, ...card } of vectors.common.cases)
  test(`session key ${value} of the common way and its cryptogram`, () => {
    assert.equal(check(sessionKey(card)), value);
    assert.equal(hex(arqc({ sessionKey: sessionKey(card), data: fromHex(data) })), expected);
  });

for (const { data: covered, arqc: expected } of vectors.zeroPadding.cases)
  test(`a cryptogram over ${covered.length / 2} bytes filled with zeros`, () => {
    const { pan, psn } = vectors.zeroPadding;
    const key = sessionKey({ option: 'A', pan, psn });
    assert.equal(hex(arqc({ sessionKey: key, data: fromHex(covered), padding: 'zeros' })), expected);
  });

for (const { key, arqc: request, arc, arpc: expected, ...card } of vectors.method1)
  test(`ARPC ${expected} by method 1 under the ${key} key`, () => {
    const made = arpc({
      sessionKey: key === 'card' ? cardKey(card) : sessionKey(card),
      arqc: fromHex(request),
      arc: ascii(fromHex(arc)),
    });
    assert.equal(hex(made), expected);
  });

for (const { arqc: request, csu, proprietaryData, arpc: expected, ...card } of vectors.method2)
  test(`ARPC ${expected} by method 2`, () => {
    const given = { arqc: fromHex(request), csu: fromHex(csu), proprietaryData: fromHex(proprietaryData) };
    assert.equal(hex(arpcMethod2({ sessionKey: sessionKey(card), ...given })), expected);
  });

for (const { mdk, atc, kcv: value, ...card } of vectors.visaMessaging)
  test(`Visa messaging key ${value}`, () => {
    const udk = cardKey({ option: 'A', ...card }, mdk);
    assert.equal(check(visaMessagingKey({ udk, atc: fromHex(atc) })), value);
  });

test('the M/Chip session key depends on counter and unpredictable number', () => {
  const { atc, unpredictableNumber, kcv: value } = vectors.mchipSession;
  const udk = cardKey({ option: 'A', pan: '1234567890123456', psn: '00' });
  const key = mchipSessionKey({ udk, atc: fromHex(atc), unpredictableNumber: fromHex(unpredictableNumber) });
  assert.equal(check(key), value);
});

const ownKey = (profile: CryptogramProfileName) =>
  profileCardKey({ profile, mdk: fromHex(masterKeys.ac), pan: '1234567890123456', psn: '00' });

for (const vector of vectors.profiles)
  test(`cryptogram and answer of ${vector.profile}`, () => {
    const profile = vector.profile as CryptogramProfileName;
    const card = { profile, udk: ownKey(profile), values: bytesOf(vector.values) };
    const request = applicationCryptogram(card);
    assert.equal(hex(request), vector.arqc);
    const answer =
      'arc' in vector.answer && vector.answer.arc !== undefined
        ? { arc: fromHex(vector.answer.arc) }
        : { csu: fromHex(vector.answer.csu ?? '') };
    assert.equal(hex(issuerAuthenticationData({ ...card, arqc: request, answer })), vector.tag91);
  });

for (const { source, profile, values, data: covered } of vectors.dataLists)
  test(`data list of ${profile}: ${source}`, () => {
    const listed = cryptogramData({ profile: profile as CryptogramProfileName, values: bytesOf(values) });
    assert.equal(hex(listed), covered);
  });

test('PBOC cryptogram version 01 covers what the published example covers', () => {
  for (const vector of base.cryptogram) {
    const values = bytesOf({
      '9F02': '000000001234',
      '9F03': '000000000034',
      '9F1A': '0156',
      '95': 'D86004A800',
      '5F2A': '0156',
      '9A': '120516',
      '9C': '01',
      '9F37': '01010101',
      '82': '7C00',
      '9F36': vector.atc,
      '9F10': '07010103A4B90401',
    });
    const card = { profile: 'pboc-01' as const, udk: fromHex(vector.udk), values };
    assert.equal(hex(cryptogramData(card)), vector.data);
    assert.equal(hex(applicationCryptogram(card)), vector.arqc);
    const answer = { arc: Uint8Array.of(0x30, 0x30) };
    const tag91 = issuerAuthenticationData({ ...card, arqc: fromHex(vector.arqc), answer });
    assert.equal(hex(tag91), `${vector.arpc}3030`);
  }
});

test('the contactless lists (no published cryptogram was found) are amount, unpredictable number, counter and one byte of the card’s results', () => {
  const values = bytesOf({ '9F02': '000000000100', '9F37': 'ABCDEF10', '9F36': '0001', '9F10': '07010103A4B90401' });
  for (const profile of ['visa-17', 'pboc-17', 'pboc-17-sm4'] as const)
    assert.equal(hex(cryptogramData({ profile, values })), '000000000100ABCDEF100001A4');
});

test('under SM4 keys the lists are PBOC’s, and keys, cryptogram and answer what SM4 itself gives step by step', () => {
  const values = bytesOf({ ...vectors.dataLists[0]?.values, '9F36': '0001', '9F10': '07010103A4B90401' });
  const udk = sm4Key(fromHex(masterKeys.ac)).encrypt(fromHex('3456789012345601CBA9876FEDCBA9FE'));
  const given = { profile: 'pboc-01-sm4' as const, mdk: fromHex(masterKeys.ac), pan: '1234567890123456', psn: '01' };
  assert.equal(hex(profileCardKey(given)), hex(udk));
  const sessionOf = sm4Key(udk).encrypt(fromHex('0000000000000001000000000000FFFE'));
  const card = { profile: given.profile, udk, values };
  const covered = cryptogramData(card);
  assert.equal(hex(covered), hex(cryptogramData({ ...card, profile: 'pboc-01' })));
  const padded = fromHex(`${hex(covered)}80`.padEnd(96, '0'));
  const request = applicationCryptogram(card);
  assert.equal(hex(request), hex(sm4Key(sessionOf).encrypt(padded, { mode: 'cbc' })).slice(64, 80));
  const answer = sm4Key(sessionOf).encrypt(
    xor(fromHex(`${hex(request)}${'0'.repeat(16)}`), fromHex('3030'.padEnd(32, '0'))),
  );
  const tag91 = issuerAuthenticationData({ ...card, arqc: request, answer: { arc: fromHex('3030') } });
  assert.equal(hex(tag91), `${hex(answer).slice(0, 16)}3030`);
});

test('a tag that is missing or of another length is refused, for every profile', () => {
  const [example] = vectors.profiles;
  assert.ok(example);
  const values = bytesOf(example.values);
  for (const profile of cryptogramProfileNames) {
    refused('card-data-format', () => cryptogramData({ profile, values: { ...values, '9F37': undefined } }));
    refused('card-data-format', () => cryptogramData({ profile, values: { ...values, '9F02': new Uint8Array(5) } }));
  }
  refused('card-data-format', () => {
    const card = { profile: 'visa-18' as const, udk: ownKey('visa-18'), values };
    return issuerAuthenticationData({ ...card, arqc: new Uint8Array(8), answer: { arc: new Uint8Array(2) } });
  });
  const udk = new Uint8Array(16);
  refused('card-data-format', () => emvCommonSessionKey({ udk, diversifier: new Uint8Array(2) }));
  refused('card-data-format', () => visaMessagingKey({ udk, atc: new Uint8Array(3) }));
  refused('card-data-format', () => arpcMethod2({ sessionKey: udk, arqc: new Uint8Array(8), csu: new Uint8Array(3) }));
});
