import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ascii, concat, fromHex, hex } from '@zhanggui/bytes';
import fc from 'fast-check';
import institutions from '../../../../spec-vectors/interchange.json' with { type: 'json' };
import terminals from '../../../../spec-vectors/unionpay-pos.json' with { type: 'json' };
import {
  answerInterchangeHeader,
  answerTpdu,
  CodecError,
  decodeInterchangeFrame,
  decodePosFrame,
  encodeInterchangeFrame,
  encodePosFrame,
  fixedText,
  type InterchangeFields,
  interchange,
  interchangeHeader,
  interchangeMacInput,
  posMac,
  posMacInput,
  unionPayPos,
} from './index.ts';

const identicalOrCodecError = (bytes: Uint8Array, again: (bytes: Uint8Array) => Uint8Array): void => {
  try {
    assert.equal(hex(again(bytes)), hex(bytes));
  } catch (error) {
    assert.ok(error instanceof CodecError, String(error));
  }
};

for (const { name, frame, tpdu, header } of terminals.messages) {
  test(`the terminal frame ${name} parts into TPDU, header and body, and joins again`, () => {
    const parts = decodePosFrame(fromHex(frame));
    assert.equal(parts.tpdu.id + parts.tpdu.destination + parts.tpdu.source, tpdu);
    assert.equal(Object.values(parts.header).join(''), header);
    assert.equal(parts.lineInformation, undefined);
    assert.equal(hex(encodePosFrame(parts)), frame);
  });
}

test('an answer goes back to the address its request came from', () => {
  assert.deepEqual(answerTpdu({ id: '60', destination: '0003', source: '0501' }), {
    id: '60',
    destination: '0501',
    source: '0003',
  });
});

test('line information of an access controller is read and kept', () => {
  const frame = fromHex(
    '6000030000 4C5249001C 0755888866660000 0755123456780000 580009490006 010203040506 603100310000 0820',
  );
  const parts = decodePosFrame(frame);
  assert.equal(parts.lineInformation?.callerNumber, '0755888866660000');
  assert.equal(parts.lineInformation?.calledNumber, '0755123456780000');
  assert.equal(hex(parts.body), '0820');
  assert.equal(hex(encodePosFrame(parts)), hex(frame));
});

test('a terminal frame too short for its header is refused', () => {
  assert.throws(() => decodePosFrame(fromHex('6000030000 60310031')), CodecError);
  assert.throws(() => decodePosFrame(fromHex('6000030000 4C5249001C 075588886666')), CodecError);
});

test('arbitrary terminal frames join to the same bytes or throw CodecError', () => {
  const marked = fc.uint8Array({ maxLength: 60 }).map((rest) => concat(fromHex('6000030000 4C5249001C'), rest));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), marked), (bytes) =>
      identicalOrCodecError(bytes, (frame) => encodePosFrame(decodePosFrame(frame))),
    ),
  );
});

for (const { name, hex: head, bodyBytes, decoded } of institutions.headers) {
  test(`the institution header ${name} parts and joins again`, () => {
    const frame = concat(fromHex(head), new Uint8Array(bodyBytes));
    const { header, body } = decodeInterchangeFrame(frame);
    assert.deepEqual(header, decoded);
    assert.equal(body.length, bodyBytes);
    assert.equal(hex(encodeInterchangeFrame({ header, body })), hex(frame));
  });
}

test('an institution answers with the header of the request, turned round', () => {
  const request = { ...interchangeHeader({ destination: '00010000', source: '92250000' }), batch: 7, userInfo: 1 };
  assert.deepEqual(answerInterchangeHeader(request), { ...request, destination: '92250000', source: '00010000' });
});

test('arbitrary institution frames join to the same bytes or throw CodecError', () => {
  const nearly = fc.tuple(fc.nat(50), fc.nat(255)).map(([place, value]) => {
    const frame = encodeInterchangeFrame({
      header: interchangeHeader({ destination: '00010000', source: '92250000' }),
      body: fromHex('30383230'),
    });
    frame[place] = value;
    return frame;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), nearly), (bytes) =>
      identicalOrCodecError(bytes, (frame) => encodeInterchangeFrame(decodeInterchangeFrame(frame))),
    ),
  );
});

for (const { name, body, macInput, mac } of terminals.macs) {
  test(`the MAC of terminal message ${name} covers everything before field 64`, () => {
    assert.equal(hex(posMacInput(fromHex(body))), macInput);
    assert.equal(ascii(posMac(fromHex(body))), mac);
  });
}

test('a message without field 64 has no MAC input', () => {
  const body = unionPayPos.encode({
    mti: '0820',
    fields: { 41: '00000001', 42: '123456789012345', 60: '00000001301' },
  });
  assert.throws(
    () => posMacInput(body),
    (error) => error instanceof CodecError && error.code === 'field-missing',
  );
});

for (const { name, mti, fields, mab } of institutions.macs) {
  test(`the MAC input between institutions of ${name} is ${mti} and its fields`, () => {
    const numbered: InterchangeFields = fields;
    assert.equal(ascii(interchangeMacInput({ mti, fields: numbered })), mab);
  });
}

test('text for a fixed field is filled or cut between characters', () => {
  assert.equal(fixedText('掌柜', 6), '掌柜  ');
  assert.equal(fixedText('掌柜', 3), '掌 ');
  assert.equal(fixedText('', 2), '  ');
  assert.equal(interchange.encode({ mti: '0200', fields: { 43: fixedText('掌柜小店', 40) } }).length, 4 + 8 + 40);
});
