import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import { cvv } from '@zhanggui/card-crypto';
import { freshState, type IccState } from '@zhanggui/icc';
import { isLuhnValid } from '@zhanggui/ids';
import { BIN_TABLE, cardReader, issueCard, issueDeck, mintBank, SANDBOX_CARDS, terminalParameters } from './index.ts';

const bank = await mintBank({ random: (bytes) => new Uint8Array(bytes).fill(0x3a) });
const deck = await issueDeck(bank, { today: '261122' });

test('every card of the deck is a marked test card under a test BIN with a valid check digit', () => {
  assert.equal(deck.length, SANDBOX_CARDS.length);
  assert.equal(new Set(deck.map(({ pan }) => pan)).size, deck.length);
  for (const card of deck) {
    assert.ok(card.sandbox && isLuhnValid(card.pan));
    assert.ok(BIN_TABLE.some((row) => card.pan.startsWith(row.bin) && card.pan.length === row.panLength));
    assert.ok(card.track2.length <= 37);
  }
});

test('the stripe carries the verification value of its own service code, the chip another one', () => {
  for (const card of deck) {
    const value = cvv({
      key: fromHex(bank.keys.cvk),
      pan: card.pan,
      expiry: card.expiry,
      serviceCode: card.serviceCode,
    });
    assert.equal(card.track2, `${card.pan}=${card.expiry}${card.serviceCode}0000000${value}`);
    assert.equal(card.serviceCode, card.chip ? '620' : '520');
  }
});

test('expiry is counted from the day of minting', () => {
  assert.equal(deck.find(({ id }) => id === 'debit')?.expiry, '3011');
  assert.equal(deck.find(({ id }) => id === 'credit-expired')?.expiry, '2609');
});

test('bank and cards are JSON', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(bank)), bank);
  const kept = JSON.parse(JSON.stringify(deck));
  assert.equal(JSON.stringify(kept), JSON.stringify(deck));
});

test('a PAN that is not a test PAN is not issued', async () => {
  const order = { id: 'x', expiry: '3012', cardholder: 'X', kind: 'debit', label: { zh: '测试', en: 'Test' } } as const;
  await assert.rejects(issueCard(bank, { ...order, pan: '6225000000000000017' }), RangeError);
  await assert.rejects(issueCard(bank, { ...order, pan: '4111111111111111' }), RangeError);
});

test('a terminal learns UnionPay\u2019s applications and this bank\u2019s own authority', () => {
  const { aids, capks } = terminalParameters(bank);
  assert.deepEqual(
    aids.map(({ aid }) => aid.slice(-2)),
    ['01', '02', '03', '06'],
  );
  assert.deepEqual(
    capks.map((row) => [row.rid, row.index, row.algorithm === 'rsa' ? row.key.modulus.length : row.key.length]),
    [
      ['A000000333', 'F0', 144],
      ['A000000333', 'F1', 65],
    ],
  );
});

test('a reader keeps what outlives the power before the card answers, and nothing else', async () => {
  const chip = deck[0]?.chip;
  assert.ok(chip);
  const kept: IccState[] = [];
  const reader = cardReader(chip, freshState(chip), (state) => {
    kept.push(state);
  });
  await reader.reset();
  await reader.transmit(fromHex('00A4040008A00000033301010100'));
  assert.equal(kept.length, 0);
  const answer = await reader.transmit(fromHex('80A80000078305E068C8015600'));
  assert.equal(hex(answer.slice(-2)), '9000');
  assert.equal(kept.length, 1);
  assert.equal(kept[0]?.memories.A000000333010101?.atc, 1);
  assert.equal(kept[0]?.session, undefined);
});
