import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  cardReader,
  issueCard,
  mintBank,
  panOf,
  type SandboxBank,
  type SandboxCard,
  terminalParameters,
} from '@zhanggui/bank';
import { fromHex } from '@zhanggui/bytes';
import { freshState } from '@zhanggui/icc';
import { cny } from '@zhanggui/money';
import { decodeTlv, findTag } from '@zhanggui/tlv';
import { type Decision, type ScriptedAcquirer, startScriptedAcquirer } from './scripted-acquirer.ts';
import { isFinal, type SaleStatus } from './status.ts';
import { openCounter, parametersFor, serveCustomer, temporaryFile } from './testing.ts';
import type { CardSession } from './view.ts';

/** Tag 91 with eight zeros where the issuer's proof belongs. */
const wrongProof = fromHex('910A0000000000000000 3030');

let bank: SandboxBank;
let debit: SandboxCard;
let dead: SandboxCard;
let signature: SandboxCard;

before(async () => {
  bank = await mintBank({ random: (bytes) => new Uint8Array(bytes).fill(0x5c) });
  const order = { expiry: '3012', cardholder: 'TEST/CARD', kind: 'debit', label: { zh: '卡', en: 'Card' } } as const;
  debit = await issueCard(bank, { ...order, id: 'debit', pan: panOf('debit', 1), chip: 'dda' });
  const signed = { id: 'signature', pan: panOf('credit', 3), chip: 'cda', verification: 'signature' } as const;
  signature = await issueCard(bank, { ...order, ...signed, kind: 'credit' });
  dead = await issueCard(bank, { ...order, id: 'dead', pan: panOf('debit', 2), chip: 'dead' });
});

const inserted = (card: SandboxCard, spoil?: (apdu: Uint8Array) => Uint8Array | undefined): CardSession => {
  if (!card.chip) throw new TypeError('the card has no chip');
  const session = cardReader(card.chip, freshState(card.chip), () => undefined);
  return { reset: session.reset, transmit: async (apdu) => spoil?.(apdu) ?? session.transmit(apdu) };
};

type World = { acquirer: ScriptedAcquirer; counter: Awaited<ReturnType<typeof openCounter>> };

const withWorld = async (financial: Decision[], run: (world: World) => Promise<void>): Promise<void> => {
  const disk = temporaryFile();
  const acquirer = await startScriptedAcquirer({ financial, mdk: bank.keys.mdkAc });
  const parameters = parametersFor(acquirer.port, { ...terminalParameters(bank), timeoutMs: 500 });
  const counter = await openCounter(disk.file, parameters);
  try {
    await run({ acquirer, counter });
  } finally {
    await counter.close();
    await acquirer.close();
    disk.remove();
  }
};

const sell = (
  { counter }: World,
  kinds: { insert: CardSession; swipe?: string; pins?: string[]; forgetsCard?: boolean },
): Promise<SaleStatus> =>
  new Promise((resolve) => {
    serveCustomer(counter.terminal, {
      insert: () => ({ kind: 'insert', card: kinds.insert }),
      swipe: kinds.swipe,
      pins: kinds.pins,
      forgetsCard: kinds.forgetsCard,
    });
    counter.terminal.onSale((status) => {
      if (isFinal(status.state)) resolve(status);
    });
    counter.terminal.startSale({ requestId: 'chip', amount: cny(6850n) });
  });

test('a chip sale goes online with field 55, takes the issuer’s proof, and prints the chip block', () =>
  withWorld([], async (world) => {
    const status = await sell(world, { insert: inserted(debit) });
    assert.equal(status.state, 'approved');
    assert.equal(status.entryMode, 'insert');
    const [sale] = world.acquirer.of('0200');
    assert.equal(sale?.macGood, true);
    assert.equal(sale?.fields[22], '051');
    assert.equal(sale?.fields[23], '001');
    assert.equal(sale?.fields[2], debit.pan);
    const objects = decodeTlv(sale?.fields[55] ?? new Uint8Array());
    for (const tag of ['9F26', '9F27', '9F10', '9F37', '9F36', '95', '9A', '9C', '9F02', '82']) {
      assert.ok(findTag(objects, tag), `field 55 carries ${tag}`);
    }
    const slip = JSON.stringify(status.merchantSlip);
    assert.match(slip, /A000000333010101/);
    assert.match(slip, /"TC"/);
    assert.equal(world.acquirer.charged.size, 1);
  }));

test('the card stays in the slot until it is taken, and the terminal says so', () =>
  withWorld([], async (world) => {
    await sell(world, { insert: inserted(debit) });
    await world.counter.until((view) => view.screen === 'idle', 'idle');
    assert.ok(world.counter.views.some((view) => view.cardInSlot && view.detail?.zh === '请取走卡片'));
    assert.equal(world.counter.terminal.view().cardInSlot, false);
  }));

test('a wrong PIN runs the chip again: a new trace number and a new cryptogram', () =>
  withWorld([{ kind: 'decline', code: '55' }], async (world) => {
    const status = await sell(world, { insert: inserted(debit), pins: ['111111', '123456'] });
    assert.equal(status.state, 'approved');
    const [first, second] = world.acquirer.of('0200');
    assert.notEqual(first?.fields[11], second?.fields[11]);
    assert.notDeepEqual(first?.fields[55], second?.fields[55]);
  }));

test('approved by the host and refused by the card: reversed with reason 96, not charged', () =>
  withWorld([{ kind: 'approve', fields: { 55: wrongProof } }], async (world) => {
    const status = await sell(world, { insert: inserted(debit) });
    assert.equal(status.state, 'reversed');
    const [reversal] = world.acquirer.of('0400');
    assert.equal(reversal?.fields[39], '96');
    assert.equal(reversal?.fields[15], '1123');
    assert.ok(findTag(decodeTlv(reversal?.fields[55] ?? new Uint8Array()), '9F36'));
    assert.equal(world.acquirer.charged.size, 0);
  }));

test('a card pulled out after the host approved leaves no charge behind', () =>
  withWorld([], async (world) => {
    let isOnline = false;
    const session = inserted(debit, () => (isOnline ? new Uint8Array() : undefined));
    world.counter.terminal.onSale((status) => {
      if (status.state === 'processing') isOnline = true;
    });
    const status = await sell(world, { insert: session });
    assert.equal(status.state, 'reversed');
    assert.equal(world.acquirer.charged.size, 0);
  }));

test('a reversal is repeated while the card is still in the slot', () =>
  withWorld([{ kind: 'silence' }], async (world) => {
    world.acquirer.script.reversal = [{ kind: 'silence' }];
    const status = await sell(world, { insert: inserted(debit), forgetsCard: true });
    assert.equal(status.state, 'reversed');
    assert.equal(world.acquirer.of('0400').length, 2);
    assert.equal(world.counter.terminal.view().cardInSlot, true);
  }));

test('a payment reversed while its card is still in the slot is said to be reversed, not unknown', () =>
  withWorld([{ kind: 'silence' }], async (world) => {
    world.acquirer.script.reversal = [{ kind: 'silence' }];
    await sell(world, { insert: inserted(debit), forgetsCard: true });
    await world.counter.until(
      (view) => view.screen === 'remove-card' && view.detail?.zh === '已冲正，未扣款' && view.tone === 'declined',
      'the good news',
    );
    assert.ok(
      world.counter.views.some(
        (view) =>
          view.screen === 'remove-card' &&
          view.detail?.zh === '结果未知' &&
          view.message.zh === '请勿重复收款，请取走卡片',
      ),
    );
  }));

test('a reversal that was given up is tried again while the card is still in the slot', () =>
  withWorld([{ kind: 'silence' }], async (world) => {
    world.acquirer.script.reversal = Array.from({ length: 4 }, () => ({ kind: 'silence' }) as const);
    void sell(world, { insert: inserted(debit), forgetsCard: true });
    const { paper } = await world.counter.until(
      ({ screen, detail }) => screen === 'remove-card' && detail?.zh === '已冲正，未扣款',
    );
    assert.equal(world.counter.terminal.saleStatus('chip')?.state, 'reversed');
    assert.equal(paper.length, 1);
  }));

test('a decline with the card still in says both: not charged, and take the card', () =>
  withWorld([{ kind: 'decline', code: '51' }], async (world) => {
    await sell(world, { insert: inserted(debit), forgetsCard: true });
    const result = await world.counter.until((view) => view.screen === 'result', 'result');
    assert.deepEqual(result.detail, { zh: '未扣款，请取走卡片', en: 'Not charged. Remove the card' });
    const view = await world.counter.until(({ screen }) => screen === 'remove-card', 'remove-card');
    assert.deepEqual(view.message, { zh: '未扣款，请取走卡片', en: 'Not charged. Remove the card' });
    assert.match(view.detail?.zh ?? '', /51/);
    assert.equal(view.amount, '68.50');
  }));

test('a dead chip falls back to its stripe, and the message says so', () =>
  withWorld([], async (world) => {
    const status = await sell(world, { insert: inserted(dead), swipe: dead.track2 });
    assert.equal(status.state, 'approved');
    const [sale] = world.acquirer.of('0200');
    assert.equal(sale?.fields[22], '021');
    assert.equal(sale?.fields[60], '2200000700052');
    assert.equal(sale?.fields[55], undefined);
  }));

test('a void of a chip sale reads the card and sends no cryptogram', () =>
  withWorld([], async (world) => {
    const { counter, acquirer } = world;
    const sale = await sell(world, { insert: inserted(debit), pins: ['123456', '123456'] });
    await counter.until((view) => view.screen === 'idle', 'idle');
    counter.terminal.command({ kind: 'key', key: 'menu' });
    await counter.until((view) => view.screen === 'menu', 'menu');
    counter.press('2');
    await counter.until((view) => view.screen === 'operator-sign-in', 'operator');
    counter.press('0000#');
    await counter.until((view) => view.screen === 'void-voucher', 'voucher');
    counter.press(`${Number(sale.stan)}#`);
    await counter.until((view) => view.screen === 'void-confirm', 'confirm');
    counter.press('#');
    await counter.until((view) => view.screen === 'result' && view.tone === 'approved', 'result');
    const request = acquirer.of('0200')[1];
    assert.equal(request?.fields[3], '200000');
    assert.equal(request?.fields[55], undefined);
    assert.equal(request?.fields[22], '051');
    assert.ok(counter.terminal.saleStatus('chip')?.voidedBy);
  }));

test('a card of the signature kind keys its PIN when its issuer insists on one', () =>
  withWorld([{ kind: 'decline', code: '55' }], async (world) => {
    const status = await sell(world, { insert: inserted(signature) });
    assert.equal(status.state, 'approved');
    assert.deepEqual(
      world.acquirer.of('0200').map(({ fields }) => fields[52] !== undefined),
      [false, true],
    );
  }));

test('a balance is told against the PIN only, whatever the card would do for a sale', () =>
  withWorld([], async (world) => {
    const { terminal, until } = world.counter;
    serveCustomer(terminal, { insert: () => ({ kind: 'insert', card: inserted(signature) }) });
    await until(({ screen }) => screen === 'idle');
    terminal.command({ kind: 'key', key: 'menu' });
    await until(({ screen }) => screen === 'menu');
    terminal.command({ kind: 'choose', item: 'balance' });
    await until(({ screen }) => screen === 'balance-result', 'balance');
    assert.ok(world.acquirer.of('0200')[0]?.fields[52], 'the inquiry carries a PIN block');
  }));
