import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/paycode.json' with { type: 'json' };
import { crc16 } from './crc16.ts';
import {
  decodeMerchantCode,
  encodeMerchantCode,
  type MerchantObject,
  merchantDetails,
  merchantObjects,
  PaycodeError,
} from './index.ts';

const sealed = (body: string): string => `${body}6304${crc16(`${body}6304`)}`;
const object = (id: string, value: string): string =>
  `${id}${String(Array.from(value).length).padStart(2, '0')}${value}`;

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof PaycodeError, String(error));
    return [error.code, error.place.tag ?? '-', error.place.offset ?? '-'].join(' ');
  }
  return 'taken';
};

for (const { text, crc, source } of vectors.crc) test(`CRC: ${source}`, () => assert.equal(crc16(text), crc));

for (const { id, text, details } of vectors.merchant)
  test(`decodes and writes again: ${id}`, () => {
    const objects = decodeMerchantCode(text);
    assert.equal(encodeMerchantCode(objects), text);
    assert.deepEqual(merchantDetails(objects), details);
    assert.deepEqual(merchantDetails(merchantObjects(merchantDetails(objects))), details);
  });

for (const { id, text, code, tag, offset } of vectors.merchantRefused)
  test(`refuses ${id}`, () => {
    assert.equal(
      refusal(() => decodeMerchantCode(text)),
      `${code} ${tag} ${offset}`,
    );
  });

const START = '0002010216SCHEME 123456789';
const REST = '5204531153031565802CN5904SHOP6007BEIJING';

for (const [what, body, wanted] of [
  ['another version', `0002020216SCHEME 123456789${REST}`, 'version-unknown 00 4'],
  ['a code that does not start with its version', `010211${START}${REST}`, 'object-missing 00 0'],
  ['a code of no account', `000201${REST}`, 'object-missing 02 54'],
  ['a code without a city', `${START}5204531153031565802CN5904SHOP`, 'object-missing 60 63'],
  ['an object twice', `${START}${REST}5904SHOP`, 'object-repeated 59 66'],
  ['an empty object', `${START}${REST}6100`, 'length-malformed 61 68'],
  ['an id of letters', `${START}${REST}X104ABCD`, 'tag-malformed - 66'],
  ['an amount with a sign', `${START}${REST}5403-12`, 'value-malformed 54 70'],
  ['an amount of nothing', `${START}${REST}54040.00`, 'value-malformed 54 70'],
  ['an amount of 14 characters', `${START}${REST}541412345678901.00`, 'length-out-of-range 54 70'],
  ['a fee nobody announced', `${START}${REST}56031.0`, 'objects-disagree 56 66'],
  ['a fixed fee that is missing', `${START}${REST}550202`, 'objects-disagree 56 66'],
  ['a percentage beside a fixed fee', `${START}${REST}55020256031.057015`, 'objects-disagree 57 79'],
  ['a percentage over 100', `${START}${REST}5502035703101`, 'value-malformed 57 76'],
  ['a template cut short', `${START}${REST}260801061234`, 'value-truncated 26.01 74'],
  ['a template without its owner', `${START}${REST}260801041234`, 'object-missing 26.00 78'],
  ['a label of 26 characters', `${START}${REST}62300726${'A'.repeat(26)}`, 'length-out-of-range 62.07 74'],
  ['a language without a name', `${START}${REST}64060002ZH`, 'object-missing 64.01 76'],
  ['a name of 26 characters', `${START}${REST}64360002ZH0126${'掌'.repeat(26)}`, 'length-out-of-range 64.01 80'],
  ['a Chinese name where only ASCII goes', `${START}5204531153031565802CN5902掌柜6007BEIJING`, 'value-malformed 59 51'],
  ['a Chinese text counted in bytes', `${START}${REST}64140002ZH0106掌柜`, 'value-truncated 64.01 80'],
] as const)
  test(`refuses ${what}`, () =>
    assert.equal(
      refusal(() => decodeMerchantCode(sealed(body))),
      wanted,
    ));

test('refuses a text without check sum, with one in the middle, in small letters, or with half a character', () => {
  const whole = sealed(`${START}${REST}`);
  assert.equal(
    refusal(() => decodeMerchantCode(whole.slice(0, -8))),
    'object-missing 63 66',
  );
  assert.equal(
    refusal(() => decodeMerchantCode(sealed(`${START}63040000${REST}`))),
    'object-repeated 63 74',
  );
  assert.equal(
    refusal(() => decodeMerchantCode(`${START}63040000${REST}`)),
    'object-misplaced 63 26',
  );
  assert.equal(
    refusal(() => decodeMerchantCode(`${whole.slice(0, -4)}abcd`)),
    'crc-mismatch 63 70',
  );
  assert.equal(
    refusal(() => decodeMerchantCode(`${whole}\ud800`)),
    'text-malformed - -',
  );
  assert.equal(
    refusal(() => decodeMerchantCode('0'.repeat(513))),
    'too-long - 512',
  );
});

test('lengths count characters, not bytes and not halves of a character', () => {
  const text = sealed(`${START}${REST}${object('64', `0002ZH${object('01', '掌柜𠮷')}`)}`);
  assert.equal(encodeMerchantCode(decodeMerchantCode(text)), text);
  assert.equal(merchantDetails(decodeMerchantCode(text)).local?.merchantName, '掌柜𠮷');
});

const details = {
  accounts: [{ id: '02', value: '4000123456789012' }],
  merchantCategoryCode: '5411',
  currency: '156',
  countryCode: 'CN',
  merchantName: 'ZHANGGUI',
  merchantCity: 'HANGZHOU',
} as const;

test('what the rules do not allow is not written', () => {
  for (const [change, wanted] of [
    [{ amount: '1,00' }, 'value-malformed'],
    [{ merchantName: 'A'.repeat(26) }, 'length-out-of-range'],
    [{ merchantName: '' }, 'length-out-of-range'],
    [{ additional: { billNumber: '掌柜' } }, 'value-malformed'],
    [{ accounts: [] }, 'object-missing'],
    [{ accounts: [{ id: '26', owner: 'a'.repeat(33), objects: [] }] }, 'length-out-of-range'],
    [{ accounts: [{ id: '26', value: 'cn.example' }] }, 'value-malformed'],
    [{ others: [{ id: '63', value: 'FFFF' }] }, 'object-misplaced'],
    [{ others: [{ id: '59', value: 'TWICE' }] }, 'object-repeated'],
    [{ others: [{ id: 'x', value: 'y' }] }, 'tag-malformed'],
  ] as const)
    assert.match(
      refusal(() => encodeMerchantCode(merchantObjects({ ...details, ...change }))),
      new RegExp(`^${wanted} `),
    );
});

const ansText = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength,
  });
const anyText = (maxLength: number): fc.Arbitrary<string> => fc.string({ unit: 'binary', minLength: 1, maxLength });
const named = (id: string, value: fc.Arbitrary<string>): fc.Arbitrary<MerchantObject> =>
  value.map((text) => ({ id, value: text }));
const idBetween = (from: number, to: number): fc.Arbitrary<string> =>
  fc.integer({ min: from, max: to }).map((id) => String(id).padStart(2, '0'));
const template = (
  ids: fc.Arbitrary<string>,
  ...inside: readonly fc.Arbitrary<MerchantObject>[]
): fc.Arbitrary<MerchantObject> => fc.tuple(ids, fc.tuple(...inside)).map(([id, objects]) => ({ id, objects }));
const owned = (ids: fc.Arbitrary<string>): fc.Arbitrary<MerchantObject> =>
  template(ids, named('00', ansText(20)), named('05', anyText(20)));
const required: readonly MerchantObject[] = merchantObjects(details);
const optional = fc.uniqueArray(
  fc.oneof(
    named('54', fc.constantFrom('1', '0.01', '23.72', '100.')),
    named('61', ansText(10)),
    idBetween(3, 25).chain((id) => named(id, ansText(20))),
    owned(idBetween(26, 51)),
    owned(idBetween(80, 99)),
    idBetween(65, 79).chain((id) => named(id, anyText(20))),
    template(fc.constant('62'), named('01', ansText(25)), named('30', anyText(9))),
    template(fc.constant('64'), named('00', fc.constant('zh')), named('01', anyText(25)), named('07', anyText(9))),
  ),
  { selector: ({ id }) => id, maxLength: 6 },
);
const codes = optional.chain((objects) =>
  fc.shuffledSubarray([...required, ...objects], { minLength: required.length + objects.length }),
);

test('objects in any order, known or not, come back as they were written', () => {
  fc.assert(
    fc.property(codes, (objects) => assert.deepEqual(decodeMerchantCode(encodeMerchantCode(objects)), objects)),
  );
});

test('a text that was changed and sealed again is refused, or written again sign for sign', () => {
  const damage = fc.tuple(fc.nat(), fc.constantFrom('0', '1', '9', 'A', '掌', '', '00', '𠮷'), fc.boolean());
  fc.assert(
    fc.property(codes, fc.array(damage, { minLength: 1, maxLength: 3 }), (objects, damages) => {
      const characters = Array.from(encodeMerchantCode(objects).slice(0, -8));
      for (const [at, sign, isInserted] of damages) characters.splice(at % characters.length, isInserted ? 0 : 1, sign);
      const text = sealed(characters.join(''));
      const outcome = refusal(() => assert.equal(encodeMerchantCode(decodeMerchantCode(text)), text));
      assert.notEqual(outcome.split(' ')[0], 'crc-mismatch');
    }),
    { numRuns: 1000 },
  );
});

test('one character read wrong never passes', () => {
  fc.assert(
    fc.property(codes, fc.nat(), ansText(1), (objects, at, sign) => {
      const characters = Array.from(encodeMerchantCode(objects));
      const index = at % characters.length;
      fc.pre(characters[index] !== sign && characters[index]?.length === 1 && (characters[index] ?? '') < '\x7f');
      characters[index] = sign;
      assert.notEqual(
        refusal(() => decodeMerchantCode(characters.join(''))),
        'taken',
      );
    }),
  );
});
