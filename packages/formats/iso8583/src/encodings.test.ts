import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromAscii, fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import published from '../../../../spec-vectors/iso8583.json' with { type: 'json' };
import {
  CodecError,
  characterDigits,
  type Dialect,
  defineDialect,
  type Encoding,
  ebcdicCharacters,
  extendTable,
  type FieldSpec,
  type FieldTable,
  type FieldValue,
  type Format,
  fixed,
  hexCharacters,
  iso1987,
  iso1987Ascii,
  iso1987Binary,
  iso1987Fields,
  iso1993Ascii,
  iso1993Binary,
  iso2003Ascii,
  iso2003Binary,
  reconciliationPrimary,
  llllllvar,
  llllvar,
  lllvar,
  llvar,
  lvar,
  packedDigits,
} from './index.ts';

const mixedFields = extendTable(iso1987Fields, {
  19: { encoding: { digits: 'bcd' } },
  43: { pad: { side: 'left', with: ' ' } },
  49: { format: 'n', encoding: { digits: 'bcd' }, align: 'left' },
});

const dialects: readonly Dialect<object>[] = [
  iso1987,
  iso1987Ascii,
  iso1987Binary,
  iso1993Ascii,
  iso1993Binary,
  iso2003Ascii,
  iso2003Binary,
  defineDialect({ name: 'mixed', table: mixedFields, encoding: characterDigits }),
  defineDialect({
    name: 'packed digits, EBCDIC text',
    table: iso1987Fields,
    encoding: { ...packedDigits, text: 'ebcdic' },
  }),
  defineDialect({
    name: 'EBCDIC',
    table: iso1987Fields,
    encoding: { ...ebcdicCharacters, bytes: 'hex', bitmap: 'hex' },
  }),
];

const fieldsOf = (table: FieldTable, texts: object): Record<number, FieldValue> => {
  const fields: Record<number, FieldValue> = {};
  for (const [number, text] of Object.entries(texts))
    fields[Number(number)] = table[Number(number)]?.format === 'b' ? fromHex(String(text)) : String(text);
  return fields;
};

for (const { name, dialect: dialectName, bytes, mti, fields } of published.messages) {
  test(`the published message "${name}" decodes, and encodes to the same bytes`, () => {
    const dialect = dialects.find((known) => known.name === dialectName);
    assert.ok(dialect);
    const expected = fieldsOf(dialect.table, fields);
    const message = dialect.decode(fromHex(bytes));
    assert.equal(message.mti, mti);
    assert.deepEqual({ ...message.fields }, expected);
    assert.equal(hex(dialect.encode({ mti, fields: expected })), bytes);
  });
}

const oneField = (spec: FieldSpec, encoding: Encoding): Dialect<object> =>
  defineDialect({ name: 'one field', table: { 2: spec }, encoding });

/** What stands after type indicator and bitmap. */
const bodyOf = (dialect: Dialect<object>, value: unknown): string =>
  hex(dialect.encode({ mti: '0200', fields: { 2: value } })).slice(dialect.encoding.digits === 'bcd' ? 20 : 24);

const isCodecError = (code: string) => (error: unknown) => error instanceof CodecError && error.code === code;
const row = (spec: Pick<FieldSpec, 'format' | 'length'> & Partial<FieldSpec>): FieldSpec => ({
  name: 'value',
  zh: '值',
  ...spec,
});

test('EBCDIC is code page 1047', () => {
  const { text, bytes } = published.ebcdic;
  const dialect = oneField(row({ format: 'ans', length: fixed(text.length) }), { ...characterDigits, text: 'ebcdic' });
  assert.equal(bodyOf(dialect, text), bytes);
});

test('packed digits sit left or right, and an odd count leaves a zero or an F', () => {
  const packed = (spec: Partial<FieldSpec>) =>
    bodyOf(oneField(row({ format: 'n', length: fixed(3), ...spec }), packedDigits), '123');
  assert.equal(packed({}), '0123');
  assert.equal(packed({ align: 'left' }), '1230');
  assert.equal(packed({ spare: 'F' }), 'F123');
  assert.equal(packed({ align: 'left', spare: 'F' }), '123F');
  assert.equal(packed({ length: llvar(19) }), '031230');
  assert.equal(packed({ length: llvar(19, { counts: 'bytes' }), spare: 'F' }), '02123F');
});

test('lengths are written in each encoding, with or without themselves', () => {
  const text = (length: FieldSpec['length'], lengths: Encoding['lengths']) =>
    bodyOf(oneField(row({ format: 'ans', length }), { ...characterDigits, lengths }), 'AB').slice(0, -4);
  assert.equal(text(lvar(9), 'ascii'), '32');
  assert.equal(text(llllllvar(9999), 'ascii'), '303030303032');
  assert.equal(text(llvar(99), 'ebcdic'), 'F0F2');
  assert.equal(text(lllvar(999), 'bcd'), '0002');
  assert.equal(text(llvar(9999), 'binary'), '0002');
  assert.equal(text(llvar(9997, { inclusive: true }), 'binary'), '0004');
  assert.equal(text(llllvar(9995, { inclusive: true }), 'ascii'), '30303036');
  assert.equal(text(llvar(255), 'hex'), '3032');
  const long = oneField(row({ format: 'ans', length: llvar(255) }), { ...characterDigits, lengths: 'hex' });
  const bytes = long.encode({ mti: '0200', fields: { 2: 'A'.repeat(171) } });
  assert.equal(hex(bytes.subarray(12, 14)), hex(fromAscii('AB')));
  assert.deepEqual({ ...long.decode(bytes).fields }, { 2: 'A'.repeat(171) });
  assert.throws(() => long.decode(bytes.with(13, 0x62)), isCodecError('length-malformed'));
});

test('data sets of the 2003 edition hold objects, or bytes where the standard has a bitmap', () => {
  const fields = {
    55: [{ tag: '9F26', value: fromHex('1122334455667788') }],
    74: '0'.repeat(156),
    97: `C${'0'.repeat(20)}`,
    104: [
      { tag: '01', value: [{ tag: '80', value: fromHex('AABB') }] },
      { tag: '71', value: fromHex('C00000') },
    ],
  };
  const sets = '0100048002AABB710003C00000';
  for (const [dialect, end] of [
    [iso2003Binary, `0013${sets}`],
    [iso2003Ascii, hex(fromAscii(`0013${sets}`))],
  ] as const) {
    const bytes = dialect.encode({ mti: '2200', fields });
    assert.deepEqual({ ...dialect.decode(bytes).fields }, fields);
    assert.equal(hex(bytes).slice(-end.length), end);
    const broken = bytes.with(bytes.length - (dialect === iso2003Ascii ? 24 : 12), dialect === iso2003Ascii ? 0x39 : 9);
    assert.throws(() => dialect.decode(broken), isCodecError('value-truncated'));
  }
  const refused = (value: unknown) => () => iso2003Binary.encode({ mti: '2200', fields: { 104: value as never } });
  assert.throws(refused([{ tag: '1', value: fromHex('00') }]), isCodecError('value-malformed'));
  assert.throws(refused([{ tag: '01', value: fromHex('00') }]), isCodecError('value-malformed'));
  const parts = reconciliationPrimary.decode(`${'0'.repeat(15)}1${'0'.repeat(9)}2${'0'.repeat(130)}`);
  assert.deepEqual([parts.creditAmount, parts.creditCount], ['0000000000000001', '0000000002']);
});

test('bytes may be hexadecimal characters, counted as bytes or as digits', () => {
  const bytes = (length: FieldSpec['length'], encoding: Encoding) =>
    bodyOf(oneField(row({ format: 'b', length }), encoding), fromHex('0AFF'));
  assert.equal(bytes(fixed(2), { ...hexCharacters, bitmap: 'binary' }), '30414646');
  assert.equal(bytes(llvar(9), { ...hexCharacters, bitmap: 'binary' }), '303230414646');
  assert.equal(bytes(llvar(9, { counts: 'digits' }), { ...hexCharacters, bitmap: 'binary' }), '303430414646');
  assert.equal(bytes(llvar(9, { counts: 'digits' }), characterDigits), '30340AFF');
});

test('a filled field takes its value without the filling', () => {
  const dialect = oneField(
    row({ format: 'ans', length: fixed(5), pad: { side: 'right', with: ' ' } }),
    characterDigits,
  );
  assert.equal(bodyOf(dialect, 'AB'), '4142202020');
  assert.throws(() => bodyOf(dialect, 'AB '), isCodecError('padding-malformed'));
  assert.throws(() => bodyOf(dialect, 'ABCDEF'), isCodecError('length-exceeds-max'));
});

test('a sign is a character before packed digits', () => {
  const dialect = oneField(row({ format: 'x+n', length: fixed(9) }), packedDigits);
  assert.equal(bodyOf(dialect, 'D00000123'), '4400000123');
  assert.throws(() => bodyOf(dialect, '000000123'), isCodecError('value-malformed'));
});

test('each format refuses what is not of its alphabet', () => {
  const refused: readonly [Format, string][] = [
    ['n', 'A'],
    ['a', '1'],
    ['an', ' '],
    ['anp', '-'],
    ['as', '1'],
    ['ans', '\n'],
    ['z', 'G'],
  ];
  for (const [format, text] of refused)
    assert.throws(
      () => bodyOf(oneField(row({ format, length: fixed(1) }), characterDigits), text),
      isCodecError('value-malformed'),
    );
});

test('a third bitmap is announced by bit 65', () => {
  for (const encoding of [characterDigits, hexCharacters]) {
    const table = {
      3: row({ format: 'n', length: fixed(1) }),
      192: row({ name: 'last', format: 'n', length: fixed(1) }),
    };
    const dialect = defineDialect({ name: '192 fields', table, encoding });
    const bytes = dialect.encode({ mti: '0200', fields: { 3: '1', 192: '2' } });
    assert.equal(bytes.length, 6 + (encoding.bitmap === 'hex' ? 48 : 24));
    assert.deepEqual({ ...dialect.decode(bytes).fields }, { 3: '1', 192: '2' });
    assert.equal(
      hex(dialect.encode(dialect.decode(dialect.encode({ mti: '0200', fields: { 192: '2' } })))).slice(-2),
      '32',
    );
  }
});

const composite: Dialect<object> = defineDialect({
  name: 'composite',
  encoding: characterDigits,
  table: {
    48: row({
      name: 'private',
      format: 'ans',
      length: lllvar(999),
      composite: {
        kind: 'tagged',
        tagCharacters: 2,
        prefixDigits: 3,
        parts: {
          A1: { name: 'pin', zh: '密码', format: 'b', secret: 'pin' },
          A2: { name: 'terminal', zh: '终端', format: 'ans' },
        },
      },
    }),
    55: row({ name: 'chip', format: 'b', length: lllvar(999), composite: { kind: 'ber-tlv' } }),
    61: row({
      name: 'checks',
      format: 'ans',
      length: llvar(60, { inclusive: true }),
      composite: {
        kind: 'positional',
        parts: {
          1: row({ name: 'id', format: 'n', length: fixed(2) }),
          2: row({
            name: 'inner',
            format: 'b',
            length: llvar(30),
            composite: {
              kind: 'bitmapped',
              bitmapBytes: 1,
              parts: {
                1: row({ format: 'an', length: fixed(2) }),
                8: row({ name: 'pan', format: 'n', length: llvar(16), secret: 'pan' }),
              },
            },
          }),
        },
      },
    }),
  },
});

test('composite fields nest, keep unknown tags and their order, and mask by part', () => {
  const fields = {
    48: [
      { tag: 'A2', value: 'T1' },
      { tag: '07', value: fromHex('FF00') },
      { tag: 'A1', value: fromHex('1234') },
    ],
    55: [
      { tag: '9F26', value: fromHex('01') },
      { tag: 'E1', value: [{ tag: 'DF8129', value: new Uint8Array(200) }] },
    ],
    61: { 1: '07', 2: { 1: 'AB', 8: '6225000000000014' } },
  };
  const bytes = composite.encode({ mti: '0200', fields });
  const message = composite.decode(bytes);
  assert.deepEqual({ ...message.fields }, fields);
  assert.equal(hex(composite.encode(message)), hex(bytes));
  const printed = JSON.stringify(message);
  assert.match(printed, /"tag":"A1","value":"\*\*\*\*"/);
  assert.match(printed, /622500\*{6}0014/);
  assert.deepEqual(
    { ...composite.decode(composite.encode({ mti: '0200', fields: { 61: { 1: '07' } } })).fields },
    { 61: { 1: '07' } },
  );
});

test('composite fields refuse what is no part of them, and say where', () => {
  const encode = (fields: object) => () => composite.encode({ mti: '0200', fields });
  assert.throws(encode({ 61: { 3: '1' } }), (error) => error instanceof CodecError && error.place.field === 'F61.3');
  assert.throws(encode({ 61: { 2: {} } }), isCodecError('field-missing'));
  assert.throws(encode({ 61: 'text' }), isCodecError('value-malformed'));
  assert.throws(encode({ 55: [{ tag: '9F', value: new Uint8Array() }] }), isCodecError('value-malformed'));
  assert.throws(encode({ 55: [{ tag: '9F26', value: new Uint8Array(5000) }] }), isCodecError('length-exceeds-max'));
  assert.throws(encode({ 48: [{ tag: 'A', value: '1' }] }), isCodecError('length-mismatch'));
});

test('names and numbers address the same fields', () => {
  const fields = iso1987.numbered({ pan: '6225000000000014', stan: '000001', chipData: fromHex('9F2600') });
  assert.deepEqual({ ...fields }, { 2: '6225000000000014', 11: '000001', 55: fromHex('9F2600') });
  const named = iso1987.named(iso1987.decode(iso1987.encode({ mti: '0200', fields })).fields);
  assert.equal(named.stan, '000001');
  assert.match(JSON.stringify(named), /622500\*{6}0014/);
  assert.throws(() => iso1987.numbered({ colour: 'red' } as object), isCodecError('field-unknown'));
});

test('an answer has the match key of its request, and so has a repeat', () => {
  const key = (mti: string, fields: object) => iso1987.matchKey({ mti, fields });
  const request = key('0200', { 11: '000001', 41: '00000001' });
  assert.equal(key('0210', { 11: '000001', 41: '00000001', 39: '00' }), request);
  assert.equal(key('0201', { 11: '000001', 41: '00000001' }), request);
  assert.equal(key('0430', { 11: '000001' }), key('0421', { 11: '000001' }));
  assert.notEqual(key('0200', { 11: '000002', 41: '00000001' }), request);
});

test('a dialect that extends another has its rows, without those taken out', () => {
  const table = extendTable(iso1987Fields, {
    4: null,
    41: { length: fixed(16) },
    130: row({ name: 'own', format: 'n', length: fixed(2) }),
  });
  assert.equal(table[41].name, 'terminalId');
  const dialect = defineDialect({ name: 'own', table, encoding: packedDigits });
  assert.throws(
    () => dialect.encode({ mti: '0200', fields: { 4: '000000000100' } as object }),
    isCodecError('field-unknown'),
  );
  assert.deepEqual(
    { ...dialect.decode(dialect.encode({ mti: '0200', fields: { 41: '0123456789ABCDEF', 130: '12' } })).fields },
    { 41: '0123456789ABCDEF', 130: '12' },
  );
});

test('a table that cannot be written is refused when it is compiled', () => {
  const both = { 65: row({ format: 'n', length: fixed(1) }), 130: row({ format: 'n', length: fixed(1) }) };
  assert.throws(() => defineDialect({ name: 'x', table: both, encoding: packedDigits }), RangeError);
  assert.throws(() => oneField(row({ format: 'n', length: llvar(100) }), packedDigits), RangeError);
  assert.throws(
    () => oneField(row({ format: 'n', length: llvar(99, { inclusive: true }) }), characterDigits),
    RangeError,
  );
  assert.throws(
    () => defineDialect({ name: 'x', table: { 1: row({ format: 'n', length: fixed(1) }) }, encoding: packedDigits }),
    RangeError,
  );
});

const alphabets: Readonly<Record<Exclude<Format, 'b' | 'x+n'>, string>> = {
  n: '0123456789',
  a: 'AZaz',
  an: 'AZaz09',
  anp: 'AZ 09',
  as: 'Az-+ #',
  ans: 'Az09 -~',
  z: '0123456789ABCEF=',
};

const encodings: fc.Arbitrary<Encoding> = fc.record({
  digits: fc.constantFrom('ascii', 'bcd', 'ebcdic'),
  text: fc.constantFrom('ascii', 'ebcdic'),
  bytes: fc.constantFrom('binary', 'hex'),
  lengths: fc.constantFrom('ascii', 'bcd', 'ebcdic', 'binary', 'hex'),
  bitmap: fc.constantFrom('binary', 'hex'),
});

const specs: fc.Arbitrary<FieldSpec> = fc
  .record({
    format: fc.constantFrom<Format>('n', 'a', 'an', 'anp', 'as', 'ans', 'z', 'x+n', 'b'),
    isFixed: fc.boolean(),
    size: fc.integer({ min: 1, max: 9 }),
    prefixDigits: fc.constantFrom(2, 3, 4, 5, 6),
    counts: fc.constantFrom(undefined, 'bytes', 'digits'),
    inclusive: fc.constantFrom(undefined, true),
    align: fc.constantFrom(undefined, 'left', 'right'),
    spare: fc.constantFrom(undefined, 'F'),
  })
  .map(({ format, isFixed, size, prefixDigits, counts, inclusive, align, spare }) =>
    row({
      format,
      align,
      spare,
      length: isFixed ? fixed(size) : { kind: 'variable', prefixDigits, max: size, counts, inclusive },
    } as FieldSpec),
  );

const valueOf = ({ format, length }: FieldSpec): fc.Arbitrary<FieldValue> => {
  const max = length.kind === 'fixed' ? length.length : length.max;
  const lengths = { minLength: length.kind === 'fixed' ? max : 0, maxLength: max };
  if (format === 'b') return fc.uint8Array(lengths);
  if (format === 'x+n') return fc.constantFrom('C', 'D').map((sign) => sign + '7'.repeat(max - 1));
  return fc.string({ ...lengths, unit: fc.constantFrom(...alphabets[format].split('')) });
};

test('every value survives every encoding, or is refused for one that cannot tell its length', () => {
  const cases = fc
    .tuple(encodings, specs)
    .chain(([encoding, spec]) => valueOf(spec).map((value) => ({ encoding, spec, value })));
  fc.assert(
    fc.property(cases, ({ encoding, spec, value }) => {
      const dialect = oneField(spec, encoding);
      let bytes: Uint8Array;
      try {
        bytes = dialect.encode({ mti: '0200', fields: { 2: value } });
      } catch (error) {
        const countsBytes = spec.length.kind === 'variable' && spec.length.counts === 'bytes';
        assert.ok(error instanceof CodecError && countsBytes && encoding.digits === 'bcd', String(error));
        return;
      }
      assert.deepEqual({ ...dialect.decode(bytes).fields }, { 2: value });
    }),
    { numRuns: 3000 },
  );
});

const identicalOrCodecError = (dialect: Dialect<object>, bytes: Uint8Array): void => {
  const { message, error } = dialect.decodePartial(bytes);
  if (error === undefined) assert.equal(hex(dialect.encode(message)), hex(bytes));
};

test('arbitrary bytes of one field in any encoding encode to the same bytes again or throw CodecError', () => {
  fc.assert(
    fc.property(encodings, specs, fc.uint8Array({ maxLength: 12 }), fc.boolean(), (encoding, spec, noise, isText) => {
      const dialect = oneField(spec, encoding);
      const head = dialect.encode({ mti: '0200', fields: {} });
      const bitmapAt = encoding.digits === 'bcd' ? 2 : 4;
      const bytes = new Uint8Array(head.length + noise.length);
      bytes.set(head);
      bytes.set(isText ? fromAscii(hex(noise)).subarray(0, noise.length) : noise, head.length);
      bytes[bitmapAt] = encoding.bitmap === 'binary' ? 0x40 : encoding.text === 'ascii' ? 0x34 : 0xf4;
      identicalOrCodecError(dialect, bytes);
    }),
    { numRuns: 5000 },
  );
});

for (const dialect of [...dialects, composite]) {
  test(`arbitrary ${dialect.name} bytes encode to the same bytes again or throw CodecError`, () => {
    const seeds = published.messages
      .filter((message) => message.dialect === dialect.name)
      .map(({ bytes }) => fromHex(bytes));
    const damaged = fc
      .tuple(fc.constantFrom(...seeds, new Uint8Array(40).fill(0x30)), fc.nat(), fc.nat(255))
      .map(([seed, place, byte]) => {
        const bytes = seed.slice();
        bytes[place % bytes.length] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(damaged, (bytes) => identicalOrCodecError(dialect, bytes)),
      { numRuns: 300 },
    );
  });
}
