import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoCatalogue } from '../demo/demo-goods.ts';
import { indexCatalogue } from './catalogue-index.ts';

const index = indexCatalogue(demoCatalogue);
const names = (text: string) => index.search(text, 5).map(({ name }) => name.zh);

test('goods are found by initials, name in either language, and barcode, best first', () => {
  assert.equal(names('hsnrm')[0], '红烧牛肉面 桶装');
  assert.equal(names('HS')[0], '红烧牛肉面 桶装');
  assert.ok(names('牛奶').includes('鲜牛奶 950ml'));
  assert.ok(names('shiitake').includes('鲜香菇'));
  assert.deepEqual(names('2000000000015'), ['农家山泉水 550ml']);
});

test('a text that nothing matches finds nothing, an empty one everything up to the limit', () => {
  assert.deepEqual(names('zzzz'), []);
  assert.equal(index.search('', 7).length, 7);
});

test('a barcode leads to exactly one kind of goods', () => {
  assert.equal(index.byBarcode('2000000000015')?.name.en, 'Hill spring water 550 ml');
  assert.equal(index.byBarcode('6900000000000'), undefined);
});

test('among one hundred thousand goods a search gives the first that fit and no more', () => {
  const [first] = demoCatalogue.items;
  assert.ok(first);
  const items = Array.from({ length: 100_000 }, (_, place) => ({ ...first, id: `i${place}`, barcode: `b${place}` }));
  const found = indexCatalogue({ ...demoCatalogue, items }).search('山泉', 50);
  assert.deepEqual(
    found.map(({ id }) => id),
    items.slice(0, 50).map(({ id }) => id),
  );
});
