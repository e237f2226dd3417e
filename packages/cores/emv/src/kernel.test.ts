import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import { encodeTlv } from '@zhanggui/tlv';
import fc from 'fast-check';
import {
  aidParameters,
  caPublicKey,
  KERNEL_REASONS,
  type KernelOutcome,
  type KernelReply,
  type KernelRequest,
  ParameterError,
  type TerminalTransaction,
  transaction,
  tvrNames,
} from './index.ts';

/** The parameter string of a terminal vendor for UnionPay cards. */
const unionPayDownload = fromHex(
  '9F0608A000000333010101DF0101009F08020020DF1105D84000A800DF1205D84004F800DF130500100000009F1B040000C350' +
    'DF150400000000DF160199DF170199DF14039F3704DF1801019F7B06100000000000DF1906100000000000DF2006100000000000' +
    'DF2106100000000000',
);

const sale: TerminalTransaction = {
  amountMinor: 1250n,
  transactionType: '00',
  date: '261122',
  time: '173205',
  terminal: {
    countryCode: '156',
    currencyCode: '156',
    terminalType: '22',
    capabilities: 'E068C8',
    additionalCapabilities: '6000F0B001',
    serial: '00000001',
    aids: [aidParameters(unionPayDownload)],
    capks: [],
  },
};

/** Runs the kernel against a card given as a function; the person always agrees, the host always approves. */
const run = (
  card: (command: Uint8Array) => Uint8Array,
  input: TerminalTransaction = sale,
): { outcome: KernelOutcome; commands: string[] } => {
  const commands: string[] = [];
  const answer = (request: KernelRequest): KernelReply => {
    switch (request.kind) {
      case 'apdu':
        commands.push(hex(request.command));
        return { kind: 'apdu', response: card(request.command) };
      case 'random':
        return { kind: 'random', bytes: new Uint8Array(request.bytes) };
      case 'select-application':
        return { kind: 'selected', index: 0 };
      case 'online-pin':
        return { kind: 'pin-entered' };
      case 'online':
        return { kind: 'online-result', approved: true, arc: '00' };
    }
  };
  const steps = transaction(input);
  let step = steps.next();
  while (!step.done) step = steps.next(answer(step.value));
  return { outcome: step.value, commands };
};

const scripted = (answers: Readonly<Record<string, string>>) => (command: Uint8Array) => {
  const text = hex(command);
  const found = Object.keys(answers).find((start) => text.startsWith(start));
  return fromHex(found === undefined ? '6A82' : (answers[found] ?? ''));
};

const selectable = '6F12 8408A000000333010101 A506 5004 5A474F4B 9000';

test('application parameters are read as the centre sends them', () => {
  const parameters = aidParameters(unionPayDownload);
  assert.deepEqual(
    [parameters.aid, parameters.partialMatch, parameters.tacOnline, parameters.floorLimitMinor],
    ['A000000333010101', true, 'D84004F800', 50_000n],
  );
  assert.equal(parameters.randomTargetPercentMax, 99);
  assert.throws(() => aidParameters(fromHex('9F0605A000000333')), ParameterError);
});

test('a card without an application in common leaves the stripe', () => {
  assert.deepEqual(run(scripted({})).outcome, { kind: 'fallback-to-stripe', reason: 'no-application' });
});

test('a mute chip leaves the stripe', () => {
  assert.deepEqual(run(() => new Uint8Array()).outcome, { kind: 'fallback-to-stripe', reason: 'card-mute' });
});

test('a blocked card or application does not leave the stripe', () => {
  const reason = (status: string) => {
    const { outcome } = run(scripted({ '00A404': status }));
    return outcome.kind === 'terminated' ? outcome.reason : outcome.kind;
  };
  assert.equal(reason('6A81'), 'card-blocked');
  assert.equal(reason('6283'), 'application-blocked');
});

test('a T=0 card that holds its answer back is asked for it', () => {
  const { commands } = run(
    scripted({ '00A4040008': '6114', '00C0000014': selectable, '00A404000E': '6A82', '80A8': '6985' }),
  );
  assert.deepEqual(commands.slice(1, 3), ['00A4040008A00000033301010100', '00C0000014']);
});

test('a chip whose applications all refuse was read well: its stripe is no way around it', () => {
  const refused = run(scripted({ '00A404000E': '6A82', '00A404': selectable, '80A8': '6985' })).outcome;
  assert.equal(refused.kind === 'terminated' && refused.reason, 'card-refused-command');
});

const record = (content: string) => hex(encodeTlv([{ tag: '70', value: fromHex(content) }]));

const minimalCard = (records: string, afl = '08010100') =>
  scripted({
    '00A404000E': '6A82',
    '00A404': selectable,
    '80A8': `80 06 5800 ${afl} 9000`,
    '00B2010C': `${records} 9000`,
  });

test('data every card must have, and data that comes twice, end the transaction', () => {
  const reason = (records: string, afl?: string) => {
    const { outcome } = run(minimalCard(records, afl));
    return outcome.kind === 'terminated' ? outcome.reason : outcome.kind;
  };
  const identity = '5A086225000000000014 5F2403301231';
  assert.equal(reason(record(identity)), 'card-data-missing');
  assert.equal(reason(record(`${identity} 5A086225000000000014`)), 'card-data-inconsistent');
  assert.equal(reason(record(identity), '08020100'), 'card-response-malformed');
  assert.equal(reason('7003 5A0562'), 'card-response-malformed');
});

test('the short flow ends with the card data and no cryptogram', () => {
  const records = record('5A086225000000000014 5F2403301231 5F340101 8C039F0206 8D028A02');
  const { outcome, commands } = run(minimalCard(records), { ...sale, flow: 'read-card' });
  assert.equal(outcome.kind, 'card-read');
  if (outcome.kind === 'card-read') {
    assert.deepEqual(
      [outcome.card.pan.reveal(), outcome.card.psn, outcome.card.expiry],
      ['6225000000000014', '01', '3012'],
    );
    assert.doesNotMatch(JSON.stringify(outcome), /6225000000000014/);
  }
  assert.ok(!commands.some((command) => command.startsWith('80AE')));
});

test('cancelling at the PIN pad ends the transaction before any cryptogram', () => {
  const steps = transaction(sale);
  const records = record('5A086225000000000014 5F2403301231 5F340101 8C039F0206 8D028A02 8E0A00000000000000000200');
  const card = minimalCard(records);
  let step = steps.next();
  while (!step.done) {
    const { value } = step;
    if (value.kind === 'apdu') step = steps.next({ kind: 'apdu', response: card(value.command) });
    else if (value.kind === 'random') step = steps.next({ kind: 'random', bytes: new Uint8Array(value.bytes) });
    else step = steps.next({ kind: 'cancelled' });
  }
  assert.equal(step.value.kind === 'terminated' && step.value.reason, 'cancelled');
});

test('a reply of the wrong kind is the terminal\u2019s own bug', () => {
  const steps = transaction(sale);
  steps.next();
  assert.throws(() => steps.next({ kind: 'pin-entered' }), TypeError);
});

test('TVR bits print by name', () => {
  assert.deepEqual(tvrNames(fromHex('8000048000')), [
    'oda-not-performed',
    'online-pin-entered',
    'floor-limit-exceeded',
  ]);
});

test('whatever a card answers, the kernel ends with a typed outcome after a bounded number of commands', () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  const template = fc
    .tuple(fc.constantFrom(0x6f, 0x70, 0x77, 0x80, 0x61, 0xa5), bytes)
    .map(([tag, value]) => Uint8Array.of(tag, value.length, ...value, 0x90, 0x00));
  const wellKnown = fc.constantFrom(
    ...[selectable, '8006580008010100 9000', '7703 9F2701 9000', '6183', '6C10', '9000', '6A83', '6F009000'].map(
      fromHex,
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(bytes, template, wellKnown), { minLength: 1, maxLength: 30 }), (answers) => {
      let turn = 0;
      const { outcome, commands } = run(() => answers[turn++ % answers.length] ?? new Uint8Array());
      assert.ok(commands.length <= 120);
      if (outcome.kind === 'terminated' || outcome.kind === 'declined') assert.ok(outcome.reason in KERNEL_REASONS);
    }),
    { numRuns: 2000 },
  );
});

test('an authority\u2019s key is RSA with an exponent, or by algorithm 04 a point of SM2 without one', () => {
  const name = { '9F06': 'A000000333', '9F22': '57' };
  const download = (objects: Record<string, string>): Uint8Array =>
    encodeTlv(Object.entries({ ...name, ...objects }).map(([tag, value]) => ({ tag, value: fromHex(value) })));
  const modulus = 'C7'.repeat(64);
  const told = { rid: 'A000000333', index: '57', expiry: '20301231' };
  assert.deepEqual(caPublicKey(download({ DF05: '20301231', DF07: '01', DF02: modulus, DF04: '03' })), {
    ...told,
    algorithm: 'rsa',
    key: { modulus: fromHex(modulus), exponent: fromHex('03') },
  });
  const point = 'E8'.repeat(64);
  const expiry = hex(Uint8Array.from('20301231', (digit) => digit.charCodeAt(0)));
  for (const value of [point, `04${point}`])
    assert.deepEqual(caPublicKey(download({ DF05: expiry, DF06: '07', DF07: '04', DF02: value, DF04: '11' })), {
      ...told,
      algorithm: 'sm2',
      key: fromHex(`04${point}`),
    });
  assert.throws(() => caPublicKey(download({ DF05: '20301231', DF02: modulus })), ParameterError);
});
