import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import {
  decodeStrictTlv,
  decodeTlv,
  dumpTlv,
  EXPLAINED_TAGS,
  encodeTlv,
  explainTag,
  readTlv,
  TlvError,
  tagName,
} from './index.ts';

const english = (tag: string, value: string): string[] =>
  (explainTag(tag, fromHex(value)) ?? []).map(({ place, en }) => `${place}: ${en}`);

for (const [tag, value, wanted] of [
  ['95', '0000048000', ['byte 3 bit 3: Online PIN entered', 'byte 4 bit 8: Transaction exceeds the floor limit']],
  ['95', '0000000000', []],
  [
    '9B',
    'E800',
    [
      'Offline data authentication was performed',
      'Cardholder verification was performed',
      'Card risk management was performed',
      'Terminal risk management was performed',
    ].map((en, index) => `byte 1 bit ${[8, 7, 6, 4][index]}: ${en}`),
  ],
  [
    '82',
    '7C00',
    [
      'Static data authentication supported',
      'Dynamic data authentication supported',
      'Cardholder verification supported',
      'Terminal risk management is to be performed',
      'Issuer authentication supported',
    ].map((en, index) => `byte 1 bit ${7 - index}: ${en}`),
  ],
  [
    '9F34',
    '420300',
    [
      'byte 1 bits 6-1: Enciphered PIN checked online',
      'byte 1 bit 7: If it fails, the next rule',
      'byte 2: Applied if the terminal supports the method',
      'byte 3: Result not known (signature, online PIN)',
    ],
  ],
  ['9F27', '80', ['byte 1 bits 8-7: ARQC: online authorisation requested']],
  ['9F07', '0080', ['byte 2 bit 8: Domestic cashback allowed']],
  [
    '9F35',
    '22',
    ['byte 1 bits 8-5: Operated by a merchant', 'byte 1 bits 4-1: Attended, offline with online capability'],
  ],
  [
    '9F6C',
    '8080',
    ['byte 1 bit 8: Online PIN required', 'byte 2 bit 8: Verification on the consumer’s device was performed'],
  ],
  [
    '9F66',
    '26000080',
    [
      'byte 1 bit 6: Contactless quick mode supported (qPBOC, qVSDC)',
      'byte 1 bit 3: Online PIN supported',
      'byte 1 bit 2: Signature supported',
      'byte 4 bit 8: fDDA version 01 supported (UnionPay)',
    ],
  ],
  ['9F49', '9F3704', ['9F37: Unpredictable number, 4 bytes']],
  ['94', '08010100', ['bytes 1-4: File 1, records 1 to 1, 0 of them authenticated offline']],
  ['9B', '0100', ['byte 1 bit 1: Reserved, yet set']],
] as const)
  test(`${tag} ${value} says ${wanted.length === 0 ? 'nothing' : wanted[0]}`, () => {
    assert.deepEqual(english(tag, value), wanted);
  });

test('a list of cardholder verification methods is amounts, then rules in their order', () => {
  assert.deepEqual(english('8E', '000003E800000000 4203 1E06 1F00'), [
    'bytes 1-4: Amount X = 1000 minor units',
    'bytes 5-8: Amount Y = 0 minor units',
    'bytes 9-10: Enciphered PIN checked online, if the terminal supports the method; if it fails, the next rule',
    'bytes 11-12: Signature, if in the application’s currency and under X; if it fails, verification has failed',
    'bytes 13-14: No verification required, always; if it fails, verification has failed',
  ]);
});

test('issuer application data is told by its form', () => {
  const formOf = (value: string): string | undefined => english('9F10', value)[0];
  assert.equal(formOf('07010103A4B902010A010000000000A1B2C3D4'), 'form: PBOC / UnionPay');
  assert.equal(formOf('06010A03A4A802'), 'form: Visa, formats 0, 1 and 3');
  assert.equal(formOf('1F220100000000000000000000000000'), 'form: Visa, format 2');
  assert.equal(formOf(`0FA501${'00'.repeat(29)}`), 'form: EMV common core definitions, format A');
  assert.equal(formOf('0110A00003220000000000000000000000FF'), 'form: M/Chip');
  assert.equal(explainTag('9F10', fromHex('0102')), undefined);
});

test('PBOC card verification results count their bytes within the whole value', () => {
  const said = english('9F10', '07010103A4B90201');
  assert.ok(said.includes('byte 5 bits 6-5: First cryptogram: ARQC'), said.join('\n'));
  assert.ok(said.includes('byte 5 bit 3: Offline PIN verification performed'));
  assert.ok(said.includes('byte 8: Algorithm: triple DES'));
});

test('every explained tag is named, and any value is explained or left alone, never thrown at', () => {
  for (const tag of EXPLAINED_TAGS) {
    assert.ok(tagName(tag) !== undefined, tag);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (value) => {
        for (const { place, en, zh } of explainTag(tag, value) ?? []) assert.ok(place && en && zh);
      }),
    );
  }
});

test('what bits mean has every set bit of it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 5, maxLength: 5 }), (value) => {
      const told = new Uint8Array(5);
      for (const { place } of explainTag('95', value) ?? []) {
        const [byte = 0, from = 0, to = from] = (place.match(/\d+/g) ?? []).map(Number);
        for (let bit = to; bit <= from; bit += 1) told[byte - 1] = (told[byte - 1] ?? 0) | (1 << (bit - 1));
      }
      assert.ok(value.every((byte, index) => (byte & ~(told[index] ?? 0)) === 0));
    }),
  );
});

test('strict bytes encode to themselves, or are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        assert.equal(hex(encodeTlv(decodeStrictTlv(bytes))), hex(bytes));
      } catch (error) {
        assert.ok(error instanceof TlvError, String(error));
      }
    }),
  );
});

for (const [text, offset] of [
  ['9A03261122 00', 5],
  ['9A8103261122', 1],
  ['00 9A03261122', 0],
] as const)
  test(`strict decoding refuses ${text}, which cards may send`, () => {
    assert.equal(decodeTlv(fromHex(text)).length, 1);
    assert.throws(
      () => decodeStrictTlv(fromHex(text)),
      (error) => error instanceof TlvError && error.code === 'not-canonical' && error.offset === offset,
    );
  });

for (const [text, tags, faults] of [
  ['FFFF 9A03261122 FF', ['9A'], []],
  ['9A8300000326112200', ['9A'], []],
  ['9A0326', ['9A'], ['value-truncated at byte 2']],
  ['9A03261122 9F', ['9A'], ['tag-truncated at byte 6']],
  ['7002FF9F', ['70'], ['tag-truncated at byte 4']],
  ['9C0100 9A80', ['9C'], ['length-unsupported at byte 4']],
] as const)
  test(`lenient reading gets ${tags.join(', ')} out of ${text}`, () => {
    const read = readTlv(fromHex(text));
    assert.deepEqual(
      read.objects.map(({ tag }) => tag),
      tags,
    );
    assert.deepEqual(
      read.faults.map(({ message }) => message),
      faults,
    );
  });

test('lenient reading never throws, and reads what is right as the strict one does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const { objects, faults } = readTlv(bytes);
      const strict = (() => {
        try {
          return decodeStrictTlv(bytes);
        } catch {
          return undefined;
        }
      })();
      if (strict === undefined || hex(bytes).includes('FFFF')) return;
      assert.deepEqual(objects, strict);
      assert.deepEqual(faults, []);
    }),
  );
});

test('a dump is a tree with names, and hides the card', () => {
  const objects = decodeTlv(fromHex('7016 5A086225000000000014 5F2002414C 95050000008000'));
  const dump = dumpTlv(objects);
  assert.equal(
    dump,
    [
      '70 [22]  记录模板  Record template',
      '  5A [8]  应用主账号  Primary account number',
      '    622500******0014',
      '  5F20 [2]  持卡人姓名  Cardholder name',
      '    ****',
      '  95 [5]  终端验证结果  Terminal verification results',
      '    0000008000',
      '    · byte 4 bit 8: 交易超过最低限额  Transaction exceeds the floor limit',
    ].join('\n'),
  );
  assert.match(dumpTlv(objects, { isUnmasked: true }), /6225000000000014[\s\S]*414C {2}"AL"/);
  assert.doesNotMatch(dumpTlv(objects, { isShort: true }), /·/);
});
