import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import { desEcbDecrypt, pinBlockDecode, unionPayEcbMac } from '@zhanggui/card-crypto';
import { posMacInput, unionPayPos } from '@zhanggui/iso8583';
import { cny } from '@zhanggui/money';
import type { Fields } from './host.ts';
import { batchOfHost, type ScriptedAcquirer, startScriptedAcquirer } from './scripted-acquirer.ts';
import type { SaleStatus } from './status.ts';
import {
  type Counter,
  merchantId,
  openCounter,
  parametersFor,
  serveCustomer,
  stripeOfChip,
  stripeOnly,
  temporaryFile,
} from './testing.ts';

let disk: ReturnType<typeof temporaryFile>;
let acquirer: ScriptedAcquirer;
let counter: Counter & { close(): Promise<void> };

beforeEach(async () => {
  disk = temporaryFile();
  acquirer = await startScriptedAcquirer();
  counter = await openCounter(disk.file, parametersFor(acquirer.port));
});
afterEach(async () => {
  await counter.close();
  await acquirer.close();
  disk.remove();
});

const ended = (requestId: string): Promise<SaleStatus> =>
  new Promise((resolve) => {
    const stop = counter.terminal.onSale((status) => {
      if (status.requestId !== requestId || ['waiting-card', 'processing', 'unknown'].includes(status.state)) return;
      stop();
      resolve(status);
    });
  });

test('a terminal signs in by itself and takes the batch of the host', async () => {
  await counter.until((view) => view.online === 'signed-in' && view.screen === 'idle', 'idle');
  assert.equal(acquirer.of('0800').length, 1);
  assert.equal(acquirer.of('0800')[0]?.fields[60], '00000001003');
  assert.equal(counter.terminal.readiness().ready, true);
});

test('a sale asked for by a till runs from the card to both copies of the slip', async () => {
  serveCustomer(counter.terminal, { swipe: stripeOnly });
  const outcome = ended('sale-1');
  const first = counter.terminal.startSale({ requestId: 'sale-1', amount: cny(1250n) });
  assert.equal(first.state, 'waiting-card');
  const status = await outcome;
  assert.equal(status.state, 'approved');
  assert.equal(status.maskedPan, '622500*********0014');
  assert.equal(status.authCode, '654321');
  assert.equal(status.batch, batchOfHost);
  assert.match(status.rrn ?? '', /^\d{12}$/);
  assert.ok(status.merchantSlip && status.cardholderSlip);
  const view = await counter.until(({ screen, paper }) => screen === 'idle' && paper.length === 2, 'paper');
  assert.ok(view.paper[0]?.some((row) => row.text.includes('12.50')));
  assert.deepEqual([...acquirer.charged.values()], ['000000001250']);
});

test('the sale message carries what a stripe sale carries, a good MAC, and the PIN under the PIN key', async () => {
  serveCustomer(counter.terminal, { swipe: stripeOnly, pins: ['654321'] });
  const outcome = ended('sale-2');
  counter.terminal.startSale({ requestId: 'sale-2', amount: cny(6850n) });
  await outcome;
  const sale = acquirer.of('0200')[0];
  assert.equal(sale?.macGood, true);
  const { fields } = sale ?? { fields: {} };
  assert.deepEqual(Object.keys(fields).map(Number), [3, 4, 11, 22, 25, 26, 35, 41, 42, 49, 52, 53, 60, 63, 64]);
  assert.equal(fields[3], '000000');
  assert.equal(fields[4], '000000006850');
  assert.equal(fields[22], '021');
  assert.equal(fields[42], merchantId);
  assert.equal(fields[53], '2600000000000000');
  assert.equal(fields[60], `22${batchOfHost}00050`);
});

test('a repeated request is the same sale, and never a second charge', async () => {
  serveCustomer(counter.terminal, { swipe: stripeOnly });
  const outcome = ended('sale-3');
  counter.terminal.startSale({ requestId: 'sale-3', amount: cny(100n) });
  counter.terminal.startSale({ requestId: 'sale-3', amount: cny(100n) });
  await outcome;
  assert.equal(counter.terminal.startSale({ requestId: 'sale-3', amount: cny(100n) }).state, 'approved');
  assert.throws(() => counter.terminal.startSale({ requestId: 'sale-3', amount: cny(200n) }), RangeError);
  assert.equal(acquirer.of('0200').length, 1);
});

test('while a sale is on the counter another one is refused, and stays refused', async () => {
  counter.terminal.startSale({ requestId: 'sale-4', amount: cny(100n) });
  assert.equal(counter.terminal.startSale({ requestId: 'sale-5', amount: cny(300n) }).state, 'cancelled');
  await counter.until((view) => view.screen === 'present-card', 'present-card');
  counter.terminal.cancelSale('sale-4');
  assert.equal((await ended('sale-4')).state, 'cancelled');
  assert.equal(counter.terminal.startSale({ requestId: 'sale-5', amount: cny(300n) }).state, 'cancelled');
  assert.equal(acquirer.of('0200').length, 0);
});

test('a wrong PIN asks again with a new trace number', async () => {
  acquirer.script.financial = [{ kind: 'decline', code: '55' }];
  serveCustomer(counter.terminal, { swipe: stripeOnly, pins: ['111111', '123456'] });
  const outcome = ended('sale-6');
  counter.terminal.startSale({ requestId: 'sale-6', amount: cny(100n) });
  assert.equal((await outcome).state, 'approved');
  const stans = acquirer.of('0200').map(({ fields }) => Number(fields[11]));
  assert.equal(stans.length, 2);
  assert.equal((stans[1] ?? 0) - (stans[0] ?? 0), 1);
  assert.equal(acquirer.of('0400').length, 0);
  assert.ok(counter.views.some((view) => view.message.en === 'Wrong PIN. Enter it again'));
});

test('a decline is final, says why, and owes no reversal', async () => {
  acquirer.script.financial = [{ kind: 'decline', code: '51' }];
  serveCustomer(counter.terminal, { swipe: stripeOnly });
  const outcome = ended('sale-7');
  counter.terminal.startSale({ requestId: 'sale-7', amount: cny(100n) });
  const status = await outcome;
  assert.equal(status.state, 'declined');
  assert.equal(status.code, '51');
  assert.equal(status.text?.zh, '余额不足');
  assert.equal(counter.terminal.view().reversalPending, 0);
});

for (const code of ['A0', '99', '77']) {
  test(`answer ${code} makes the terminal sign in again and repeat the sale`, async () => {
    acquirer.script.financial = [{ kind: 'decline', code }];
    serveCustomer(counter.terminal, { swipe: stripeOnly, pins: ['123456', '123456'] });
    const outcome = ended('sale-8');
    counter.terminal.startSale({ requestId: 'sale-8', amount: cny(100n) });
    assert.equal((await outcome).state, 'approved');
    assert.equal(acquirer.of('0800').length, 2);
  });
}

test('a terminal the host does not know says so, and asks again more and more rarely', async () => {
  await counter.until((view) => view.online === 'signed-in' && view.screen === 'idle', 'idle');
  acquirer.script.signIn = Array.from({ length: 50 }, () => ({ kind: 'decline', code: '97' }));
  acquirer.script.financial = [{ kind: 'decline', code: '97', requirement: '3' }];
  serveCustomer(counter.terminal, { swipe: stripeOnly });
  counter.terminal.startSale({ requestId: 'sale-97', amount: cny(100n) });
  await counter.until((view) => view.screen === 'idle' && view.detail?.zh === '终端未登记 (97)', 'the reason');
  const pauses = counter.views.filter((view) => view.detail?.zh === '终端未登记 (97)');
  assert.equal(counter.terminal.readiness().ready, false);
  assert.ok(pauses.length > 0);
});

test('processing requirement 3 in an answer makes the terminal sign in again', async () => {
  acquirer.script.financial = [{ kind: 'approve', requirement: '3' }];
  serveCustomer(counter.terminal, { swipe: stripeOnly });
  const outcome = ended('sale-9');
  counter.terminal.startSale({ requestId: 'sale-9', amount: cny(100n) });
  assert.equal((await outcome).state, 'approved');
  await counter.until((view) => view.screen === 'idle' && view.online === 'signed-in', 'idle');
  assert.equal(acquirer.of('0800').length, 2);
});

test('the stripe of a chip card is sent back to the slot', async () => {
  counter.terminal.startSale({ requestId: 'sale-10', amount: cny(100n) });
  await counter.until((view) => view.screen === 'present-card', 'present-card');
  counter.terminal.command({ kind: 'swipe', track2: stripeOfChip });
  const view = await counter.until(({ message }) => message.zh === '这是芯片卡，请插卡', 'insert');
  assert.equal(view.screen, 'present-card');
  assert.equal(acquirer.of('0200').length, 0);
});

test('PIN digits are counted and never shown', async () => {
  counter.terminal.startSale({ requestId: 'sale-11', amount: cny(100n) });
  await counter.until((view) => view.screen === 'present-card', 'present-card');
  counter.terminal.command({ kind: 'swipe', track2: stripeOnly });
  await counter.until((view) => view.screen === 'enter-pin', 'enter-pin');
  counter.press('9753');
  assert.equal(counter.terminal.view().pinDigits, 4);
  counter.press('<');
  assert.equal(counter.terminal.view().pinDigits, 0);
  counter.press('97531*');
  assert.equal((await counter.until((view) => view.screen === 'result', 'result')).message.en, 'Cancelled');
  assert.ok(!JSON.stringify(counter.views).includes('9753'));
});

test('a balance inquiry shows the balance and owes nothing when the answer is lost', async () => {
  await counter.until((view) => view.screen === 'idle' && view.online === 'signed-in', 'idle');
  serveCustomer(counter.terminal, { swipe: stripeOnly, pins: ['123456', '123456'] });
  counter.terminal.command({ kind: 'key', key: 'menu' });
  await counter.until((view) => view.screen === 'menu', 'menu');
  counter.press('3');
  assert.equal((await counter.until((view) => view.screen === 'balance-result', 'balance')).amount, '8888.00');
  assert.equal(acquirer.of('0200')[0]?.fields[4], undefined);
  await counter.until((view) => view.screen === 'idle', 'idle');
  acquirer.script.financial = [{ kind: 'silence' }];
  counter.terminal.command({ kind: 'key', key: 'menu' });
  await counter.until((view) => view.screen === 'menu', 'menu');
  counter.press('3');
  await counter.until((view) => view.screen === 'result', 'result');
  assert.equal(counter.terminal.view().reversalPending, 0);
  assert.equal(acquirer.of('0400').length, 0);
});

test('a void names the original, wants the operator and the same card, and cannot be done twice', async () => {
  serveCustomer(counter.terminal, { swipe: stripeOnly, pins: ['123456', '123456'] });
  const outcome = ended('sale-12');
  counter.terminal.startSale({ requestId: 'sale-12', amount: cny(4200n) });
  const sale = await outcome;
  const askVoid = async (): Promise<void> => {
    await counter.until((view) => view.screen === 'idle', 'idle');
    counter.terminal.command({ kind: 'key', key: 'menu' });
    await counter.until((view) => view.screen === 'menu', 'menu');
    counter.press('2');
    await counter.until((view) => view.screen === 'operator-sign-in', 'operator');
    counter.press('0000#');
    await counter.until((view) => view.screen === 'void-voucher', 'voucher');
    counter.press(`${Number(sale.stan)}#`);
  };
  await askVoid();
  await counter.until((view) => view.screen === 'void-confirm', 'confirm');
  const voided = ended('sale-12');
  counter.press('#');
  assert.ok((await voided).voidedBy);
  const request = acquirer.of('0200')[1];
  assert.equal(request?.fields[3], '200000');
  assert.equal(request?.fields[61], `${sale.batch}${sale.stan}`);
  assert.equal(request?.fields[37], sale.rrn);
  assert.equal(request?.fields[38], sale.authCode);
  assert.equal(request?.fields[60], `23${batchOfHost}00050`);
  await askVoid();
  await counter.until((view) => view.message.en === 'Already voided', 'refusal');
});

test('a sale can be keyed in at the terminal, and its slip printed again as a duplicate', async () => {
  await counter.until((view) => view.screen === 'idle' && view.online === 'signed-in', 'idle');
  serveCustomer(counter.terminal, { swipe: stripeOnly });
  counter.press('1250');
  assert.equal((await counter.until((view) => view.amount === '12.50', 'amount')).screen, 'amount');
  counter.press('#');
  await counter.until((view) => view.screen === 'idle' && view.paper.length === 2, 'paper');
  counter.terminal.command({ kind: 'tear-paper' });
  assert.equal(counter.terminal.view().paper.length, 1);
  counter.terminal.command({ kind: 'key', key: 'menu' });
  await counter.until((view) => view.screen === 'menu', 'menu');
  counter.press('4');
  const { paper } = await counter.until((view) => view.paper.length === 3, 'copies');
  assert.ok(paper[2]?.some((row) => row.text.includes('重打印')));
});

test('vector S1: the working keys of the published sign-in are taken, and used for PIN and MAC', async () => {
  acquirer.script.field62 = fromHex(
    '950973182317F80B950973182317F80B00962B60F679786E2411E3DE0000000000000000ADC67D84A0C45C59F1E549BBA0C45C59F1E549BBE2F24340',
  );
  await counter.until((view) => view.screen === 'idle' && view.online === 'signed-in', 'idle');
  counter.terminal.command({ kind: 'key', key: 'menu' });
  await counter.until((view) => view.screen === 'menu', 'menu');
  counter.press('5');
  await counter.until((view) => view.message.en === 'Signed in', 'sign-in');
  serveCustomer(counter.terminal, { swipe: stripeOnly });
  const outcome = ended('sale-13');
  counter.terminal.startSale({ requestId: 'sale-13', amount: cny(100n) });
  assert.equal((await outcome).state, 'approved');
  const fields: Fields = acquirer.of('0200')[0]?.fields ?? {};
  const block = desEcbDecrypt(fromHex('22'.repeat(16)), fields[52] ?? new Uint8Array());
  assert.equal(pinBlockDecode({ format: '0', block, pan: '6225000000000000014' }), '123456');
  const body = unionPayPos.encode({ mti: '0200', fields });
  assert.equal(hex(unionPayEcbMac(fromHex('33'.repeat(8)), posMacInput(body))), hex(fields[64] ?? new Uint8Array()));
});
