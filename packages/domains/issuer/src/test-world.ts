import assert from 'node:assert/strict';
import { concat, fromAscii, fromHex } from '@zhanggui/bytes';
import { arpc, arqc, cvv, emvSessionKey, emvUdk } from '@zhanggui/card-crypto';
import { memoryKeyStore, openSoftHsm } from '@zhanggui/hsm';
import { luhnCheckDigit } from '@zhanggui/ids';
import type { InterchangeMessage } from '@zhanggui/interchange-link';
import { field90, interchange, type InterchangeFields } from '@zhanggui/iso8583';
import { pan as secretPan } from '@zhanggui/secret';
import { openTestStore, type Store } from '@zhanggui/store';
import { createMetrics, silentLog } from '@zhanggui/telemetry';
import { type EpochMs, epochMs, isoFields, wallClock } from '@zhanggui/time';
import { encodeTlv } from '@zhanggui/tlv';
import { createIssuer, type Issuer, issuerKeys, migrations } from './index.ts';

const institution = '03050001';
const acquirer = '92250000';
const testKeys = {
  cvk: fromHex('0123456789ABCDEFFEDCBA9876543210'),
  mdk: fromHex('F0C34A8124CEE0A91A0B034AA97D6EAC'),
};

export type TestCard = Readonly<{ pan: string; accountId: string; serviceCode: string; expiry: string; pin: string }>;
type Changes = Partial<InterchangeFields>;

/** An issuer on a real database and a real security module, and the acquirer's side of its conversation. */
export interface TestWorld {
  issuer: Issuer;
  clock: { now: EpochMs };
  account(kind: 'debit' | 'credit', minor: bigint): Promise<TestCard>;
  /** A stripe sale with the right PIN and verification value. */
  sale(card: TestCard, minor: bigint, changes?: Changes): Promise<InterchangeMessage>;
  chipSale(card: TestCard, minor: bigint, chip: { atc: number; signedMinor?: bigint }): Promise<InterchangeMessage>;
  balanceInquiry(card: TestCard): Promise<InterchangeMessage>;
  voidOf(sale: InterchangeMessage, changes?: Changes): InterchangeMessage;
  reversalOf(request: InterchangeMessage, changes?: Changes): InterchangeMessage;
  pinBlock(card: TestCard, pin: string): Promise<Uint8Array>;
  answerCryptogram(card: TestCard, request: InterchangeMessage, code: string): Uint8Array;
  /** The answer's code, or `none` where none was given. */
  send(message: InterchangeMessage): Promise<string>;
  availableMinor(card: TestCard): Promise<bigint>;
  close(): Promise<void>;
}

/** `through` may put a store that breaks between the issuer and the real one. */
export const openTestWorld = async (through: (store: Store) => Store = (store) => store): Promise<TestWorld> => {
  const { store, close } = await openTestStore(migrations);
  const hsm = openSoftHsm({ lmk: new Uint8Array(32), store: memoryKeyStore() });
  await hsm.generateKey({ ref: issuerKeys.pinVerification, use: 'pvk', bytes: 16 });
  await hsm.generateKey({ ref: issuerKeys.panHash, use: 'pan-hash', bytes: 32 });
  await hsm.generateKey({ ref: issuerKeys.panData, use: 'data', bytes: 32 });
  await hsm.generateKey({ ref: 'link.pin', use: 'tpk', bytes: 16 });
  await hsm.importComponents({ ref: issuerKeys.cardVerification, use: 'cvk', components: [testKeys.cvk] });
  await hsm.importComponents({ ref: issuerKeys.cryptogram, use: 'mdk-ac', components: [testKeys.mdk] });

  const clock = { now: epochMs(Date.parse('2026-05-11T10:00:00+08:00')) };
  const issuer = createIssuer({
    store: through(store),
    hsm,
    log: silentLog(),
    metrics: createMetrics(),
    clock: () => clock.now,
    pinKeys: () => ['link.pin'],
    settings: { institution, bins: ['622500', '625800'] },
  });
  let trace = 0;
  let cards = 0;

  const pinBlock = (card: TestCard, pin: string) => hsm.encryptPin({ key: 'link.pin', pin, pan: card.pan });

  const request = (mti: string, card: { pan: string }, fields: InterchangeFields): InterchangeMessage => {
    trace += 1;
    const local = isoFields(wallClock(clock.now));
    const stan = String(trace % 1_000_000).padStart(6, '0');
    return interchange.message(mti, {
      2: card.pan,
      7: local.mmddhhmmss,
      11: stan,
      12: local.hhmmss,
      13: local.mmdd,
      15: local.mmdd,
      18: '5411',
      22: '021',
      25: '00',
      32: acquirer,
      33: acquirer,
      37: String(trace).padStart(12, '0'),
      41: '00000001',
      42: '123456789012345',
      49: '156',
      60: '000002000030',
      100: institution,
      121: '511',
      ...fields,
    });
  };

  const stripe = async (card: TestCard): Promise<InterchangeFields> => {
    const { pan, expiry, serviceCode } = card;
    const value = cvv({ key: testKeys.cvk, pan, expiry, serviceCode });
    return { 35: `${pan}=${expiry}${serviceCode}0000000${value}`, 52: await pinBlock(card, card.pin) };
  };

  const amount = (minor: bigint): string => String(minor).padStart(12, '0');

  const sessionKey = (card: TestCard, atc: number): Uint8Array =>
    emvSessionKey({ udk: emvUdk({ mdk: testKeys.mdk, pan: card.pan, psn: '01' }), atc: atcBytes(atc) });

  return {
    issuer,
    clock,
    pinBlock,
    account: async (kind, minor) => {
      cards += 1;
      const payload = `${kind === 'debit' ? '622500' : '625800'}${String(cards).padStart(9, '0')}`;
      const pan = payload + luhnCheckDigit(payload);
      const card = { pan, accountId: `account-${cards}`, serviceCode: '120', expiry: '3012', pin: '123456' };
      const money = kind === 'debit' ? { balanceMinor: minor } : { creditLimitMinor: minor };
      await issuer.openAccount({ accountId: card.accountId, kind, holder: 'ZHANG SAN', ...money });
      await issuer.issueCard({ ...card, pan: secretPan(pan), sequenceNumber: '01' });
      return card;
    },
    sale: async (card, minor, changes) =>
      request('0200', card, { 3: '000000', 4: amount(minor), ...(await stripe(card)), ...changes }),
    chipSale: async (card, minor, { atc, signedMinor = minor }) => {
      const terminalData = [
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
      const data = concat(...terminalData.map(({ value }) => value), issuerData.subarray(3, 7));
      const cryptogram = arqc({ sessionKey: sessionKey(card, atc), data });
      const field55 = [...terminalData, { tag: '9F10', value: issuerData }, { tag: '9F26', value: cryptogram }];
      return request('0200', card, {
        3: '000000',
        4: amount(minor),
        22: '051',
        23: '001',
        52: await pinBlock(card, card.pin),
        55: encodeTlv(field55),
      });
    },
    answerCryptogram: (card, message, code) => {
      const field55 = message.fields[55];
      assert(field55);
      const at = field55.length - 8;
      const counter = Buffer.from(field55).indexOf(fromHex('9F3602')) + 3;
      const key = sessionKey(card, ((field55[counter] ?? 0) << 8) | (field55[counter + 1] ?? 0));
      return concat(arpc({ sessionKey: key, arqc: field55.subarray(at), arc: code }), fromAscii(code));
    },
    balanceInquiry: async (card) => request('0200', card, { 3: '300000', ...(await stripe(card)) }),
    voidOf: (sale, changes) =>
      request(
        '0200',
        { pan: sale.fields[2] ?? '' },
        {
          3: '200000',
          4: sale.fields[4],
          22: '012',
          37: sale.fields[37],
          90: originalOf(sale),
          ...changes,
        },
      ),
    reversalOf: (original, changes) =>
      request(
        '0420',
        { pan: original.fields[2] ?? '' },
        {
          3: original.fields[3],
          4: original.fields[4],
          11: original.fields[11],
          37: original.fields[37],
          60: '435102000030',
          90: originalOf(original),
          ...changes,
        },
      ),
    send: async (message) => (await issuer.answer(message))?.fields[39] ?? 'none',
    availableMinor: async (card) => {
      const found = (await issuer.accounts()).find(({ accountId }) => accountId === card.accountId);
      assert(found);
      return found.availableMinor;
    },
    close: async () => {
      await issuer.drain();
      await close();
    },
  };
};

const atcBytes = (atc: number): Uint8Array => new Uint8Array([atc >> 8, atc & 0xff]);

const originalOf = ({ mti, fields }: InterchangeMessage): string =>
  field90.encode({
    mti,
    stan: fields[11] ?? '',
    transmittedAt: fields[7] ?? '',
    acquirer: fields[32] ?? '',
    forwarder: fields[33] ?? '',
  });
