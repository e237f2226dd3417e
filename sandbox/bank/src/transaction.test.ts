import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import { emvUdk } from '@zhanggui/card-crypto';
import { KERNEL_REASONS, type KernelOutcome, type OnlineData, type TvrBit, tsiNames, tvrNames } from '@zhanggui/emv';
import { freshState, type IccProfile, sealScriptCommand } from '@zhanggui/icc';
import { decodeTlv, encodeTlv, findTag } from '@zhanggui/tlv';
import fc from 'fast-check';
import {
  type Answer,
  approve,
  bank,
  cards,
  chipOf,
  flipLastByte,
  issuerProof,
  runAtCounter,
  sale,
  tamper,
} from './testing.ts';

const reasonOf = (outcome: KernelOutcome): string => ('reason' in outcome ? outcome.reason : outcome.kind);
const tvrOf = (outcome: KernelOutcome): TvrBit[] => ('tags' in outcome ? tvrNames(fromHex(outcome.tags.tvr)) : []);

/** What an honest card on its first day raises: it is new, PIN was entered, and chance sent it online. */
const ordinary = ['new-card', 'online-pin-entered', 'selected-randomly'];

for (const grade of ['sda', 'dda', 'cda'] as const) {
  test(`a ${grade} card is approved online, and has checked that it was its issuer`, () => {
    const { outcome, state, sent } = runAtCounter({ profile: chipOf(cards[grade]) });
    assert.equal(outcome.kind, 'approved');
    if (outcome.kind !== 'approved') return;
    assert.deepEqual(
      [outcome.online, outcome.cvm, outcome.tags.cryptogramType, outcome.tags.atc],
      [true, 'online-pin', 'TC', '0001'],
    );
    assert.deepEqual(new Set(tvrOf(outcome)), new Set([...ordinary, ...(grade === 'sda' ? ['sda-selected'] : [])]));
    assert.deepEqual(tsiNames(fromHex(outcome.tags.tsi)), [
      'oda-performed',
      'cardholder-verification-performed',
      'card-risk-management-performed',
      'issuer-authentication-performed',
      'terminal-risk-management-performed',
    ]);
    assert.equal(state.memories[outcome.tags.aid]?.lastOnlineAtc, 1);
    assert.ok(sent && issuerProof(sent, '00').genuine);
  });
}

test('field 55 of the request stands in UnionPay\u2019s order', () => {
  const { sent } = runAtCounter({ profile: chipOf(cards.dda) });
  assert.equal(
    decodeTlv(sent?.field55 ?? new Uint8Array())
      .map(({ tag }) => tag)
      .join(' '),
    '9F26 9F27 9F10 9F37 9F36 95 9A 9C 9F02 5F2A 82 9F1A 9F03 9F33 9F34 9F35 9F1E 84 9F09 9F41',
  );
});

test('what goes to the host prints masked and reveals what the host needs', () => {
  const { sent } = runAtCounter({ profile: chipOf(cards.dda) });
  assert.ok(sent);
  assert.equal(sent.pan.reveal(), cards.dda.pan);
  assert.match(sent.track2?.reveal() ?? '', new RegExp(`^${cards.dda.pan}=3012620`));
  assert.equal(sent.track2?.reveal().length, 37);
  assert.ok(!JSON.stringify(sent, (key, value) => (key === 'field55' ? hex(value) : value)).includes(cards.dda.pan));
});

const wrongProof = (): Answer => ({
  kind: 'online-result',
  approved: true,
  arc: '00',
  field55: encodeTlv([{ tag: '91', value: fromHex('01020304050607083030') }]),
});

test('a wrong proof makes the card refuse, and the host\u2019s approval has to be reversed', () => {
  for (const grade of ['sda', 'dda', 'cda'] as const) {
    const { outcome } = runAtCounter({ profile: chipOf(cards[grade]), host: wrongProof });
    assert.equal(reasonOf(outcome), 'card-declined-after-approval');
    assert.ok(outcome.kind === 'declined' && outcome.reversalNeeded);
    assert.equal(outcome.tags.cryptogramType, 'AAC');
    assert.ok(tvrOf(outcome).includes('issuer-authentication-failed'));
    const reversal = decodeTlv(outcome.field55ForReversal ?? new Uint8Array()).map(({ tag }) => tag);
    assert.deepEqual(reversal, ['95', '9F1E', '9F10', '9F36']);
  }
});

test('an approval that brings no proof, or an unreadable one, is refused by the card too', () => {
  for (const field55 of [undefined, fromHex('91'), fromHex('9F')]) {
    const host = (): Answer => ({ kind: 'online-result', approved: true, arc: '00', field55 });
    const { outcome } = runAtCounter({ profile: chipOf(cards.dda), host });
    assert.ok(outcome.kind === 'declined' && outcome.reversalNeeded);
  }
});

test('a refusal of the host needs no reversal', () => {
  const host = (data: OnlineData): Answer => {
    const value = issuerProof(data, '51').proof;
    return { kind: 'online-result', approved: false, arc: '51', field55: encodeTlv([{ tag: '91', value }]) };
  };
  const { outcome } = runAtCounter({ profile: chipOf(cards.cda), host });
  assert.equal(reasonOf(outcome), 'host-declined');
  assert.ok(outcome.kind === 'declined' && !outcome.reversalNeeded);
  assert.ok(!tvrOf(outcome).includes('issuer-authentication-failed'));
});

test('without a host the card refuses', () => {
  const { outcome } = runAtCounter({ profile: chipOf(cards.dda), host: () => ({ kind: 'online-unable' }) });
  assert.equal(reasonOf(outcome), 'unable-to-go-online');
  assert.ok(outcome.kind === 'declined' && !outcome.reversalNeeded);
});

/** The offline-authentication bits alone: what else happens to such a card is the action codes' affair. */
const odaBits = (profile: IccProfile, capks = sale.terminal.capks): TvrBit[] => {
  const input = { ...sale, terminal: { ...sale.terminal, capks } };
  const { sent, outcome } = runAtCounter({ profile, input, host: approveAnyway });
  const bits = sent ? tvrNames(fromHex(sent.tvr)) : tvrOf(outcome);
  return bits.filter((bit) => /^(oda|sda|dda|cda|icc)/.test(bit));
};
const approveAnyway = (data: OnlineData): Answer => ({
  kind: 'online-result',
  approved: true,
  arc: '00',
  field55: encodeTlv([{ tag: '91', value: issuerProof(data, '00').proof }]),
});

const approveGenuine = (data: OnlineData): Answer =>
  issuerProof(data, '00').genuine ? approve(data) : { kind: 'online-result', approved: false, arc: '05' };

const failures: readonly { grade: 'sda' | 'dda' | 'cda'; bits: TvrBit[] }[] = [
  { grade: 'sda', bits: ['sda-failed', 'sda-selected'] },
  { grade: 'dda', bits: ['dda-failed'] },
  { grade: 'cda', bits: ['cda-failed'] },
];

for (const { grade, bits } of failures) {
  const chip = chipOf(cards[grade]);
  const missing = ['icc-data-missing', ...bits].sort();
  test(`${grade}: a changed certificate, signature or signed datum sets exactly its own bit`, () => {
    for (const tag of ['90', '92', '5F24', '9F07', grade === 'sda' ? '93' : '9F46'])
      assert.deepEqual(odaBits(tamper(chip, tag, tag === '5F24' ? () => fromHex('301130') : flipLastByte)), bits, tag);
  });
  test(`${grade}: an absent object is told as absent`, () => {
    for (const tag of ['8F', '90', '9F32', grade === 'sda' ? '93' : '9F46'])
      assert.deepEqual(odaBits(tamper(chip, tag)).toSorted(), missing, tag);
  });
  test(`${grade}: an authority the terminal does not know, or no longer trusts`, () => {
    assert.deepEqual(odaBits(chip, []), bits);
    const expired = sale.terminal.capks.map((row) => ({ ...row, expiry: '20261121' }));
    assert.deepEqual(odaBits(chip, expired), bits);
  });
}

test('a copy of the certificates on another chip signs with the wrong key', () => {
  const copied = (grade: 'dda' | 'cda'): IccProfile => {
    const chip = chipOf(cards[grade]);
    const iccKey = chipOf(cards.signature).applications[0]?.iccKey;
    return { ...chip, applications: chip.applications.map((application) => ({ ...application, iccKey })) };
  };
  assert.deepEqual(odaBits(copied('dda')), ['dda-failed']);
  const { outcome, sent } = runAtCounter({ profile: copied('cda') });
  assert.equal(reasonOf(outcome), 'signature-failed');
  assert.equal(sent, undefined);
  assert.deepEqual(
    tvrOf(outcome).filter((bit) => bit.startsWith('cda')),
    ['cda-failed'],
  );
});

test('a cryptogram changed between card and kernel fails the combined signature', () => {
  const meddle = (response: Uint8Array, _index: number, command: Uint8Array) =>
    command[1] === 0xae ? response.map((byte, at) => (at === response.length - 3 ? byte ^ 1 : byte)) : response;
  assert.equal(reasonOf(runAtCounter({ profile: chipOf(cards.cda), meddle }).outcome), 'signature-failed');
});

test('a terminal without any method in common performs none, and says so', () => {
  const input = { ...sale, terminal: { ...sale.terminal, capabilities: 'E06800' } };
  const { outcome } = runAtCounter({ profile: chipOf(cards.dda), input });
  assert.equal(outcome.kind, 'approved');
  assert.ok(tvrOf(outcome).includes('oda-not-performed'));
  assert.ok('tags' in outcome && !tsiNames(fromHex(outcome.tags.tsi)).includes('oda-performed'));
});

test('the calendar raises its own bits and sends the card to its issuer', () => {
  const on = (date: string) => {
    const { sent } = runAtCounter({ profile: chipOf(cards.sda), input: { ...sale, date } });
    return tvrNames(fromHex(sent?.tvr ?? '')).filter((bit) => bit.startsWith('application'));
  };
  assert.deepEqual(on('301231'), []);
  assert.deepEqual(on('310101'), ['application-expired']);
  assert.deepEqual(on('191231'), ['application-not-yet-effective']);
});

test('a service the card is not for is refused before it is asked', () => {
  const foreignOnly = tamper(chipOf(cards.sda), '9F07', () => fromHex('1500'));
  const { outcome, sent } = runAtCounter({ profile: foreignOnly });
  assert.deepEqual([reasonOf(outcome), sent], ['terminal-declined', undefined]);
  assert.ok(tvrOf(outcome).includes('service-not-allowed'));
});

test('floor limit, exception file and the merchant\u2019s wish are told in the TVR', () => {
  const bits = (change: Partial<typeof sale>) =>
    tvrOf(runAtCounter({ profile: chipOf(cards.dda), input: { ...sale, ...change } }).outcome);
  assert.ok(bits({ amountMinor: 50_000n }).includes('floor-limit-exceeded'));
  assert.ok(!bits({ amountMinor: 49_999n }).includes('floor-limit-exceeded'));
  assert.ok(bits({ exceptions: [cards.dda.pan] }).includes('card-on-exception-file'));
  assert.ok(bits({ forceOnline: true }).includes('merchant-forced-online'));
});

test('a card with a ceiling of its own pays offline until its velocity limit sends it to its issuer', () => {
  const chip = chipOf(cards.signature);
  const profile = { ...chip, applications: chip.applications.map((row) => ({ ...row, offlineCeilingMinor: '2000' })) };
  const aids = sale.terminal.aids.map((row) => ({ ...row, randomTargetPercent: 0, randomTargetPercentMax: 0 }));
  const input = { ...sale, terminal: { ...sale.terminal, aids } };
  let state = freshState(profile);
  const rounds = Array.from({ length: 5 }, () => {
    const done = runAtCounter({ profile, input, state });
    state = { ...done.state, session: undefined };
    const limits = tvrOf(done.outcome).filter((bit) => bit.endsWith('offline-limit-exceeded'));
    return [done.outcome.kind === 'approved' && done.outcome.online, limits];
  });
  const lower = ['lower-offline-limit-exceeded'];
  assert.deepEqual(rounds, [
    [false, []],
    [false, []],
    [false, []],
    [true, lower],
    [false, []],
  ]);
});

test('a card that may pay offline does so when its host is out of reach, unless the codes forbid it', () => {
  const chip = chipOf(cards.dda);
  const profile = { ...chip, applications: chip.applications.map((row) => ({ ...row, offlineCeilingMinor: '2000' })) };
  const run = (forceOnline: boolean) =>
    runAtCounter({ profile, input: { ...sale, forceOnline }, host: () => ({ kind: 'online-unable' }) }).outcome;
  const paid = run(false);
  assert.ok(paid.kind === 'approved' && !paid.online && paid.tags.cryptogramType === 'TC');
  assert.equal(reasonOf(run(true)), 'unable-to-go-online');
});

test('cardholder verification follows the card\u2019s list', () => {
  const run = (card: keyof typeof cards, pin?: 'pin-bypassed' | 'cancelled') =>
    runAtCounter({ profile: chipOf(cards[card]), pin }).outcome;
  const seen = (outcome: KernelOutcome) =>
    outcome.kind === 'approved' ? [outcome.cvm, outcome.tags.cvmResults] : reasonOf(outcome);
  assert.deepEqual(seen(run('dda')), ['online-pin', '020000']);
  assert.deepEqual(seen(run('cda')), ['online-pin', '420300']);
  assert.deepEqual(seen(run('cda', 'pin-bypassed')), ['signature', '5E0300']);
  assert.deepEqual(seen(run('signature')), ['signature', '5E0300']);
  assert.deepEqual(seen(run('dda', 'cancelled')), 'cancelled');
  const skipped = run('dda', 'pin-bypassed');
  assert.ok(
    ['cardholder-verification-failed', 'pin-not-entered'].every((bit) => tvrOf(skipped).includes(bit as TvrBit)),
  );
});

test('a PIN the terminal cannot ask for is a missing pad only where there is none', () => {
  const bits = (capabilities: string, rules: string) => {
    const profile = tamper(chipOf(cards.dda), '8E', () => fromHex(`0000000000000000${rules}`));
    const input = { ...sale, terminal: { ...sale.terminal, capabilities } };
    return tvrOf(runAtCounter({ profile, input }).outcome).filter((bit) =>
      /^(pin|cardholder|cvm|online-pin)/.test(bit),
    );
  };
  assert.deepEqual(bits('E028C8', '0200'), ['cardholder-verification-failed', 'pin-pad-missing']);
  assert.deepEqual(bits('E068C8', '0100'), ['cardholder-verification-failed']);
  assert.deepEqual(bits('E068C8', '41001F00'), []);
  assert.deepEqual(bits('E068C8', '60001F00'), ['cvm-unrecognised']);
});

const scriptHost = (command: 'application-block' | 'card-block', template: '71' | '72', spoil = false) => {
  return (data: OnlineData): Answer => {
    const udkMac = emvUdk({ mdk: fromHex(bank.keys.mdkMac), pan: data.pan.reveal(), psn: data.psn ?? '' });
    const atc = findTag(decodeTlv(data.field55), '9F36') ?? new Uint8Array();
    const sealed = sealScriptCommand({ command, udkMac, atc, arqc: fromHex(data.arqc) });
    const objects = [
      { tag: '9F18', value: fromHex('00000007') },
      { tag: '86', value: spoil ? flipLastByte(sealed) : sealed },
    ];
    return approve(data, [{ tag: template, value: encodeTlv(objects) }]);
  };
};

test('an issuer\u2019s script blocks the card for the next time, and its result is reported', () => {
  const profile = chipOf(cards.dda);
  const first = runAtCounter({ profile, host: scriptHost('card-block', '72') });
  assert.equal(first.outcome.kind, 'approved');
  const notice = first.outcome.kind === 'approved' ? first.outcome.field55ForScriptNotice : undefined;
  assert.equal(hex(findTag(decodeTlv(notice ?? new Uint8Array()), 'DF31') ?? new Uint8Array()), '2000000007');
  const next = runAtCounter({ profile, state: { ...first.state, session: undefined } });
  assert.equal(reasonOf(next.outcome), 'card-blocked');
});

test('an application blocked before the second cryptogram refuses this very sale', () => {
  const profile = chipOf(cards.dda);
  const first = runAtCounter({ profile, host: scriptHost('application-block', '71') });
  assert.ok(first.outcome.kind === 'declined' && first.outcome.reversalNeeded);
  const next = runAtCounter({ profile, state: { ...first.state, session: undefined } });
  assert.equal(reasonOf(next.outcome), 'application-blocked');
});

test('a script under a wrong MAC fails and is told so; the sale stands', () => {
  for (const [template, bit] of [
    ['71', 'script-failed-before-final'],
    ['72', 'script-failed-after-final'],
  ] as const) {
    const { outcome, state } = runAtCounter({
      profile: chipOf(cards.dda),
      host: scriptHost('card-block', template, true),
    });
    assert.ok(outcome.kind === 'approved' && tvrOf(outcome).includes(bit));
    const notice = decodeTlv(outcome.field55ForScriptNotice ?? new Uint8Array());
    assert.equal(hex(findTag(notice, 'DF31') ?? new Uint8Array()), '1100000007');
    assert.ok(!state.cardBlocked);
  }
});

test('a chip with two applications lets the person choose', () => {
  const [debit, credit] = [chipOf(cards.dda), chipOf(cards.cda)];
  const profile = { ...debit, applications: [...debit.applications, ...credit.applications] };
  const { outcome } = runAtCounter({ profile });
  assert.equal(outcome.kind === 'approved' && outcome.tags.label, 'SANDBOX CREDIT');
});

test('a card used again has moved its counter on and is no longer new', () => {
  const profile = chipOf(cards.dda);
  const { state } = runAtCounter({ profile });
  const { outcome } = runAtCounter({ profile, state: { ...state, session: undefined } });
  assert.ok(outcome.kind === 'approved' && outcome.tags.atc === '0002');
  assert.ok(!tvrOf(outcome).includes('new-card'));
});

test('a card pulled out at any moment ends typed, and is reversed exactly when the host had approved', () => {
  const profile = chipOf(cards.cda);
  const whole = runAtCounter({ profile }).commands.length;
  for (let pulledAt = 0; pulledAt < whole; pulledAt += 1) {
    const meddle = (response: Uint8Array, index: number) => (index >= pulledAt ? new Uint8Array() : response);
    const { outcome, sent } = runAtCounter({ profile, meddle });
    assert.equal(reasonOf(outcome), 'card-mute');
    const reversalNeeded = outcome.kind === 'terminated' && outcome.reversalNeeded;
    assert.equal(reversalNeeded, sent !== undefined, `pulled at command ${pulledAt}`);
  }
});

test('whatever a line does to a card\u2019s answers, the kernel ends typed, and a sale is one to card and issuer too', () => {
  const profile = chipOf(cards.cda);
  const change = fc.record({ index: fc.nat(24), at: fc.nat(300), byte: fc.nat(255), cut: fc.option(fc.nat(260)) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const meddle = (response: Uint8Array, index: number): Uint8Array => {
        let bytes = response;
        for (const row of changes.filter((candidate) => candidate.index === index)) {
          bytes = bytes.map((byte, at) => (at === row.at % response.length ? row.byte : byte));
          if (row.cut !== null) bytes = bytes.slice(0, row.cut);
        }
        return bytes;
      };
      const { outcome, commands, state } = runAtCounter({ profile, meddle, host: approveGenuine });
      assert.ok(commands.length <= 120);
      if (outcome.kind === 'approved') assert.equal(state.memories[outcome.tags.aid]?.lastOnlineAtc, 1);
      if ('reason' in outcome) assert.ok(outcome.reason in KERNEL_REASONS);
    }),
    { numRuns: 300 },
  );
});

test('a card\u2019s memory never goes back', () => {
  const profile = chipOf(cards.dda);
  let state = freshState(profile);
  const counters: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const meddle = (response: Uint8Array, index: number) => (index > 4 + round * 6 ? new Uint8Array() : response);
    state = { ...runAtCounter({ profile, state, meddle }).state, session: undefined };
    counters.push(state.memories.A000000333010101?.atc ?? 0);
  }
  assert.deepEqual(
    counters,
    counters.toSorted((left, right) => left - right),
  );
});
