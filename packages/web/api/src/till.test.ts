import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { changeBasket, closeSale, emptyBasket, receiptNumber, type Tender } from '@zhanggui/basket';
import { cny } from '@zhanggui/money';
import { basketItemOf, type Catalogue, type Sale, saleDocument } from './contract.ts';
import { type Caller, newId, now, openTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let cashier: Caller;
let owner: Caller;
let shiftId: string;
before(async () => {
  api = await openTestApi();
  cashier = await api.signIn('1001', '1234');
  owner = await api.signInOffice();
  shiftId = newId();
});
after(() => api.close());

const saleOf = async (sequence: number, tenders: Tender[]): Promise<Sale> => {
  const catalogue = (await cashier.get('/api/till/catalogue')).body as Catalogue;
  const [item] = catalogue.items;
  assert.ok(item);
  const basket = changeBasket(emptyBasket('CNY'), {
    kind: 'add',
    lineId: '0',
    item: basketItemOf(item, 'CNY'),
    quantityMilli: 2000,
  });
  assert.ok(basket.kind === 'changed');
  const closed = closeSale(basket.basket, tenders, { unitMinor: 10n, rounding: 'down' });
  assert.ok(closed.kind === 'closed');
  return saleDocument({
    ...closed.figures,
    id: newId(),
    shiftId,
    staffId: 'zhang',
    sequence,
    receiptNo: receiptNumber('01', sequence),
    at: now,
    segment: 'family',
  });
};
const cash = (minor: bigint): Tender => ({ kind: 'cash', received: cny(minor) });

test('an unchanged catalogue is not sent twice', async () => {
  const first = await cashier.get('/api/till/catalogue');
  const etag = String(first.headers['etag']);
  const again = await cashier.get('/api/till/catalogue', { 'if-none-match': etag });
  assert.deepEqual([first.status, again.status, again.body], [200, 304, {}]);
  await owner.post('/api/office/goods/import', {
    csv: 'barcode,name_zh,department,unit,price\n2000000000022,苹果,水果,kg,12.80',
  });
  assert.equal((await cashier.get('/api/till/catalogue', { 'if-none-match': etag })).status, 200);
});

test('a shift is opened once, and only one at a time', async () => {
  const order = { id: shiftId, floatMinor: '20000', at: now };
  const opened = await cashier.post('/api/till/shifts', order);
  assert.deepEqual(await cashier.post('/api/till/shifts', order).then(({ body }) => body), opened.body);
  const other = await cashier.post('/api/till/shifts', { ...order, id: newId() });
  assert.equal(other.status, 409);
  assert.deepEqual((other.body['error'] as { details: unknown }).details, { shiftId });
});

test('a sale is accepted once, however often it is sent', async () => {
  const sale = await saleOf(1, [cash(10_00n)]);
  const first = await cashier.post('/api/till/sales', { sale });
  assert.deepEqual(first.body, { status: 'accepted', saleId: sale.id, receiptNo: '01-000001' });
  assert.deepEqual((await cashier.post('/api/till/sales', { sale })).body, first.body);
  const listed = await owner.get('/api/office/sales');
  assert.equal((listed.body['sales'] as unknown[]).length, 1);
  assert.deepEqual((await owner.get(`/api/office/sales/${sale.id}`)).body, { sale });
});

test('what does not add up, or is no sale at all, is kept for the office to see', async () => {
  const wrong = { ...(await saleOf(2, [cash(10_00n)])), changeMinor: '1' };
  const kept = await cashier.post('/api/till/sales', { sale: wrong });
  assert.equal(kept.body['status'], 'kept');
  const id = newId();
  const malformed = await cashier.post('/api/till/sales', { sale: { id, from: 'a till of next year' } });
  assert.equal(malformed.body['status'], 'kept');
  const { sales } = (await owner.get('/api/office/kept-sales')).body as { sales: { id: string; faults: unknown[] }[] };
  assert.deepEqual(new Set(sales.map((sale) => sale.id)), new Set([wrong.id, id]));
  assert.equal((await cashier.post('/api/till/sales', { sale: { total: '1' } })).status, 400);
});

test('moving cash needs a right the cashier has not', async () => {
  const move = { id: newId(), shiftId, kind: 'in', amountMinor: '1000', reason: '换零', at: now };
  assert.equal((await cashier.post('/api/till/cash-moves', move)).status, 403);
  const manager = await api.signIn('9001', '4321');
  assert.equal((await manager.post('/api/till/cash-moves', move)).status, 200);
  assert.equal((await cashier.get('/api/till/session')).status, 401, 'a till is signed in at one place');
  cashier = await api.signIn('1001', '1234');
});

test('the shift closes with its Z report, which the office reads too', async () => {
  const { body } = await cashier.get('/api/till/shift');
  const { totals } = body['shift'] as { totals: { expectedCashMinor: string } };
  assert.equal(totals.expectedCashMinor, '21700');
  const closed = await cashier.post(`/api/till/shifts/${shiftId}/close`, { at: now, countedMinor: '21650' });
  const report = closed.body['report'] as { differenceMinor: string; zNumber: number };
  assert.deepEqual([report.differenceMinor, report.zNumber], ['-50', 1]);
  assert.deepEqual((await owner.get('/api/office/shifts')).body, { shifts: [report] });
  assert.deepEqual((await cashier.get('/api/till/shift')).body, { shift: null });
  assert.equal((await cashier.post(`/api/till/shifts/${newId()}/close`, { at: now, countedMinor: '0' })).status, 404);
});

test('the day is shown with every amount as digits', async () => {
  const { body } = await owner.get('/api/office/today');
  assert.deepEqual([body['date'], body['comparedWith']], ['2026-03-09', '2026-03-02']);
  assert.equal((body['totals'] as { amountMinor: string }).amountMinor, '700');
  assert.equal((body['byHour'] as unknown[]).length, 24);
});

test('a bad list imports nothing and names every bad cell', async () => {
  const csv = 'barcode,name_zh,department,unit,price\n2000000000039,好,水果,kg,1.00\n1,坏,水果,光年,x';
  const { status, body } = await owner.post('/api/office/goods/import', { csv });
  assert.deepEqual([status, body['status'], body['errorCount']], [200, 'rejected', 3]);
  const errors = body['errors'] as { row: number; column: string }[];
  assert.deepEqual(
    errors.map(({ row, column }) => `${row} ${column}`),
    ['3 barcode', '3 unit', '3 price'],
  );
  const found = await owner.get('/api/office/goods?search=2000000000039');
  assert.equal(found.body['total'], 0);
});
