import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { concat, fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import yardstick from '../../../../spec-vectors/codec-yardstick.json' with { type: 'json' };
import institutions from '../../../../spec-vectors/interchange.json' with { type: 'json' };
import terminals from '../../../../spec-vectors/unionpay-pos.json' with { type: 'json' };
import {
  CodecError,
  type Dialect,
  type FieldSpec,
  type FieldTable,
  type FieldValue,
  interchange,
  iso1987Binary,
  unionPayPos,
} from './index.ts';

const fieldsOf = (table: FieldTable, texts: object): Record<number, FieldValue> => {
  const fields: Record<number, FieldValue> = {};
  for (const [number, text] of Object.entries(texts)) {
    if (typeof text === 'string') fields[Number(number)] = table[Number(number)]?.format === 'b' ? fromHex(text) : text;
  }
  return fields;
};

const isCodecError = (code: string, field?: string) => (error: unknown) =>
  error instanceof CodecError && error.code === code && error.place.field === field;

const published = [
  ...terminals.messages.map((vector) => ({ ...vector, dialect: unionPayPos, body: vector.frame.slice(22) })),
  ...terminals.macs.map((vector) => ({ ...vector, dialect: unionPayPos })),
  ...institutions.messages.map((vector) => ({ ...vector, dialect: interchange, body: vector.hex })),
];

for (const { name, dialect, body, mti, fields } of published) {
  test(`the ${dialect.name} message ${name} decodes, and encodes to the same bytes`, () => {
    const message = dialect.decode(fromHex(body));
    assert.equal(message.mti, mti);
    assert.deepEqual({ ...message.fields }, fieldsOf(dialect.table, fields));
    assert.equal(hex(dialect.encode({ mti, fields: fieldsOf(dialect.table, fields) })), body);
  });
}

test('the yardstick sale takes 274 bytes with packed digits', () => {
  const dialect = iso1987Binary;
  const message = { mti: yardstick.mti, fields: fieldsOf(dialect.table, yardstick.fields) };
  const bytes = dialect.encode(message);
  assert.equal(bytes.length, 274);
  assert.deepEqual({ ...dialect.decode(bytes).fields }, message.fields);
});

const letters = (alphabet: string, lengths: { minLength: number; maxLength: number }) =>
  fc.string({ ...lengths, unit: fc.constantFrom(...alphabet.split('')) });

const valueOf = (spec: FieldSpec): fc.Arbitrary<FieldValue> => {
  const { length } = spec;
  const lengths =
    length.kind === 'fixed'
      ? { minLength: length.length, maxLength: length.length }
      : { minLength: 0, maxLength: Math.min(length.max, 60) };
  if (spec.format === 'b') return fc.uint8Array(lengths);
  if (spec.format === 'n') return letters('0123456789', lengths);
  if (spec.format === 'z') return letters('0123456789ABCEF=', lengths);
  if (spec.charset !== 'gbk') return letters('AZaz09 =~', lengths);
  return length.kind === 'fixed'
    ? letters('掌柜销', { minLength: length.length / 2, maxLength: length.length / 2 })
    : letters('A 0掌柜鋒', { minLength: 0, maxLength: 20 });
};

const messageOf = (table: FieldTable): fc.Arbitrary<{ mti: string; fields: Record<number, FieldValue> }> => {
  const fields: Record<number, fc.Arbitrary<FieldValue>> = {};
  for (const [number, spec] of Object.entries(table)) fields[Number(number)] = valueOf(spec);
  return fc.record({
    mti: letters('0123456789', { minLength: 4, maxLength: 4 }),
    fields: fc.record(fields, { requiredKeys: [], noNullPrototype: true }),
  });
};

const throwsOnlyCodecErrors = (dialect: Dialect<object>, bytes: Uint8Array): void => {
  const { message, error } = dialect.decodePartial(bytes);
  if (error === undefined) assert.equal(hex(dialect.encode(message)), hex(bytes));
  else
    assert.throws(
      () => dialect.decode(bytes),
      (thrown) => thrown instanceof CodecError && thrown.code === error.code,
    );
};

for (const dialect of [unionPayPos, interchange]) {
  test(`any ${dialect.name} message survives a round trip`, () => {
    fc.assert(
      fc.property(messageOf(dialect.table), ({ mti, fields }) => {
        const decoded = dialect.decode(dialect.encode({ mti, fields }));
        assert.equal(decoded.mti, mti);
        assert.deepEqual({ ...decoded.fields }, fields);
      }),
    );
  });

  test(`arbitrary ${dialect.name} bytes encode to the same bytes again or throw CodecError`, () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => throwsOnlyCodecErrors(dialect, bytes)));
  });

  test(`damaged ${dialect.name} messages encode to the same bytes again or throw CodecError`, () => {
    const damaged = fc
      .tuple(
        fc.constantFrom(...published.filter((vector) => vector.dialect === dialect)),
        fc.nat(),
        fc.nat(255),
        fc.nat(3),
      )
      .map(([{ body }, place, byte, extra]) => {
        const bytes = fromHex(body);
        bytes[place % bytes.length] = byte;
        return extra === 0 ? bytes.subarray(0, place % bytes.length) : extra === 1 ? concat(bytes, bytes) : bytes;
      });
    fc.assert(
      fc.property(damaged, (bytes) => throwsOnlyCodecErrors(dialect, bytes)),
      { numRuns: 1000 },
    );
  });
}

test('a value of the wrong length, alphabet or kind is refused with its field', () => {
  const encode = (fields: object) => () => unionPayPos.encode({ mti: '0200', fields });
  assert.throws(encode({ 4: '100' }), isCodecError('length-mismatch', 'F4'));
  assert.throws(encode({ 2: '62250000000000140000' }), isCodecError('length-exceeds-max', 'F2'));
  assert.throws(encode({ 11: '00000a' }), isCodecError('value-malformed', 'F11'));
  assert.throws(encode({ 35: '6225000000000014D3012' }), isCodecError('value-malformed', 'F35'));
  assert.throws(encode({ 41: '掌柜000000' }), isCodecError('value-malformed', 'F41'));
  assert.throws(encode({ 63: '01\u001b@' }), isCodecError('value-malformed', 'F63'));
  assert.throws(encode({ 63: '\u{1f4b3}' }), isCodecError('value-malformed', 'F63'));
  assert.throws(encode({ 52: '0123456789ABCDEF' }), isCodecError('value-malformed', 'F52'));
  assert.throws(encode({ 11: new Uint8Array(6) }), isCodecError('value-malformed', 'F11'));
  assert.throws(encode({ 7: '0701123045' }), isCodecError('field-unknown', 'F7'));
  assert.throws(() => unionPayPos.encode({ mti: '200', fields: {} }), isCodecError('length-mismatch', 'MTI'));
});

test('bytes that would not be written again are refused', () => {
  const decode = (text: string) => () => unionPayPos.decode(fromHex(text));
  assert.throws(decode('02'), isCodecError('value-truncated', 'MTI'));
  assert.throws(decode('0200 00000000'), isCodecError('bitmap-malformed'));
  assert.throws(decode('0200 0000040000000000 0221'), isCodecError('padding-malformed', 'F22'));
  assert.throws(decode('0200 0020000000000000 00000A'), isCodecError('value-malformed', 'F11'));
  assert.throws(decode('0200 4000000000000000 1A'), isCodecError('length-malformed', 'F2'));
  assert.throws(decode('0200 4000000000000000 20'), isCodecError('length-exceeds-max', 'F2'));
  assert.throws(decode('0200 4000000000000000 16 6225'), isCodecError('value-truncated', 'F2'));
  assert.throws(decode('0200 0800000000000000 00'), isCodecError('field-unknown', 'F5'));
  assert.throws(decode('0200 0020000000000000 000001 00'), isCodecError('trailing-bytes'));
  assert.throws(
    () => interchange.decode(fromHex('30323030 8000000000000000 0000000000000000')),
    isCodecError('bitmap-malformed'),
  );
});

test('what was read before a fault is kept', () => {
  const { message, error } = unionPayPos.decodePartial(fromHex('0200 0030000000000000 000123 1A'));
  assert.deepEqual({ ...message.fields }, { 11: '000123' });
  assert.equal(error?.place.field, 'F12');
  assert.equal(unionPayPos.decodePartial(fromHex('0200 0020')).message.mti, '0200');
});

test('a message and its fields print masked', () => {
  const fields = {
    2: '6225000000000014',
    35: '6225000000000014=30122011234567890',
    52: fromHex('0123456789ABCDEF'),
    39: '00',
  };
  const made = unionPayPos.message('0200', fields);
  const read = unionPayPos.decode(unionPayPos.encode(made));
  for (const printed of [made, read].flatMap((message) => [
    JSON.stringify(message),
    inspect({ message }),
    inspect(message.fields),
    JSON.stringify(message.fields),
    JSON.stringify(unionPayPos.masked({ mti: '0200', fields })),
  ])) {
    assert.match(printed, /622500\*{6}0014/);
    assert.doesNotMatch(printed, /6225000000000014|1234567890|0123456789/);
  }
});
