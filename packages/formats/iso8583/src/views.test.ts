import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import terminals from '../../../../spec-vectors/unionpay-pos.json' with { type: 'json' };
import {
  CodecError,
  codeTexts,
  type DeliveredKey,
  entryMode,
  field54,
  field90,
  interchangeField60,
  isReversalDone,
  pointOfService,
  posField44,
  posField60,
  posField61,
  processingCode,
  RESPONSE_CODES,
  responseCode,
  signInKeys,
} from './index.ts';

const refuses = (run: () => unknown) => assert.throws(run, CodecError);

test('field 60 of a terminal may end after any part but the first two', () => {
  for (const text of ['22000001', '00000001004', '2200000700050', '22000015000501']) {
    assert.equal(posField60.encode(posField60.decode(text)), text);
  }
  assert.deepEqual(posField60.decode('2200000700050'), {
    messageType: '22',
    batch: '000007',
    managementCode: '000',
    readingCapability: '5',
    chipCondition: '0',
  });
  refuses(() => posField60.decode('220000'));
  refuses(() => posField60.decode('2200000700'));
  refuses(() => posField60.encode({ messageType: '22', batch: '7' }));
});

test('parts left out before a given one are zeros', () => {
  assert.equal(posField60.encode({ messageType: '22', batch: '000007', chipCondition: '1' }), '2200000700001');
});

test('field 61 of a void names batch and trace number of the original', () => {
  assert.equal(posField61.encode({ batch: '000007', stan: '000134' }), '000007000134');
  assert.deepEqual(posField61.decode('0000070001340428'), { batch: '000007', stan: '000134', date: '0428' });
});

test('field 44 of an answer names issuer and acquirer', () => {
  const text = '03080000   48520000   ';
  assert.deepEqual(posField44.decode(text), { issuer: '03080000', acquirer: '48520000' });
  assert.equal(posField44.encode(posField44.decode(text)), text);
});

test('field 60 between institutions is read whatever its length', () => {
  for (const text of ['000005000100000000004021002', '000005000100000000004021002000', '00000500030000', '0000']) {
    assert.equal(interchangeField60.encode(interchangeField60.decode(text)), text);
  }
  const view = interchangeField60.decode('000005000100000000004021002000');
  assert.equal(view.readingCapability, '5');
  assert.equal(view.terminalType, '01');
  assert.equal(view.macAlgorithm, '004');
});

test('field 90 fills institution codes with zeros and takes them off again', () => {
  const text = '020000001205112342030009201000000000010000';
  const view = field90.decode(text);
  assert.deepEqual(view, {
    mti: '0200',
    stan: '000012',
    transmittedAt: '0511234203',
    acquirer: '92010000',
    forwarder: '00010000',
  });
  assert.equal(field90.encode(view), text);
  refuses(() => field90.decode(text.slice(1)));
});

test('field 54 lists balances', () => {
  const text = '1002156C0000000123451001156D000000000001';
  const balances = field54.decode(text);
  assert.equal(balances[0]?.amount, '000000012345');
  assert.equal(balances[1]?.sign, 'D');
  assert.equal(field54.encode(balances), text);
  refuses(() => field54.decode('1002156X000000012345'));
});

const shown = (key: DeliveredKey | undefined) =>
  key && { cryptogram: hex(key.cryptogram), checkValue: hex(key.checkValue) };

for (const { name, f62, pin, mac, track } of terminals.signInKeys) {
  test(`the sign-in keys ${name} part by purpose and join again`, () => {
    const keys = signInKeys.decode(fromHex(f62));
    assert.deepEqual(shown(keys.pin), pin);
    assert.deepEqual(shown(keys.mac), mac);
    assert.deepEqual(shown(keys.track), track);
    assert.equal(hex(signInKeys.encode(keys)), f62);
  });
}

test('sign-in keys of another length are refused', () => {
  refuses(() => signInKeys.decode(new Uint8Array(39)));
  refuses(() =>
    signInKeys.encode({
      pin: { cryptogram: new Uint8Array(16), checkValue: new Uint8Array(8) },
      mac: { cryptogram: new Uint8Array(8), checkValue: new Uint8Array(4) },
    }),
  );
});

test('every response code has a text in both languages, and an unknown one says so', () => {
  for (const [code, { zh, en }] of Object.entries(RESPONSE_CODES)) {
    assert.match(code, /^[0-9A-Z]{2}$/);
    assert.ok(zh.length > 0 && en.length > 0);
  }
  assert.equal(responseCode('51').zh, '余额不足');
  assert.equal(responseCode('ZZ').zh, '交易失败');
});

test('a terminal signs in again on a wrong batch, PIN format or MAC', () => {
  const codes = Object.keys(RESPONSE_CODES).filter((code) => responseCode(code).signInAgain);
  assert.deepEqual(codes.toSorted(), ['77', '99', 'A0']);
});

test('a reversal of what never arrived is done', () => {
  assert.deepEqual(['00', '12', '25', '96'].map(isReversalDone), [true, true, true, false]);
});

test('a processing code says what is done, from which account to which', () => {
  const view = processingCode.decode('311030');
  assert.deepEqual(view, { transaction: '31', fromAccount: '10', toAccount: '30' });
  assert.equal(processingCode.encode(view), '311030');
  assert.equal(codeTexts.transaction(view.transaction).en, 'Balance inquiry');
  assert.equal(codeTexts.account(view.fromAccount).zh, '储蓄账户');
  refuses(() => processingCode.decode('31103'));
});

test('field 22 says how the card was read, in the 1987 and in the 1993 edition', () => {
  assert.deepEqual(entryMode.decode('051'), { reading: '05', pin: '1' });
  assert.equal(codeTexts.reading('05').zh, '接触式芯片');
  const view = pointOfService.decode('21120121014C');
  assert.equal(view.readingCapability, '2');
  assert.equal(view.cardholderPresent, '0');
  assert.equal(view.pinDigitsMax, 'C');
  assert.equal(pointOfService.encode(view), '21120121014C');
});

test('field 25 has a text, and an unknown code says so', () => {
  assert.equal(codeTexts.condition('06').en, 'Pre-authorisation');
  assert.equal(codeTexts.condition('99').en, 'Unknown');
});
