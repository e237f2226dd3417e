import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Tender } from '@zhanggui/basket';
import { cny } from '@zhanggui/money';
import { epochMs } from '@zhanggui/time';
import { monday, newId, openTestShop, saleOf, type TestShop } from './test-shop.ts';

let opened: TestShop;
before(async () => {
  opened = await openTestShop();
});
after(() => opened.close());

const cash = (minor: bigint): Tender => ({ kind: 'cash', received: cny(minor) });
const upload = async (...sales: Parameters<TestShop['shop']['sales']['upload']>[1]) =>
  opened.shop.sales.upload('till-1', sales);

test('an uploaded sale reads back as the till committed it', async () => {
  const card: Tender = {
    kind: 'card',
    amount: cny(3_50n),
    terminalId: '00000001',
    requestId: newId(),
    rrn: '000000000001',
    maskedPan: '622500******0014',
  };
  const wallet: Tender = {
    kind: 'wallet',
    wallet: 'wechat',
    amount: cny(1_50n),
    requestId: newId(),
    outTradeNo: '20260309T0001',
    walletTradeNo: '4200000000000000000000000001',
    payer: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  };
  const tenders = [card, wallet, cash(5_00n)];
  const sale = await saleOf(opened, { sequence: 1, count: 2, tenders, segment: 'family' });
  assert.deepEqual(await upload(sale), [{ status: 'accepted', saleId: sale.id, receiptNo: '01-000001' }]);
  assert.deepEqual(await opened.shop.sales.find(sale.id), sale);
  const { sales } = await opened.shop.sales.list({ limit: 50 });
  assert.deepEqual(sales.find(({ id }) => id === sale.id)?.tenders, ['card', 'cash', 'wechat']);
});

test('the same sale uploaded again gets the same answer and counts once', async () => {
  const sale = await saleOf(opened, { sequence: 2, count: 1, tenders: [cash(3_50n)] });
  const first = await upload(sale);
  assert.deepEqual(await upload(sale), first);
  assert.deepEqual(await upload(sale, sale), [...first, ...first]);
  const { sales } = await opened.shop.sales.list({ limit: 50 });
  assert.equal(sales.filter(({ id }) => id === sale.id).length, 1);
});

test('a sale whose figures do not follow is kept with the reasons, and accepted once they do', async () => {
  const sale = await saleOf(opened, { sequence: 3, count: 1, tenders: [cash(3_50n)] });
  const [outcome] = await upload({ ...sale, total: cny(1n), staffId: 'nobody' });
  assert.ok(outcome?.status === 'kept');
  assert.deepEqual(
    outcome.faults.map(({ code, place }) => `${code} ${place}`),
    ['total total', 'staff-unknown staffId'],
  );
  const [kept] = await opened.shop.sales.kept();
  assert.equal(kept?.id, sale.id);
  assert.deepEqual(kept?.faults, outcome.faults);
  assert.equal(await opened.shop.sales.find(sale.id), undefined);
  const [again] = await upload(sale);
  assert.equal(again?.status, 'accepted');
  assert.deepEqual(await opened.shop.sales.kept(), []);
});

test('a sale of a shift nobody knows is kept with a way on, and accepted under the open shift', async () => {
  const sale = await saleOf(opened, { sequence: 5, count: 1, tenders: [cash(3_50n)] });
  const [kept] = await upload({ ...sale, shiftId: newId() });
  assert.ok(kept?.status === 'kept');
  assert.deepEqual(
    kept.faults.map(({ code, message }) => [code, message.zh]),
    [['shift-unknown', '没有这个班次，请在该收银台登录后再次上传']],
  );
  const [again] = await upload(sale);
  assert.equal(again?.status, 'accepted');
  assert.deepEqual(await opened.shop.sales.kept(), []);
});

test('a number is given to one sale of a till only, also within one upload', async () => {
  const one = await saleOf(opened, { sequence: 4, count: 1, tenders: [cash(3_50n)] });
  const two = await saleOf(opened, { sequence: 4, count: 2, tenders: [cash(7_00n)] });
  const outcomes = await upload(one, two);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['accepted', 'kept'],
  );
  assert.ok(outcomes[1]?.status === 'kept' && outcomes[1].faults[0]?.code === 'sequence-taken');
});

test('what is not even a sale is kept too', async () => {
  const id = newId();
  const outcome = await opened.shop.sales.keepMalformed('till-1', id, { hello: 'world' });
  assert.ok(outcome.status === 'kept' && outcome.faults[0]?.code === 'malformed');
  const kept = await opened.shop.sales.kept();
  assert.deepEqual(kept.find((one) => one.id === id)?.document, { hello: 'world' });
});

test('two tills posting at once never lose or double a sale', async () => {
  const sales = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      saleOf(opened, { sequence: 100 + index, count: 1, tenders: [cash(3_50n)] }),
    ),
  );
  await Promise.all(sales.flatMap((sale) => [upload(sale), upload(sale)]));
  const { sales: listed } = await opened.shop.sales.list({ limit: 200 });
  for (const sale of sales) assert.equal(listed.filter(({ id }) => id === sale.id).length, 1);
  const [till] = await opened.shop.place.tills();
  assert.equal(till?.nextSequence, 120);
});

test('a list is read page by page, newest first', async () => {
  const early = await saleOf(opened, { sequence: 200, count: 1, tenders: [cash(3_50n)], at: epochMs(monday - 60_000) });
  await upload(early);
  const seen: string[] = [];
  let before: string | undefined;
  do {
    const page = await opened.shop.sales.list(before === undefined ? { limit: 7 } : { limit: 7, before });
    seen.push(...page.sales.map(({ id }) => id));
    before = page.next ?? undefined;
  } while (before !== undefined);
  assert.equal(new Set(seen).size, seen.length);
  assert.equal(seen.at(-1), early.id);
});
