import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hex } from '@zhanggui/bytes';
import { field54, interchange } from '@zhanggui/iso8583';
import { pan } from '@zhanggui/secret';
import { decodeTlv, findTag } from '@zhanggui/tlv';
import { issuerAuthentication, openTestWorld, type TestWorld } from './test-world.ts';

let world: TestWorld;
before(async () => {
  world = await openTestWorld();
});
after(async () => {
  const books = await world.issuer.books();
  await world.close();
  assert.deepEqual([books.isBalanced, books.unproven], [true, []], 'the books balance after every test');
});

test('a debit card pays at once, and the answer can be sent as it is', async () => {
  const card = await world.account('debit', 100_00n);
  const request = await world.sale(card, 60_00n);
  const answer = await world.issuer.answer(request);
  assert(answer);
  assert.deepEqual([answer.mti, answer.fields[39], answer.fields[14]], ['0210', '00', '0000']);
  assert.match(answer.fields[38] ?? '', /^\d{6}$/);
  for (const echoed of [2, 3, 4, 7, 11, 12, 13, 15, 32, 33, 37, 41, 42, 49, 100] as const) {
    assert.equal(answer.fields[echoed], request.fields[echoed], `field ${echoed}`);
  }
  assert.equal(interchange.decode(interchange.encode(answer)).mti, '0210');
  assert.equal(await world.availableMinor(card), 40_00n);
  assert.equal(await world.send(await world.sale(card, 40_01n)), '51');
});

test('a credit card takes a hold, which a void releases; a void is done once and for the whole amount', async () => {
  const card = await world.account('credit', 100_00n);
  const sale = await world.sale(card, 60_00n);
  assert.equal(await world.send(sale), '00');
  const [account] = (await world.issuer.accounts()).filter(({ accountId }) => accountId === card.accountId);
  assert.deepEqual([account?.balanceMinor, account?.heldMinor], [0n, 60_00n]);
  assert.equal(await world.send(world.voidOf(sale, { 4: '000000005999' })), '64');
  assert.equal(await world.send(world.voidOf(sale)), '00');
  assert.equal(await world.send(world.voidOf(sale)), '12');
  assert.equal(await world.availableMinor(card), 100_00n);
  assert.equal(await world.send(world.voidOf(await world.sale(card, 1n))), '25');
});

test('a balance inquiry tells what is available', async () => {
  const card = await world.account('debit', 123_45n);
  const answer = await world.issuer.answer(await world.balanceInquiry(card));
  assert.deepEqual(field54.decode(answer?.fields[54] ?? ''), [
    { accountType: '10', amountType: '02', currency: '156', sign: 'C', amount: '000000012345' },
  ]);
});

test('a repeated request gets the stored answer and moves nothing, also while the first is under way', async () => {
  const card = await world.account('debit', 100_00n);
  const request = await world.sale(card, 30_00n);
  const answers = await Promise.all([1, 2, 3].map(() => world.issuer.answer(request)));
  answers.push(await world.issuer.answer(request));
  for (const answer of answers) assert.deepEqual({ ...answer?.fields }, { ...answers[0]?.fields });
  assert.equal(await world.availableMinor(card), 70_00n);
});

test('a reversal gives the money back once, however often and under whatever number it is repeated', async () => {
  for (const kind of ['debit', 'credit'] as const) {
    const card = await world.account(kind, 100_00n);
    const sale = await world.sale(card, 30_00n);
    assert.equal(await world.send(sale), '00');
    const reversal = world.reversalOf(sale);
    const later = world.reversalOf(sale, { 7: '0511110000' });
    assert.deepEqual(await Promise.all([reversal, reversal, later, reversal].map(world.send)), [
      '00',
      '00',
      '00',
      '00',
    ]);
    assert.equal(await world.availableMinor(card), 100_00n);
    assert.equal(await world.send(sale), '94', 'the reversed request is not approved again');
  }
});

test('a reversal that comes before its request wins; one of an unknown request is answered 00', async () => {
  const card = await world.account('debit', 100_00n);
  const sale = await world.sale(card, 30_00n);
  assert.equal(await world.send(world.reversalOf(sale)), '00');
  assert.equal(await world.send(sale), '94');
  assert.equal(await world.send(sale), '94');
  const together = await world.sale(card, 30_00n);
  assert.deepEqual(await Promise.all([world.reversalOf(together), together].map(world.send)), ['00', '94']);
  assert.equal(
    await world.send(world.reversalOf({ ...sale, fields: { ...sale.fields, 2: '6225009999999993' } })),
    '00',
  );
  assert.equal(await world.availableMinor(card), 100_00n);
});

test('a reversed void brings the sale back, past the balance if need be; a reversed sale stays reversed', async () => {
  for (const kind of ['debit', 'credit'] as const) {
    const card = await world.account(kind, 100_00n);
    const sale = await world.sale(card, 80_00n);
    const undo = world.voidOf(sale);
    assert.deepEqual([await world.send(sale), await world.send(undo)], ['00', '00']);
    assert.equal(await world.send(await world.sale(card, 50_00n)), '00');
    assert.equal(await world.send(world.reversalOf(undo)), '00');
    assert.equal(await world.availableMinor(card), -30_00n);
    assert.equal(await world.send(world.reversalOf(sale)), '00');
    assert.equal(await world.availableMinor(card), 50_00n);
    assert.equal(await world.send(world.reversalOf(undo)), '00');
    assert.equal(await world.availableMinor(card), 50_00n);
  }
});

test('wrong PINs are counted over requests: 55, 55, 75, then 38 until the next day', async () => {
  const card = await world.account('debit', 100_00n);
  const wrong = { 52: await world.pinBlock(card, '654321') };
  const attempts = await Promise.all([1, 2, 3, 4].map(() => world.sale(card, 1_00n, wrong)));
  assert.deepEqual(await Promise.all(attempts.map(world.send)), ['55', '55', '75', '38']);
  assert.equal(await world.send(await world.sale(card, 1_00n)), '38');
  assert.equal(await world.send(await world.sale(card, 1_00n, { 52: new Uint8Array(8) })), '38');
  world.passTime(86_400_000);
  assert.equal(await world.send(await world.sale(card, 1_00n, { 52: new Uint8Array(8) })), '99');
  assert.equal(await world.send(await world.sale(card, 1_00n)), '00');
});

test('a lost, stolen or blocked card is answered 41, 43, 38, and works again when it is found', async () => {
  const card = await world.account('debit', 100_00n);
  for (const [status, code] of [
    ['lost', '41'],
    ['stolen', '43'],
    ['blocked', '38'],
    ['active', '00'],
  ] as const) {
    assert.equal(await world.issuer.setCardStatus({ pan: pan(card.pan), status }), true);
    assert.equal(await world.send(await world.sale(card, 1_00n)), code);
  }
});

test('a stripe is believed by its verification value, over the expiry and service code the issuer wrote', async () => {
  const card = await world.account('debit', 100_00n);
  const track = (await world.sale(card, 1_00n)).fields[35] ?? '';
  const wrongValue = `${track.slice(0, -1)}${(Number(track.slice(-1)) + 1) % 10}`;
  assert.equal(await world.send(await world.sale(card, 1_00n, { 35: wrongValue })), '59');
  assert.equal(await world.send(await world.sale(card, 1_00n, { 35: track.replace('=3012', '=3112') })), '59');
  assert.equal(await world.send(await world.sale(card, 1_00n, { 35: track.replace('=', 'D') })), '00');
  assert.equal(await world.send(await world.sale(card, 1_00n, { 35: undefined })), '30');
});

test('a chip is believed by its cryptogram over the amount asked for, once, and is answered with one of its own', async () => {
  const card = await world.account('debit', 100_00n);
  const request = await world.chipSale(card, 10_00n, { atc: 1 });
  const answer = await world.issuer.answer(request);
  assert.equal(answer?.fields[39], '00');
  const authentication = findTag(decodeTlv(answer?.fields[55] ?? new Uint8Array()), '91') ?? new Uint8Array();
  assert.equal(hex(authentication), hex(issuerAuthentication(card, request, 1)));
  assert.deepEqual((await world.issuer.answer(request))?.fields[55], answer?.fields[55], 'a repeat too');
  assert.equal(await world.send(await world.chipSale(card, 10_00n, { atc: 1 })), '59');
  const tampered = await world.issuer.answer(await world.chipSale(card, 10_00n, { atc: 2, signedMinor: 1_00n }));
  assert.deepEqual([tampered?.fields[39], tampered?.fields[55]], ['05', undefined]);
  assert.equal(await world.send(await world.chipSale(card, 999_00n, { atc: 3 })), '51');
});

test('what is not ours, not known, not offered or not whole is answered 15, 14, 40 and 30', async () => {
  const card = await world.account('debit', 100_00n);
  const request = await world.sale(card, 1_00n);
  const like = (mti: string, fields: object) => interchange.message(mti, { ...request.fields, ...fields });
  assert.equal(await world.send(like('0200', { 2: '4000000000000002' })), '15');
  assert.equal(await world.send(like('0200', { 2: '6225009999999993' })), '14');
  assert.equal(await world.send(like('0100', { 3: '030000', 25: '06' })), '40');
  assert.equal(await world.send(like('0200', { 2: undefined })), '30');
  assert.equal(await world.send(like('0420', { 90: '0200' })), '30');
  assert.equal(await world.send(like('0420', {})), '30');
});

test('many sales at once on one account stop exactly where the money ends', async () => {
  const card = await world.account('debit', 100_00n);
  const second = await world.secondCard({ accountId: card.accountId, pan: '6225009000000009' });
  const requests = await Promise.all(
    Array.from({ length: 300 }, (_, index) => world.sale(index % 2 ? card : second, 1_00n)),
  );
  const codes = await Promise.all(requests.map(world.send));
  assert.equal(codes.filter((code) => code === '00').length, 100);
  assert.equal(codes.filter((code) => code === '51').length, 200);
  assert.equal(await world.availableMinor(card), 0n);
});

test('a transaction can be followed by its retrieval reference number', async () => {
  const card = await world.account('debit', 100_00n);
  const sale = await world.sale(card, 1_00n);
  await world.send(sale);
  world.passTime(1000);
  await world.send(world.reversalOf(sale));
  const hops = await world.issuer.journey(sale.fields[37] ?? '');
  assert.deepEqual(
    hops.map(({ role, mti, code, note }) => [role, mti, code, note]),
    [
      ['issuer', '0200', '00', 'sale, reversed'],
      ['issuer', '0420', '00', 'reversal, approved'],
    ],
  );
});

test('an account or a card that exists is not made a second time', async () => {
  const card = await world.account('debit', 100_00n);
  const again = { accountId: card.accountId, kind: 'debit', holder: 'X', balanceMinor: 5n } as const;
  assert.equal(await world.issuer.openAccount(again), false);
  assert.equal(await world.issuer.issueCard({ ...card, pan: pan(card.pan), sequenceNumber: '01' }), false);
  assert.equal(await world.availableMinor(card), 100_00n);
  const listed = (await world.issuer.cards()).find(({ accountId }) => accountId === card.accountId);
  assert.equal(listed?.maskedPan, `${card.pan.slice(0, 6)}******${card.pan.slice(-4)}`);
});
