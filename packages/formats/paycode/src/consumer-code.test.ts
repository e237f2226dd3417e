import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { pan, Secret } from '@zhanggui/secret';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/paycode.json' with { type: 'json' };
import {
  type CardData,
  type ConsumerObject,
  consumerDetails,
  consumerObjects,
  decodeConsumerCode,
  encodeConsumerCode,
  PaycodeError,
} from './index.ts';

const secret = (text: string): Secret<'payment-code'> => new Secret('payment-code', text);
const codeOf = (hex: string): Secret<'payment-code'> => secret(Buffer.from(hex, 'hex').toString('base64'));

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof PaycodeError, String(error));
    return [error.code, error.place.tag ?? '-', error.place.offset ?? '-'].join(' ');
  }
  return 'taken';
};

/** The details with every secret told, for comparison. */
const told = ({ pan: number, track2, cardholderName, chip, ...rest }: CardData): object => ({
  ...rest,
  ...(number && { pan: number.reveal() }),
  ...(track2 && { track2: track2.reveal() }),
  ...(cardholderName && { cardholderName: cardholderName.reveal() }),
  ...(chip && {
    chip: Object.fromEntries(chip.map((object) => [object.tag, 'value' in object ? object.value.reveal() : ''])),
  }),
});

for (const { id, base64, applications, common } of vectors.consumer)
  test(`decodes and writes again: ${id}`, () => {
    const objects = decodeConsumerCode(secret(base64));
    assert.equal(encodeConsumerCode(objects).reveal(), base64);
    const details = consumerDetails(objects);
    assert.deepEqual(
      details.applications.map(({ aid, data }) => ({ aid, ...told(data) })),
      applications,
    );
    assert.deepEqual(details.common && told(details.common), common);
    assert.equal(encodeConsumerCode(consumerObjects(details)).reveal(), base64);
  });

test('nothing of a card prints: not from the objects, not from the words, not from an error', () => {
  const [{ base64 } = { base64: '' }] = vectors.consumer;
  const objects = decodeConsumerCode(secret(base64));
  const printed = [objects, consumerDetails(objects), encodeConsumerCode(objects)]
    .map((value) => `${inspect(value, { depth: 9 })}${JSON.stringify(value)}`)
    .join();
  for (const clear of ['1234567890123458', 'CARDHOLDER', '584FD385FA234BCC', base64.slice(0, 12)])
    assert.ok(!printed.includes(clear), clear);
});

const HEAD = '85054350563031';
const APPLICATION = '61074F05A000000333';

for (const [what, hex, wanted] of [
  ['a code without its head', APPLICATION, 'object-missing 85 0'],
  ['another version', `85054350563032${APPLICATION}`, 'version-unknown 85 2'],
  ['a code of no application', HEAD, 'object-missing 61 7'],
  ['an application without a name', `${HEAD}61045002AAAA`.replace('AAAA', '4141'), 'object-missing 61.4F 13'],
  ['an identifier of four bytes', `${HEAD}61064F04A0000003`, 'value-malformed 61.4F 11'],
  ['a card number with letters', `${HEAD}610D4F05A0000003335A04622500AA`, 'value-malformed 61.5A 18'],
  ['a value cut short', `${HEAD}61074F06A000000333`, 'value-truncated 61.4F 11'],
  ['a length longer than need be', `${HEAD}6181074F05A000000333`, 'length-malformed 61 8'],
  ['a length without end', `${HEAD}61804F05A0000003330000`, 'length-malformed 61 8'],
  ['a length cut short', `${HEAD}61`, 'length-malformed 61 8'],
  ['a tag cut short', `${HEAD}${APPLICATION}9F`, 'tag-malformed - 16'],
  ['a tag number with leading zeros', `${HEAD}${APPLICATION}9F800101AA`, 'tag-malformed - 16'],
  ['a tag of five bytes', `${HEAD}${APPLICATION}9F8181810100`, 'tag-malformed - 16'],
  ['the same object twice', `${HEAD}${APPLICATION}C100C100`, 'object-repeated C1 18'],
  [
    'templates in templates without end',
    `${HEAD}${APPLICATION}620A6308620662046202620062`.slice(0, -2),
    'nested-too-deep 62.63.62.62.62 24',
  ],
] as const)
  test(`refuses ${what}`, () =>
    assert.equal(
      refusal(() => decodeConsumerCode(codeOf(hex))),
      wanted,
    ));

test('refuses base64 that could be written otherwise', () => {
  const whole = codeOf(`${HEAD}${APPLICATION}`).reveal();
  for (const text of [`${whole}\n`, `${whole} `, 'hQVDUFYwM', 'hQVDUFYwMQ', 'hQVDUFYwMR==', '=hQVDUFYwMQ='])
    assert.equal(
      refusal(() => decodeConsumerCode(secret(text))),
      'text-malformed - -',
    );
  assert.equal(
    refusal(() => decodeConsumerCode(secret('A'.repeat(516)))),
    'too-long - 512',
  );
});

test('a card in words is written as EMVCo counts it: names in ASCII, an odd card number filled with F', () => {
  const common = { pan: pan('6225000000000014000'), cardholderName: secret('LI/LEI'), lastDigits: '4000' };
  const code = encodeConsumerCode(
    consumerObjects({ applications: [{ aid: 'A000000333010101', data: { label: 'UNIONPAY' } }], common }),
  );
  const details = consumerDetails(decodeConsumerCode(code));
  assert.deepEqual(details.common && told(details.common), told(common));
  assert.match(Buffer.from(code.reveal(), 'base64').toString('hex'), /5a0a6225000000000014000f/);
  for (const data of [{ label: '银联' }, { pan: pan('12') }, { label: '' }, { lastDigits: 'abcd' }])
    assert.match(
      refusal(() => encodeConsumerCode(consumerObjects({ applications: [{ aid: 'A000000333', data }] }))),
      /^value-malformed 61/,
    );
});

test('what the rules do not allow is not written', () => {
  const primitive = (tag: string, value: string): ConsumerObject => ({ tag, value: secret(value) });
  const application: ConsumerObject = { tag: '61', objects: [primitive('4F', 'A000000333')] };
  for (const [objects, wanted] of [
    [[primitive('C1', '')], 'object-missing'],
    [[application, primitive('61', '')], 'value-malformed'],
    [[application, { tag: 'C1', objects: [] }], 'value-malformed'],
    [[application, primitive('9F', 'AA')], 'tag-malformed'],
    [[application, primitive('C1', 'A')], 'value-malformed'],
    [[application, primitive('C1', 'AA'.repeat(400))], 'too-long'],
    [[application, primitive('C1', 'AA'.repeat(600))], 'too-long'],
  ] as const)
    assert.match(
      refusal(() => encodeConsumerCode(objects)),
      new RegExp(`^${wanted}( |$)`),
    );
});

const tree = fc.letrec<{ object: ConsumerObject; list: ConsumerObject[] }>((tie) => ({
  object: fc.oneof(
    { maxDepth: 2 },
    fc
      .tuple(fc.constantFrom('9F26', 'C1', 'DF31', 'DF8129', '82'), fc.uint8Array({ maxLength: 40 }))
      .map(([tag, bytes]) => ({ tag, value: secret(Buffer.from(bytes).toString('hex').toUpperCase()) })),
    fc.record({ tag: fc.constantFrom('62', '63', '64', 'BF0C'), objects: tie('list') }),
  ),
  list: fc.uniqueArray(tie('object'), { selector: ({ tag }) => tag, maxLength: 4 }),
}));

test('any tree of objects is written and read, or refused as too long', () => {
  const application: ConsumerObject = { tag: '61', objects: [{ tag: '4F', value: secret('A000000333') }] };
  fc.assert(
    fc.property(tree.list, (objects) => {
      const outcome = refusal(() => {
        const code = encodeConsumerCode([application, ...objects]);
        assert.equal(encodeConsumerCode(decodeConsumerCode(code)).reveal(), code.reveal());
      });
      assert.ok(outcome === 'taken' || outcome.startsWith('too-long'), outcome);
    }),
  );
});

test('damaged bytes are refused, or written again letter for letter', () => {
  const seeds = vectors.consumer.map(({ base64 }) => Buffer.from(base64, 'base64'));
  const damage = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.constantFrom(...seeds), fc.array(damage, { maxLength: 4 }), fc.nat(), (seed, damages, cut) => {
      const bytes = Uint8Array.from(seed);
      for (const [at, byte] of damages) bytes[at % bytes.length] = byte;
      const code = secret(Buffer.from(cut % 3 ? bytes : bytes.subarray(0, cut % bytes.length)).toString('base64'));
      refusal(() => assert.equal(encodeConsumerCode(decodeConsumerCode(code)).reveal(), code.reveal()));
    }),
    { numRuns: 2000 },
  );
});
