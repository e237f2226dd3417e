import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SaleStatusView } from '@zhanggui/api/contract';
import type { Reply } from './ports.ts';
import { barcode, openTill, sellingTill, stateOf, until, uploaded, type World, world } from './test-till.ts';
import type { Till } from './till.ts';

const status = (requestId: string, state: SaleStatusView['state']): Reply<SaleStatusView> => ({
  kind: 'answer',
  value: { requestId, amountMinor: '200', state, at: 1 },
});

test('a basket survives a reload line by line', async () => {
  const { till, name, around } = await sellingTill();
  await till.scan(barcode(0));
  await till.scan(barcode(0));
  await till.scan(barcode(8));
  till.stop();
  const again = await openTill(name, around);
  assert.deepEqual(
    stateOf(again).sale?.basket.lines.map(({ quantityMilli }) => quantityMilli),
    [2000, 1000],
  );
  assert.equal(stateOf(again).phase, 'selling');
});

test('scans fired at once all land, in their order', async () => {
  const { till } = await sellingTill();
  await Promise.all([0, 1, 2, 3, 0].map((place) => till.scan(barcode(place))));
  const lines = stateOf(till).sale?.basket.lines ?? [];
  assert.deepEqual(
    lines.map(({ item }) => item.barcode),
    [0, 1, 2, 3].map(barcode),
  );
  assert.equal(lines[0]?.quantityMilli, 2000);
});

test('a sale paid offline is stored, printed and uploaded once the shop answers again', async () => {
  const { till, around } = await sellingTill();
  around.offline = true;
  await till.scan(barcode(0));
  await till.payExactCash();
  const done = stateOf(till).done;
  assert.equal(done?.document.receiptNo, '01-000128');
  assert.equal(around.printed.length, 1);
  assert.equal((await till.journal.sale(done?.id ?? ''))?.upload, 'waiting');
  around.offline = false;
  till.kick();
  await uploaded(till);
  assert.equal((await till.journal.sale(done?.id ?? ''))?.upload, 'accepted');
});

test('receipt numbers follow each other without a gap, over a reload too', async () => {
  const { till, name, around } = await sellingTill();
  const sell = async (one: Till) => {
    await one.scan(barcode(1));
    await one.payExactCash();
    return stateOf(one).done?.document.sequence;
  };
  const first = [await sell(till), await sell(till)];
  till.stop();
  const again = await openTill(name, around);
  assert.deepEqual([...first, await sell(again)], [128, 129, 130]);
});

test('the attempt is stored before the terminal hears of it, and after a reload it is asked about, not sent again', async () => {
  const around = world();
  const stored: unknown[] = [];
  let started = 0;
  const { till, name } = await sellingTill(around);
  around.terminal = {};
  await till.scan(barcode(0));
  const journal = till.journal;
  const silent = await openWith(name, around, {
    startSale: async () => {
      started += 1;
      stored.push((await journal.recover()).openSales[0]?.attempt?.state);
      return new Promise(() => undefined);
    },
  });
  till.stop();
  void silent.payCard({ minor: 200n, currency: 'CNY' });
  await until(() => stored.length > 0);
  assert.equal(started, 1);
  assert.deepEqual(stored, ['asking']);
  silent.stop();
  let asked = 0;
  const again = await openWith(name, around, {
    startSale: async () => assert.fail('a request in doubt is not sent again'),
    saleStatus: async (_, requestId) => {
      asked += 1;
      return status(requestId, asked < 3 ? 'unknown' : 'approved');
    },
  });
  await until(() => stateOf(again).done !== undefined);
  assert.equal(stateOf(again).done?.document.tenders[0]?.kind, 'card');
});

const openWith = (name: string, around: World, terminal: World['terminal']): Promise<Till> =>
  openTill(name, Object.assign(around, { terminal }));

test('an unknown result locks the basket, can be set aside, and is finished when it is recalled after approval', async () => {
  const around = world();
  let answer: SaleStatusView['state'] = 'unknown';
  around.terminal = {
    startSale: async (_, { requestId }) => status(requestId, 'unknown'),
    saleStatus: async (_, requestId) => status(requestId, answer),
  };
  const { till } = await sellingTill(around);
  await till.scan(barcode(0));
  void till.payCard({ minor: 200n, currency: 'CNY' });
  await until(() => stateOf(till).sale?.attempt?.state === 'unknown');
  await till.scan(barcode(1));
  assert.equal(stateOf(till).notice?.kind, 'payment-open');
  await till.payCash({ minor: 200n, currency: 'CNY' });
  assert.deepEqual(stateOf(till).sale?.tenders, []);
  await till.park();
  const [aside] = stateOf(till).parked;
  assert.ok(aside);
  await till.drop(aside.id);
  assert.equal(stateOf(till).parked.length, 1, 'what may have been paid is not thrown away');
  answer = 'approved';
  await until(() => stateOf(till).parked[0]?.tenders.length === 1);
  await till.recall(aside.id);
  assert.equal(stateOf(till).done?.id, aside.id);
});

test('a declined card leaves the sale as it was, and cash finishes it', async () => {
  const around = world();
  around.terminal = { startSale: async (_, { requestId }) => status(requestId, 'declined') };
  const { till } = await sellingTill(around);
  await till.scan(barcode(0));
  await till.payCard({ minor: 200n, currency: 'CNY' });
  assert.equal(stateOf(till).sale?.attempt?.state, 'declined');
  await till.payExactCash();
  assert.equal(stateOf(till).done?.document.totalMinor, '200');
});

test('what the server will not take is kept with its reason, and the sales behind it go on', async () => {
  const { till } = await sellingTill();
  const refused = { zh: '不认识的商品', en: 'Unknown goods' };
  const upload = till.ports.shop.uploadSale;
  let calls = 0;
  till.ports.shop.uploadSale = async (sale) => {
    calls += 1;
    return calls === 1
      ? {
          kind: 'answer',
          value: { status: 'kept', saleId: sale.id, faults: [{ code: 'x', place: 'lines[0]', message: refused }] },
        }
      : upload(sale);
  };
  for (const place of [0, 1]) {
    await till.scan(barcode(place));
    await till.payExactCash();
  }
  await uploaded(till);
  const [kept] = await till.journal.keptSales();
  assert.deepEqual(kept?.faults?.[0]?.message, refused);
  assert.equal(stateOf(till).keptCount, 1);
});

test('removing a line can be taken back', async () => {
  const { till } = await sellingTill();
  await till.scan(barcode(0));
  const lineId = stateOf(till).sale?.basket.lines[0]?.id ?? '';
  await till.removeLine(lineId);
  assert.equal(stateOf(till).sale?.basket.lines.length, 0);
  await till.undo();
  assert.equal(stateOf(till).sale?.basket.lines.length, 1);
});

test('a shift closes offline, and its closing is uploaded after its sales', async () => {
  const { till, around } = await sellingTill();
  await uploaded(till);
  around.offline = true;
  await till.scan(barcode(0));
  await till.payExactCash();
  till.nextCustomer();
  await till.closeShift([{ valueMinor: '10000', count: 5 }], '少两元');
  assert.equal(stateOf(till).panel, 'z-report');
  const kinds = (await till.journal.outbox()).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['sale', 'shift-close']);
});

test('a code nobody knows changes nothing and is said aloud', async () => {
  const { till } = await sellingTill();
  await till.scan('6900000000000');
  assert.deepEqual(stateOf(till).notice, { kind: 'unknown-code', code: '6900000000000' });
  assert.equal(stateOf(till).sale, undefined);
});

test('a burst that a busy computer cut in two is still one scan', async () => {
  const { till } = await sellingTill();
  const code = barcode(3);
  till.typed(code.slice(0, 5));
  assert.equal(stateOf(till).search, code.slice(0, 5));
  await till.scan(code.slice(5));
  assert.equal(stateOf(till).sale?.basket.lines[0]?.item.barcode, code);
  assert.equal(stateOf(till).search, '');
});

test('Enter on a part of a barcode takes an article only when no other can be meant', async () => {
  const { till } = await sellingTill();
  const lines = () => stateOf(till).sale?.basket.lines.map(({ item }) => item.barcode) ?? [];
  till.search('2');
  await till.takeFirstHit();
  assert.deepEqual([lines(), stateOf(till).search], [[], '2'], 'the hits stay to be touched');
  const code = barcode(3);
  till.search(` ${code}`);
  await till.takeFirstHit();
  assert.deepEqual(lines(), [code]);
});

test('digits typed while paying fill the pad, a whole code does not', async () => {
  const { till } = await sellingTill();
  await till.scan(barcode(0));
  till.openTender();
  till.typed('5');
  till.typed('0');
  assert.equal(stateOf(till).pad, '50');
  till.chooseWay('phone');
  till.typed('13');
  assert.equal(stateOf(till).pad, '50', 'half a payment code is no amount');
  till.typed(barcode(1));
  await until(() => stateOf(till).sale?.basket.lines.length === 2);
  assert.equal(stateOf(till).pad, '');
});
