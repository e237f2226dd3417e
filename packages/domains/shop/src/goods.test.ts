import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { goodsColumns, units } from './index.ts';
import { openTestShop, type TestShop } from './test-shop.ts';

let opened: TestShop;
before(async () => {
  opened = await openTestShop();
});
after(() => opened.close());

const header = 'barcode,name_zh,name_en,department,department_en,unit,price,initials';
const importList = (rows: string[], dryRun = false) =>
  opened.shop.goods.importList([header, ...rows].join('\n'), { dryRun });

test('the columns and units in the document are those of the code', async () => {
  const document = await readFile(new URL('../../../../docs/import-goods.md', import.meta.url), 'utf8');
  for (const { name, isRequired, meaning, example } of goodsColumns)
    assert.ok(document.includes(`| ${name} | ${isRequired ? 'yes' : 'no'} | ${meaning} | ${example} |`), name);
  for (const [id, { zh, en }] of Object.entries(units)) assert.ok(document.includes(`| ${id} | ${zh} | ${en} |`), id);
});

test('a list creates, updates and leaves alone; new departments are made by name', async () => {
  const before = await opened.shop.goods.version();
  const rows = [
    '2000000000015,茉莉花茶 500ml,Jasmine tea,饮料,,bottle,3.80,',
    '2000000000022,红富士苹果,Fuji apples,水果,,千克,12.80,',
    '2000000000039,"酱油, 生抽",,调味,Seasoning,瓶,9.9,jysc',
  ];
  const counts = { created: 1, updated: 1, unchanged: 1, departmentsCreated: 1 };
  assert.deepEqual(await importList(rows, true), { status: 'checked', ...counts });
  assert.equal(await opened.shop.goods.version(), before);
  assert.deepEqual(await importList(rows), { status: 'imported', ...counts });
  const { items, departments, version } = await opened.shop.goods.catalogue();
  assert.notEqual(version, before);
  const soy = items.find(({ barcode }) => barcode === '2000000000039');
  assert.deepEqual(
    [soy?.name, soy?.priceMinor, soy?.initials, soy?.unit.id],
    [{ zh: '酱油, 生抽', en: '酱油, 生抽' }, 9_90n, 'jysc', 'bottle'],
  );
  assert.equal(departments.find(({ id }) => id === soy?.departmentId)?.name.en, 'Seasoning');
  assert.equal(items.find(({ barcode }) => barcode === '2000000000015')?.initials, 'mlhc500ml');
  assert.deepEqual(await importList(rows), {
    status: 'imported',
    created: 0,
    updated: 0,
    unchanged: 3,
    departmentsCreated: 0,
  });
});

test('one bad row stops the whole list, and every bad cell is named by row and column', async () => {
  const outcome = await importList([
    '2000000000046,好茶,,饮料,,bottle,3.80,',
    '2000000000014,坏条码,,饮料,,bottle,3.80,',
    '123,短条码,,饮料,,bottle,-1,',
    '',
    '2000000000053,,,饮料,,光年,3.805,é',
    '2000000000046,再来一次,,饮料,,bottle,3.80,,surplus',
  ]);
  assert.ok(outcome.status === 'rejected');
  assert.deepEqual(
    outcome.faults.map(({ row, column, code }) => `${row} ${column} ${code}`),
    [
      '3 barcode barcode-check-digit',
      '4 barcode barcode-form',
      '4 price price-form',
      '6 name_zh required',
      '6 unit unit-unknown',
      '6 price price-form',
      '6 initials initials-form',
      '7 initials cells-surplus',
      '7 barcode barcode-twice',
    ],
  );
  const { items } = await opened.shop.goods.catalogue();
  assert.ok(!items.some(({ name }) => name.zh === '好茶'));
});

test('a header that is not ours is explained', async () => {
  const faults = async (csv: string) => {
    const outcome = await opened.shop.goods.importList(csv, { dryRun: false });
    assert.ok(outcome.status === 'rejected');
    return outcome.faults.map(({ row, column, code }) => `${row} ${column} ${code}`);
  };
  assert.deepEqual(await faults(''), ['1  file-empty']);
  assert.deepEqual(await faults('barcode,"name'), ['1  quote-open']);
  assert.deepEqual(await faults('barcode,name_zh,name_zh,department,unit,colour'), [
    '1 price column-missing',
    '1 colour column-unknown',
    '1 name_zh column-twice',
  ]);
});

test('goods are found by part of a name, by initials and by barcode', async () => {
  const find = async (search: string) =>
    (await opened.shop.goods.search({ search, offset: 0, limit: 10 })).items.map(({ barcode }) => barcode);
  for (const search of ['茉莉', 'jasmine', 'mlhc', '0000000015'])
    assert.deepEqual(await find(search), ['2000000000015'], search);
  assert.deepEqual(await find('100%'), []);
});
