import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import { type KernelOutcome, type TerminalTransaction, type TvrBit, tvrNames } from '@zhanggui/emv';
import type { IccProfile } from '@zhanggui/icc';
import { sandboxAuthority } from './identity.ts';
import { approve, cards, chipOf, flipLastByte, issuerProof, runAtCounter, sale, tamper } from './testing.ts';

type Grade = 'sda' | 'dda' | 'cda';

const chips: Readonly<Record<Grade, IccProfile>> = {
  sda: chipOf(cards.smStatic),
  dda: chipOf(cards.smDynamic),
  cda: chipOf(cards.smCombined),
};
const failed: Readonly<Record<Grade, TvrBit[]>> = {
  sda: ['sda-failed', 'sda-selected'],
  dda: ['dda-failed'],
  cda: ['cda-failed'],
};
const grades = ['sda', 'dda', 'cda'] as const;

/** The card's record with its issuer's SM2 certificate, and that with the RSA one. */
const readSm2 = '00B2022400';
const readRsa = '00B2021400';

const withCapks = (change: (rows: typeof sale.terminal.capks) => typeof sale.terminal.capks): TerminalTransaction => ({
  ...sale,
  terminal: { ...sale.terminal, capks: change(sale.terminal.capks) },
});
const rsaOnly = withCapks((rows) => rows.filter(({ algorithm }) => algorithm === 'rsa'));

const tvrOf = (outcome: KernelOutcome): TvrBit[] => ('tags' in outcome ? tvrNames(fromHex(outcome.tags.tvr)) : []);

/** The offline-authentication bits alone, as the issuer hears of them or, when it does not, as the card leaves. */
const odaBits = (profile: IccProfile, input = sale): TvrBit[] => {
  const { sent, outcome } = runAtCounter({
    profile,
    input,
    host: (data) => (issuerProof(data, '00').genuine ? approve(data) : { kind: 'online-unable' }),
  });
  const bits = sent ? tvrNames(fromHex(sent.tvr)) : tvrOf(outcome);
  return bits.filter((bit) => /^(oda|sda|dda|cda|icc)/.test(bit)).toSorted();
};

for (const grade of grades) {
  test(`${grade}: a card with SM2 keys proves itself with them where they are known, and is approved online`, () => {
    const { outcome, commands } = runAtCounter({ profile: chips[grade] });
    assert.equal(outcome.kind, 'approved');
    assert.deepEqual(odaBits(chips[grade]), grade === 'sda' ? ['sda-selected'] : []);
    assert.deepEqual([commands.includes(readSm2), commands.includes(readRsa)], [true, false]);
  });

  test(`${grade}: the same card proves itself with RSA at a terminal without a good SM2 key`, () => {
    const aged = withCapks((rows) =>
      rows.map((row) => (row.algorithm === 'sm2' ? { ...row, expiry: '20261121' } : row)),
    );
    for (const input of [rsaOnly, aged]) {
      const { outcome, commands } = runAtCounter({ profile: chips[grade], input });
      assert.equal(outcome.kind, 'approved');
      assert.deepEqual(odaBits(chips[grade], input), grade === 'sda' ? ['sda-selected'] : []);
      assert.deepEqual([commands.includes(readSm2), commands.includes(readRsa)], [false, true]);
    }
  });

  test(`${grade}: a changed SM2 certificate, signature or signed datum sets exactly its own bit`, () => {
    for (const tag of ['90', '5F24', '9F07', grade === 'sda' ? '93' : '9F46'])
      assert.deepEqual(
        odaBits(tamper(chips[grade], tag, tag === '5F24' ? () => fromHex('301130') : flipLastByte)),
        failed[grade],
        tag,
      );
  });

  test(`${grade}: an absent object is told as absent, and no exponent is missed`, () => {
    const missing = ['icc-data-missing', ...failed[grade]].toSorted();
    for (const tag of ['8F', '90', grade === 'sda' ? '93' : '9F46'])
      assert.deepEqual(odaBits(tamper(chips[grade], tag)), missing, tag);
    assert.deepEqual(odaBits(tamper(chips[grade], '9F32')), grade === 'sda' ? ['sda-selected'] : []);
  });

  test(`${grade}: an SM2 authority the terminal does not know is a failure and nothing missing`, () => {
    const other = withCapks((rows) => rows.map((row) => (row.algorithm === 'sm2' ? { ...row, index: 'F2' } : row)));
    assert.deepEqual(odaBits(chips[grade], other), failed[grade]);
  });

  test(`${grade}: where both authorities have one index, the one of the keys agreed upon counts`, () => {
    const shared = withCapks((rows) => rows.map((row) => ({ ...row, index: sandboxAuthority.smIndex })));
    assert.deepEqual(odaBits(chips[grade], shared), grade === 'sda' ? ['sda-selected'] : []);
  });
}

test('a certificate that another authority signed is refused', () => {
  const foreign = withCapks((rows) =>
    rows.map((row) => (row.algorithm === 'sm2' ? { ...row, key: row.key.with(64, (row.key[64] ?? 0) ^ 1) } : row)),
  );
  for (const grade of grades) assert.deepEqual(odaBits(chips[grade], foreign), failed[grade]);
});

const otherKey = (profile: IccProfile): IccProfile => ({
  ...profile,
  applications: profile.applications.map((application) => ({
    ...application,
    sm2: application.sm2 && { ...application.sm2, iccKey: hex(new Uint8Array(32).fill(7)) },
  })),
});

test('a copy of the SM2 certificates on another chip signs with the wrong key', () => {
  assert.deepEqual(odaBits(otherKey(chips.dda)), ['dda-failed']);
  const { outcome, sent } = runAtCounter({ profile: otherKey(chips.cda) });
  assert.deepEqual(['reason' in outcome && outcome.reason, sent], ['signature-failed', undefined]);
  assert.ok(tvrOf(outcome).includes('cda-failed'));
});

test('a cryptogram changed between card and kernel fails the combined SM2 signature', () => {
  const meddle = (response: Uint8Array, _index: number, command: Uint8Array): Uint8Array =>
    command[1] === 0xae ? response.map((byte, at) => (at === response.length - 3 ? byte ^ 1 : byte)) : response;
  const { outcome } = runAtCounter({ profile: chips.cda, meddle });
  assert.equal('reason' in outcome && outcome.reason, 'signature-failed');
});

test('a terminal that is asked for DF69 says which keys it knows, whatever the card says of it', () => {
  const options = (input: TerminalTransaction) =>
    runAtCounter({ profile: chips.dda, input }).commands.find((command) => command.startsWith('80A8'));
  assert.equal(options(sale), '80A80000088306E068C801560100');
  assert.equal(options(rsaOnly), '80A80000088306E068C801560000');
});
