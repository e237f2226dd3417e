import { equal, fromAscii } from '@zhanggui/bytes';
import {
  arpc,
  arqc,
  CryptoError,
  cvv,
  type DesKey,
  emvSessionKey,
  emvUdk,
  ibm3624Offset,
  interchangeMac,
  pinBlockDecode,
  pinBlockEncode,
  unionPayEcbMac,
  x919Mac,
} from '@zhanggui/card-crypto';
import type { MacAlgorithm, PinVerdict } from './hsm.ts';
import type { KeyUse } from './key.ts';
import type { ReadyKey } from './ready-key.ts';

/** A command names the keys it takes with the uses it allows each, and calculates with them; `Input` is the rest. */
export type Command<Names extends string, Input, Result> = Readonly<{
  keys: Readonly<Record<Names, readonly KeyUse[]>>;
  run: (keys: Readonly<Record<Names, ReadyKey>>, input: Input) => Result;
}>;

const command = <Names extends string, Input, Result>(
  keys: Readonly<Record<Names, readonly KeyUse[]>>,
  run: (keys: Readonly<Record<Names, ReadyKey>>, input: Input) => Result,
): Command<Names, Input, Result> => ({ keys, run });

const macs: Record<MacAlgorithm, (key: DesKey, data: Uint8Array) => Uint8Array> = {
  'unionpay-ecb': unionPayEcbMac,
  interchange: interchangeMac,
  x919: (key, data) => x919Mac(key, data),
};

const sameText = (left: string, right: string): boolean => equal(fromAscii(left), fromAscii(right));

type Card = { pan: string; psn: string; atc: Uint8Array };

const sessionKey = (mdk: ReadyKey, { pan, psn, atc }: Card): Uint8Array =>
  emvSessionKey({ udk: emvUdk({ mdk: mdk.des, pan, psn }), atc });

const decodedPin = (key: ReadyKey, block: Uint8Array, pan: string): string =>
  pinBlockDecode({ format: '0', block: key.des.decrypt(block), pan });

/** The same PAN on both sides makes the same clear block: it is looked at, so that no garbage is passed on, and kept. */
const translatedPin = (from: ReadyKey, to: ReadyKey, { block, pan }: { block: Uint8Array; pan: string }) => {
  const clear = from.des.decrypt(block);
  pinBlockDecode({ format: '0', block: clear, pan });
  return to.des.encrypt(clear);
};

type PinQuestion = { block: Uint8Array; pan: string; offset: string };

const pinVerdict = (key: ReadyKey, pvk: ReadyKey, { block, pan, offset }: PinQuestion): PinVerdict => {
  try {
    const pin = decodedPin(key, block, pan);
    return sameText(ibm3624Offset({ key: pvk.des, pan, pin }), offset) ? 'match' : 'mismatch';
  } catch (error) {
    if (error instanceof CryptoError) return 'format-error';
    throw error;
  }
};

const macKeys = ['tak', 'zak'] as const;

/** Which key may do what, in one place. */
export const commands = {
  mac: command({ key: macKeys }, ({ key }, { algorithm, data }: { algorithm: MacAlgorithm; data: Uint8Array }) =>
    macs[algorithm](key.des, data),
  ),
  verifyMac: command(
    { key: macKeys },
    ({ key }, { algorithm, data, mac }: { algorithm: MacAlgorithm; data: Uint8Array; mac: Uint8Array }) =>
      equal(macs[algorithm](key.des, data), mac),
  ),
  encryptPin: command({ key: ['tpk'] }, ({ key }, { pin, pan }: { pin: string; pan: string }) =>
    key.des.encrypt(pinBlockEncode({ format: '0', pin, pan })),
  ),
  translatePin: command(
    { from: ['tpk', 'zpk'], to: ['zpk'] },
    ({ from, to }, pin: { block: Uint8Array; pan: string }) => translatedPin(from, to, pin),
  ),
  verifyPin: command({ key: ['tpk', 'zpk'], pvk: ['pvk'] }, ({ key, pvk }, question: PinQuestion) =>
    pinVerdict(key, pvk, question),
  ),
  makePinOffset: command({ pvk: ['pvk'] }, ({ pvk }, { pan, pin }: { pan: string; pin: string }) =>
    ibm3624Offset({ key: pvk.des, pan, pin }),
  ),
  verifyCvv: command(
    { cvk: ['cvk'] },
    ({ cvk }, card: { pan: string; expiry: string; serviceCode: string; cvv: string }) =>
      sameText(cvv({ key: cvk.des, pan: card.pan, expiry: card.expiry, serviceCode: card.serviceCode }), card.cvv),
  ),
  verifyArqc: command({ mdk: ['mdk-ac'] }, ({ mdk }, card: Card & { data: Uint8Array; arqc: Uint8Array }) =>
    equal(arqc({ sessionKey: sessionKey(mdk, card), data: card.data }), card.arqc),
  ),
  makeArpc: command({ mdk: ['mdk-ac'] }, ({ mdk }, card: Card & { arqc: Uint8Array; arc: string }) =>
    arpc({ sessionKey: sessionKey(mdk, card), arqc: card.arqc, arc: card.arc }),
  ),
  hashPan: command({ key: ['pan-hash'] }, ({ key }, { pan }: { pan: string }) => key.hash(pan)),
  seal: command({ key: ['data'] }, ({ key }, { data }: { data: Uint8Array }) => key.sealing.seal(data)),
  open: command({ key: ['data'] }, ({ key }, { data }: { data: Uint8Array }) => key.sealing.open(data)),
};
