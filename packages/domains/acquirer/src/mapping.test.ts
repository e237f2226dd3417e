import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import { reversalOf } from '@zhanggui/interchange-link';
import { decodePosFrame, fixedText, interchange, interchangeField60, unionPayPos } from '@zhanggui/iso8583';
import { epochMs } from '@zhanggui/time';
import { cardOf } from './card.ts';
import { kindOf, kinds, lacks } from './kinds.ts';
import { voidRefusal } from './original.ts';
import { type PosMessage, posAnswer, shapeOf } from './pos.ts';
import type { TransactionRecord } from './records.ts';
import { createSettlementDates } from './settlement-dates.ts';
import { saleRequest, voidRequest } from './testing/requests.ts';
import { upstreamRequest } from './upstream.ts';

type Dump = { name: string; frame: string; mti: string };
const { messages } = JSON.parse(
  readFileSync(new URL('../../../../spec-vectors/unionpay-pos.json', import.meta.url), 'utf8'),
) as { messages: Dump[] };

const bodyOf = (name: string): Uint8Array => {
  const dump = messages.find((message) => message.name === name);
  assert.ok(dump, name);
  return decodePosFrame(fromHex(dump.frame)).body;
};

const terminal = {
  terminalId: '00000026',
  merchantId: '852331059980072',
  mcc: '5311',
  nameField: fixedText('掌柜便利店', 40),
  batch: '000015',
  isOpen: true,
  keys: undefined,
};

const upstreamOf = (request: PosMessage) => {
  const card = cardOf(request);
  assert.ok(card);
  return upstreamRequest('sale', request, {
    institution: '48523310',
    terminal,
    card,
    stamp: { mmddhhmmss: '1201215343', hhmmss: '215343', mmdd: '1201' },
    rrn: '290983153438',
    stan: '001082',
    original: undefined,
  });
};

test('the dumped sale is known as one, is complete, and its card is read from the track', () => {
  const request = unionPayPos.decode(bodyOf('jiso-0200'));
  assert.equal(kindOf(request), 'sale');
  assert.equal(lacks(request, kinds.sale.mandatory), false);
  assert.deepEqual(cardOf(request), { pan: '6226097806938388', expiry: '491C', panSequence: undefined });
});

test('the dumped sale in the centre\u2019s dialect encodes, says how the card was read, and holds no PIN block yet', () => {
  const { mti, fields } = upstreamOf(unionPayPos.decode(bodyOf('jiso-0200')));
  assert.equal(mti, '0200');
  assert.equal(fields[52], undefined);
  assert.equal(fields[35], '6226097806938388=491C8C34=B509A8C85E9');
  const view = interchangeField60.decode(fields[60] ?? '');
  assert.equal(fields[60]?.length, 27);
  assert.equal(view.readingCapability, '5');
  assert.equal(view.chipCondition, '0');
  assert.equal(view.terminalType, '03');
  assert.equal(view.medium, '1');
  const readable = { mti, fields: { ...fields, 14: '4912' } };
  assert.deepEqual({ ...interchange.decode(interchange.encode(readable)).fields }, definedOnly(readable.fields));
});

const definedOnly = (fields: object) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

test('the reversal of a request points at it and repeats neither track nor PIN', () => {
  const request = upstreamOf(unionPayPos.decode(bodyOf('jiso-0200')));
  const { mti, fields } = reversalOf({ mti: request.mti, fields: { ...request.fields, 52: new Uint8Array(8) } });
  assert.equal(mti, '0420');
  assert.equal(fields[90], '020000108212012153430004852331000048523310');
  assert.equal(fields[60]?.slice(0, 4), '4351');
  assert.equal(fields[37], request.fields[37]);
  for (const field of [26, 35, 36, 52, 53] as const) assert.equal(fields[field], undefined);
});

for (const { name, mti } of messages.filter(({ mti }) => mti === '0210' || mti === '0410'))
  test(`an answer has the fields and the bytes of the dumped ${name}`, () => {
    const dumped = unionPayPos.decode(bodyOf(name));
    const { 3: _3, 4: _4, 11: _11, 23: _23, 25: _25, 41: _41, 42: _42, 49: _49, 60: _60, ...own } = dumped.fields;
    const request = { mti: `0${mti[1]}00`, fields: dumped.fields };
    const answer = posAnswer(request, shapeOf(request.mti), own);
    assert.equal(hex(unionPayPos.encode(answer)), hex(unionPayPos.encode(dumped)));
  });

test('a void finds a sale that is approved, of its batch, not voided, not reversed, of the same amount', () => {
  const sale = { mti: '0210', fields: { ...saleRequest().fields, 37: '327000000001' } };
  const request = voidRequest(sale);
  const key = { terminalId: '00000001', batch: '000001', stan: sale.fields[11] ?? '' };
  const record: TransactionRecord = {
    kind: 'sale',
    amountMinor: 1234n,
    rrn: '327000000001',
    code: '00',
    authCode: 'A1B2C3',
    transmittedAt: '0511234203',
    upstreamStan: '000001',
    reversal: new Uint8Array(),
    voidedBy: null,
    reversedAt: null,
    reversalReason: null,
    receivedAt: 0n,
    answeredAt: 0n,
  };
  const code = (changes: Partial<TransactionRecord>, original = key) =>
    voidRefusal(request, original, { ...record, ...changes })?.code;
  assert.equal(code({}), undefined);
  assert.equal(code({ voidedBy: request.fields[11] ?? '' }), undefined);
  assert.equal(code({}, { ...key, batch: '000002' }), '25');
  assert.equal(voidRefusal(request, key, undefined)?.code, '25');
  assert.equal(code({ rrn: '327000000002' }), '25');
  assert.equal(code({ rrn: null }), '25');
  assert.equal(code({ kind: 'balance' }), '12');
  assert.equal(code({ code: '51' }), '25');
  assert.equal(code({ code: null }), '25');
  assert.equal(code({ reversedAt: 1n }), '25');
  assert.equal(code({ voidedBy: '000099' }), '12');
  assert.equal(code({ amountMinor: 1235n }), '64');
});

test('after a cut-over both settlement dates are open until the grace is over', () => {
  let time = epochMs(0);
  const dates = createSettlementDates(() => time, 1000);
  dates.learn('0511');
  time = epochMs(1000);
  dates.learn('0512');
  dates.learn('0511');
  assert.deepEqual(dates.open(), ['0512', '0511']);
  time = epochMs(2001);
  assert.deepEqual(dates.open(), ['0512']);
});

test('a host that has just started does not refuse a reversal for its date: the day may have turned while it was away', () => {
  let time = epochMs(0);
  const dates = createSettlementDates(() => time, 1000);
  dates.learn('0512');
  assert.deepEqual(dates.open(), []);
  time = epochMs(1000);
  assert.deepEqual(dates.open(), ['0512']);
});
