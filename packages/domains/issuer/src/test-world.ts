import assert from 'node:assert/strict';
import { concat, fromAscii, fromHex } from '@zhanggui/bytes';
import { arpc, arqc, cvv, emvSessionKey, emvUdk } from '@zhanggui/card-crypto';
import { type Hsm, memoryKeyStore, openSoftHsm } from '@zhanggui/hsm';
import { luhnCheckDigit } from '@zhanggui/ids';
import type { InterchangeMessage } from '@zhanggui/interchange-link';
import { field90, type InterchangeFields, interchange } from '@zhanggui/iso8583';
import { pan as secretPan } from '@zhanggui/secret';
import { openTestStore, type Store } from '@zhanggui/store';
import { createMetrics, silentLog } from '@zhanggui/telemetry';
import { type EpochMs, epochMs, isoFields, wallClock } from '@zhanggui/time';
import { encodeTlv } from '@zhanggui/tlv';
import { createIssuer, type Issuer, issuerKeys, migrations } from './index.ts';

export const institution = '03050001';
export const bins = ['622500', '625800'];
const acquirer = '92250000';
const pinKey = 'link.pin';
const cvk = fromHex('0123456789ABCDEFFEDCBA9876543210');
const mdk = fromHex('F0C34A8124CEE0A91A0B034AA97D6EAC');

export type TestCard = Readonly<{ pan: string; accountId: string; serviceCode: string; expiry: string; pin: string }>;
type Changes = Partial<InterchangeFields>;

/** A security module with the issuer's keys; those of card values and cryptograms are known, so that a test can be the card. */
export const openTestHsm = async (): Promise<Hsm> => {
  const hsm = openSoftHsm({ lmk: new Uint8Array(32), store: memoryKeyStore() });
  await hsm.generateKey({ ref: issuerKeys.pinVerification, use: 'pvk', bytes: 16 });
  await hsm.generateKey({ ref: issuerKeys.panHash, use: 'pan-hash', bytes: 32 });
  await hsm.generateKey({ ref: issuerKeys.panData, use: 'data', bytes: 32 });
  await hsm.generateKey({ ref: pinKey, use: 'tpk', bytes: 16 });
  await hsm.importComponents({ ref: issuerKeys.cardVerification, use: 'cvk', components: [cvk] });
  await hsm.importComponents({ ref: issuerKeys.cryptogram, use: 'mdk-ac', components: [mdk] });
  return hsm;
};

/** `through` may put a store that breaks between the issuer and the real one. */
export const openTestWorld = async (through: (store: Store) => Store = (store) => store): Promise<TestWorld> => {
  const { store, close } = await openTestStore(migrations);
  return new TestWorld({ store: through(store), hsm: await openTestHsm(), close });
};

/** An issuer on a real database and a real security module, and the acquirer's side of its conversation. */
export class TestWorld {
  readonly issuer: Issuer;
  now: EpochMs = epochMs(Date.parse('2026-05-11T10:00:00+08:00'));
  readonly #hsm: Hsm;
  readonly #close: () => Promise<void>;
  #traces = 0;
  #cards = 0;

  constructor({ store, hsm, close }: { store: Store; hsm: Hsm; close: () => Promise<void> }) {
    this.#hsm = hsm;
    this.#close = close;
    this.issuer = createIssuer({
      store,
      hsm,
      log: silentLog(),
      metrics: createMetrics(),
      clock: () => this.now,
      pinKeys: () => [pinKey],
      settings: { institution, bins },
    });
  }

  passTime(ms: number): void {
    this.now = epochMs(this.now + ms);
  }

  /** A new account with its card: `minor` is what can be spent. */
  async account(kind: 'debit' | 'credit', minor: bigint): Promise<TestCard> {
    this.#cards += 1;
    const payload = `${kind === 'debit' ? bins[0] : bins[1]}${String(this.#cards).padStart(9, '0')}`;
    const accountId = `account-${this.#cards}`;
    const money = kind === 'debit' ? { balanceMinor: minor } : { creditLimitMinor: minor };
    await this.issuer.openAccount({ accountId, kind, holder: 'ZHANG SAN', ...money });
    return this.secondCard({ accountId, pan: payload + luhnCheckDigit(payload) });
  }

  async secondCard(names: { accountId: string; pan: string }): Promise<TestCard> {
    const card = { ...names, serviceCode: '120', expiry: '3012', pin: '123456' };
    await this.issuer.issueCard({ ...card, pan: secretPan(card.pan), sequenceNumber: '01' });
    return card;
  }

  /** A stripe sale with the right PIN and verification value. */
  async sale(card: TestCard, minor: bigint, changes?: Changes): Promise<InterchangeMessage> {
    return this.#request('0200', card.pan, {
      3: '000000',
      4: amount(minor),
      35: stripeOf(card),
      52: await this.pinBlock(card, card.pin),
      ...changes,
    });
  }

  async chipSale(
    card: TestCard,
    minor: bigint,
    chip: { atc: number; signedMinor?: bigint },
  ): Promise<InterchangeMessage> {
    return this.#request('0200', card.pan, {
      3: '000000',
      4: amount(minor),
      22: '051',
      23: '001',
      52: await this.pinBlock(card, card.pin),
      55: chipField(card, { signedMinor: minor, ...chip }),
    });
  }

  async balanceInquiry(card: TestCard): Promise<InterchangeMessage> {
    const { 4: _noAmount, ...fields } = (await this.sale(card, 0n)).fields;
    return interchange.message('0200', { ...fields, 3: '300000' });
  }

  voidOf(sale: InterchangeMessage, changes?: Changes): InterchangeMessage {
    const { 2: pan = '', 4: minor, 37: rrn } = sale.fields;
    return this.#request('0200', pan, { 3: '200000', 4: minor, 22: '012', 37: rrn, 90: originalOf(sale), ...changes });
  }

  /** Its own transmission time, but the original's trace and reference numbers. */
  reversalOf(original: InterchangeMessage, changes?: Changes): InterchangeMessage {
    const { 2: pan = '', 3: processingCode, 4: minor, 11: stan, 37: rrn } = original.fields;
    const same = { 3: processingCode, 4: minor, 11: stan, 37: rrn };
    return this.#request('0420', pan, { ...same, 60: '435102000030', 90: originalOf(original), ...changes });
  }

  pinBlock(card: TestCard, pin: string): Promise<Uint8Array> {
    return this.#hsm.encryptPin({ key: pinKey, pin, pan: card.pan });
  }

  /** The answer's code, or `none` where none was given. */
  readonly send = async (message: InterchangeMessage): Promise<string> =>
    (await this.issuer.answer(message))?.fields[39] ?? 'none';

  async availableMinor({ accountId }: TestCard): Promise<bigint> {
    const found = (await this.issuer.accounts()).find((account) => account.accountId === accountId);
    assert(found);
    return found.availableMinor;
  }

  async close(): Promise<void> {
    await this.issuer.drain();
    await this.#close();
  }

  #request(mti: string, pan: string, fields: InterchangeFields): InterchangeMessage {
    this.#traces += 1;
    const local = isoFields(wallClock(this.now));
    return interchange.message(mti, {
      2: pan,
      7: local.mmddhhmmss,
      11: String(this.#traces % 1_000_000).padStart(6, '0'),
      12: local.hhmmss,
      13: local.mmdd,
      15: local.mmdd,
      18: '5411',
      22: '021',
      25: '00',
      32: acquirer,
      33: acquirer,
      37: String(this.#traces).padStart(12, '0'),
      41: '00000001',
      42: '123456789012345',
      49: '156',
      60: '000002000030',
      100: institution,
      121: '511',
      ...fields,
    });
  }
}

const amount = (minor: bigint): string => String(minor).padStart(12, '0');

const stripeOf = ({ pan, expiry, serviceCode }: TestCard): string =>
  `${pan}=${expiry}${serviceCode}0000000${cvv({ key: cvk, pan, expiry, serviceCode })}`;

const sessionKeyOf = (card: TestCard, atc: number): Uint8Array =>
  emvSessionKey({ udk: emvUdk({ mdk, pan: card.pan, psn: '01' }), atc: new Uint8Array([atc >> 8, atc & 0xff]) });

/** Field 55 as a chip card and its terminal fill it: the cryptogram is over `signedMinor`. */
const chipField = (card: TestCard, { atc, signedMinor }: { atc: number; signedMinor: bigint }): Uint8Array => {
  const signed = [
    ['9F02', amount(signedMinor)],
    ['9F03', '000000000000'],
    ['9F1A', '0156'],
    ['95', '0000000000'],
    ['5F2A', '0156'],
    ['9A', '260511'],
    ['9C', '00'],
    ['9F37', '01020304'],
    ['82', '7C00'],
    ['9F36', atc.toString(16).padStart(4, '0')],
  ].map(([tag = '', value = '']) => ({ tag, value: fromHex(value) }));
  const issuerData = fromHex('07020103A4B90401');
  const data = concat(...signed.map(({ value }) => value), issuerData.subarray(3, 7));
  const cryptogram = arqc({ sessionKey: sessionKeyOf(card, atc), data });
  return encodeTlv([{ tag: '9F26', value: cryptogram }, ...signed, { tag: '9F10', value: issuerData }]);
};

/** What the card expects in tag 91. */
export const issuerAuthentication = (card: TestCard, request: InterchangeMessage, atc: number): Uint8Array => {
  const cryptogram = request.fields[55]?.subarray(3, 11);
  assert(cryptogram);
  return concat(arpc({ sessionKey: sessionKeyOf(card, atc), arqc: cryptogram, arc: '00' }), fromAscii('00'));
};

const originalOf = ({ mti, fields }: InterchangeMessage): string =>
  field90.encode({
    mti,
    stan: fields[11] ?? '',
    transmittedAt: fields[7] ?? '',
    acquirer: fields[32] ?? '',
    forwarder: fields[33] ?? '',
  });
