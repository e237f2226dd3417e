import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { fromHex, hex } from '@zhanggui/bytes';
import {
  recoverSmIccKey,
  recoverSmIssuerKey,
  signSmDynamicData,
  verifySmDynamicData,
  verifySmStaticData,
} from '@zhanggui/card-crypto';
import { panOf } from './deck.ts';
import { issueSmChain, mintSmBank } from './sm-chain.ts';

const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
const staticData = fromHex('5A0862250000000000147C00');

test('a terminal that knows the authority follows the chain down to a signature of the card', () => {
  const pan = panOf('debit', 1);
  const { caPublicKey, cardKey, tags } = issueSmChain(mintSmBank(random), { pan, expiry: '3012', staticData, random });
  const today = '2611';
  const issuer = recoverSmIssuerKey({ caKey: fromHex(caPublicKey), certificate: fromHex(tags['90']), pan, today });
  assert.ok(issuer.kind === 'valid');
  const given = { issuerKey: issuer.key, staticData };
  assert.equal(verifySmStaticData({ ...given, signed: fromHex(tags['93']) }).kind, 'valid');
  const icc = recoverSmIccKey({ ...given, certificate: fromHex(tags['9F46']), pan, today });
  assert.ok(icc.kind === 'valid');
  const signer = { privateKey: fromHex(cardKey), nonce: random(32).with(0, 0) };
  const terminalData = fromHex('01020304');
  const signed = signSmDynamicData({ icc: signer, iccDynamicNumber: fromHex('0102'), terminalData });
  const verdict = verifySmDynamicData({ iccKey: icc.key, signed, terminalData });
  assert.deepEqual([verdict.kind, verdict.kind === 'valid' && hex(verdict.iccDynamicNumber)], ['valid', '0102']);
});

test('a PAN of another bank gets no chain', () => {
  const order = { pan: '4111111111111111', expiry: '3012', staticData, random };
  assert.throws(() => issueSmChain(mintSmBank(random), order), RangeError);
});
