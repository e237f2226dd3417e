import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import { buildDol, decodeTlv, encodeTlv, findTag, parseDol, TAGS, type Tlv, TlvError, tagName } from './index.ts';

const primitiveTag = fc.constantFrom('9F26', '5A', '95', 'DF31', 'DF8129');
const templateTag = fc.constantFrom('70', '77', '6F', 'BF0C');
const primitive: fc.Arbitrary<Tlv> = fc
  .tuple(primitiveTag, fc.uint8Array({ maxLength: 300 }))
  .map(([tag, value]) => ({ tag, value }));
const { tree } = fc.letrec<{ tree: Tlv[] }>((tie) => ({
  tree: fc.array(
    fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      primitive,
      fc.tuple(templateTag, tie('tree')).map(([tag, children]): Tlv => ({ tag, value: encodeTlv(children), children })),
    ),
    { maxLength: 4 },
  ),
}));

test('objects survive encoding, however deep and long', () => {
  fc.assert(fc.property(tree, (objects) => assert.deepEqual(decodeTlv(encodeTlv(objects)), objects)));
});

test('arbitrary bytes either mean the same after a round trip or throw TlvError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        const objects = decodeTlv(bytes);
        assert.deepEqual(
          decodeTlv(encodeTlv(objects)).map(({ tag }) => tag),
          objects.map(({ tag }) => tag),
        );
      } catch (error) {
        assert.ok(error instanceof TlvError, String(error));
      }
    }),
  );
});

test('zero bytes between objects are padding', () => {
  assert.deepEqual(
    decodeTlv(fromHex('00 9A03260101 0000 9C0100 00')).map(({ tag }) => tag),
    ['9A', '9C'],
  );
});

test('a tag is found inside templates', () => {
  const fci = decodeTlv(fromHex('6F1A 8407A0000003330101 A50F 500A50424F43204445424954 870101'));
  assert.equal(hex(findTag(fci, '87') ?? new Uint8Array()), '01');
  assert.equal(findTag(fci, '9F38'), undefined);
});

for (const [text, code, offset] of [
  ['9F', 'tag-truncated', 1],
  ['9FFFFFFF01', 'tag-too-long', 0],
  ['9A', 'length-truncated', 1],
  ['9A80', 'length-unsupported', 1],
  ['9A83000001', 'length-unsupported', 1],
  ['9A8201', 'length-truncated', 3],
  ['9A032601', 'value-truncated', 2],
  ['7003 9A03', 'value-truncated', 2],
] as const) {
  test(`${text} is refused as ${code}`, () => {
    const bytes = fromHex(text);
    assert.throws(
      () => decodeTlv(bytes),
      (error) => error instanceof TlvError && error.code === code && error.offset === offset,
    );
  });
}

test('nesting is bounded', () => {
  const deep = Array.from({ length: 20 }).reduce<Tlv>(
    (inner) => ({ tag: '70', value: new Uint8Array(), children: [inner] }),
    { tag: '9A', value: new Uint8Array() },
  );
  assert.throws(
    () => decodeTlv(encodeTlv([deep])),
    (error) => error instanceof TlvError && error.code === 'nested-too-deep',
  );
});

test('a data object list is filled by the format of each tag', () => {
  const values = new Map([
    ['9F02', fromHex('000000012345')],
    ['5A', fromHex('6225000000000014')],
    ['9F37', fromHex('AABBCCDD')],
    ['9F1E', fromHex('3132333435363738')],
  ]);
  const build = (dol: string): string => hex(buildDol(parseDol(fromHex(dol)), (tag) => values.get(tag)));
  assert.equal(build('9F0204'), '00012345', 'numeric loses its left digits');
  assert.equal(build('9F0208'), '0000000000012345', 'numeric gains zeros on the left');
  assert.equal(build('5A0A'), '6225000000000014FFFF', 'compressed numeric gains F on the right');
  assert.equal(build('9F3702'), 'AABB', 'binary loses its right bytes');
  assert.equal(build('9F3706'), 'AABBCCDD0000', 'binary gains zeros on the right');
  assert.equal(build('950570029F1E08'), '000000000000003132333435363738', 'unknown data and templates are zeros');
});

test('every tag of the table is one whole tag with names in both languages', () => {
  for (const [tag, row] of Object.entries(TAGS)) {
    assert.equal(decodeTlv(fromHex(`${tag}00`))[0]?.tag, tag);
    assert.ok(row.en.length > 0 && row.zh.length > 0);
  }
  assert.equal(tagName('9F26')?.zh, '应用密文');
  assert.equal(tagName('C0'), undefined);
});
