import assert from 'node:assert/strict';
import { test } from 'node:test';
import { characterDigits, defineDialect, fixed, lllvar } from '@zhanggui/iso8583';
import { fieldsOf, jsonOf } from './field-values.ts';

const part = { name: 'part', zh: '', format: 'an', length: fixed(2) } as const;
const field = { name: 'field', zh: '', format: 'ans', length: lllvar(99) } as const;
const nested = defineDialect({
  name: 'nested',
  table: {
    48: { ...field, composite: { kind: 'positional', parts: { 1: part, 2: { ...part, name: 'bytes', format: 'b' } } } },
    55: { ...field, name: 'chip', format: 'b', composite: { kind: 'ber-tlv' } },
    62: {
      ...field,
      name: 'tags',
      composite: {
        kind: 'tagged',
        tagCharacters: 2,
        prefixDigits: 2,
        parts: { AA: { name: 'aa', zh: '', format: 'an' } },
      },
    },
  },
  encoding: characterDigits,
});

const json = {
  48: { 1: 'AB', 2: '0102' },
  55: [
    { tag: '9F26', value: '0102030405060708' },
    { tag: '70', value: [{ tag: '9A', value: '261122' }] },
  ],
  62: [
    { tag: 'AA', value: 'XY' },
    { tag: 'BB', value: 'FF00' },
  ],
};

test('composite fields of every kind go from JSON to bytes and back', () => {
  const fields = fieldsOf(json, nested.table) as Parameters<typeof nested.encode>[0]['fields'];
  const { fields: again } = nested.decode(nested.encode({ mti: '0100', fields }));
  assert.deepEqual(jsonOf({ ...again }), { 48: json[48], 55: json[55], 62: json[62] });
});

for (const [wrong, place] of [
  [{ 48: 'AB' }, 'F48'],
  [{ 48: { 2: 'GG' } }, 'F48.2'],
  [{ 48: { bytes: 'GG' } }, 'F48.2'],
  [{ 55: {} }, 'F55'],
  [{ 55: [{ tag: '70', value: [{ tag: '9A', value: '2' }] }] }, 'F55.70.9A'],
  [{ 62: [{ value: '' }] }, 'F62'],
  [{ 62: [{ tag: 'BB', value: 7 }] }, 'F62.BB'],
] as const)
  test(`a wrong value is told by ${place}`, () => {
    assert.throws(() => fieldsOf(wrong, nested.table), new RegExp(`DataError: ${place.replaceAll('.', '\\.')}: `));
  });
