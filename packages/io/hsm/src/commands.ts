import { equal, fromAscii } from '@zhanggui/bytes';
import {
  arpc,
  arqc,
  CryptoError,
  cvv,
  decryptTrack,
  emvSessionKey,
  emvUdk,
  encryptTrack,
  ibm3624Offset,
  interchangeMac,
  interchangeSm4Mac,
  pinBlockDecode,
  sm4Arpc,
  sm4Arqc,
  sm4CardKey,
  sm4CbcMac,
  sm4SessionKey,
  unionPayEcbMac,
  unionPaySm4Mac,
  x919Mac,
} from '@zhanggui/card-crypto';
import type { MacAlgorithm, PinVerdict } from './hsm.ts';
import { HsmError } from './hsm-error.ts';
import type { KeyAlgorithm, KeyUse } from './key.ts';
import { closedPin, formatFor, hidesDigits, isPinFormat, openedPin, type PinFormat } from './pin-blocks.ts';
import type { PinGuard } from './pin-guard.ts';
import type { ReadyKey } from './ready-key.ts';

/** What commands have beside keys and input: the count of wrong guesses, where to tell that it was reached, and randomness. */
export type Desk = Readonly<{ guard: PinGuard; shut: () => void; random: (bytes: number) => Uint8Array }>;

/** A command names the keys it takes with the uses it allows each, and calculates with them; `Input` is the rest. */
export type Command<Names extends string, Input, Result> = Readonly<{
  keys: Readonly<Record<Names, readonly KeyUse[]>>;
  run: (keys: Readonly<Record<Names, ReadyKey>>, input: Input, desk: Desk) => Result;
  /** Its answers tell something about a PIN: it wants to know which cards are shut. */
  isGuarded: boolean;
}>;

const command = <Names extends string, Input, Result>(
  keys: Readonly<Record<Names, readonly KeyUse[]>>,
  run: (keys: Readonly<Record<Names, ReadyKey>>, input: Input, desk: Desk) => Result,
): Command<Names, Input, Result> => ({ keys, run, isGuarded: false });

const guarded = <Names extends string, Input, Result>(
  ...given: Parameters<typeof command<Names, Input, Result>>
): Command<Names, Input, Result> => ({ ...command(...given), isGuarded: true });

type Mac = Readonly<{ under: KeyAlgorithm; of: (key: ReadyKey, data: Uint8Array) => Uint8Array }>;

const macs: Record<MacAlgorithm, Mac> = {
  'unionpay-ecb': { under: 'des', of: (key, data) => unionPayEcbMac(key.des, data) },
  interchange: { under: 'des', of: (key, data) => interchangeMac(key.des, data) },
  x919: { under: 'des', of: (key, data) => x919Mac(key.des, data) },
  'unionpay-sm4': { under: 'sm4', of: (key, data) => unionPaySm4Mac(key.sm4, data) },
  'interchange-sm4': { under: 'sm4', of: (key, data) => interchangeSm4Mac(key.sm4, data) },
  'sm4-cbc': { under: 'sm4', of: (key, data) => sm4CbcMac(key.sm4, data) },
};

const macOf = (key: ReadyKey, algorithm: MacAlgorithm, data: Uint8Array): Uint8Array => {
  const mac = macs[algorithm];
  if (mac.under !== key.algorithm) throw new HsmError('key-use', key.info.ref);
  return mac.of(key, data);
};

const sameText = (left: string, right: string): boolean => equal(fromAscii(left), fromAscii(right));

type Card = { pan: string; psn: string; atc: Uint8Array };

const chipKeys = ['mdk-ac', 'mdk-ac-sm4'] as const;

const requestOf = (mdk: ReadyKey, { pan, psn, atc, data }: Card & { data: Uint8Array }): Uint8Array =>
  mdk.algorithm === 'sm4'
    ? sm4Arqc({ sessionKey: sm4SessionKey({ udk: sm4CardKey({ mdk: mdk.sm4, pan, psn }), atc }), data })
    : arqc({ sessionKey: emvSessionKey({ udk: emvUdk({ mdk: mdk.des, pan, psn }), atc }), data });

type Answer = Card & { arqc: Uint8Array; arc: string };

const answerOf = (mdk: ReadyKey, { pan, psn, atc, arqc: request, arc }: Answer): Uint8Array =>
  mdk.algorithm === 'sm4'
    ? sm4Arpc({ sessionKey: sm4SessionKey({ udk: sm4CardKey({ mdk: mdk.sm4, pan, psn }), atc }), arqc: request, arc })
    : arpc({ sessionKey: emvSessionKey({ udk: emvUdk({ mdk: mdk.des, pan, psn }), atc }), arqc: request, arc });

type PinBlockIn = { block: Uint8Array; pan: string };
type Translation = PinBlockIn & { formats?: { from?: PinFormat; to?: PinFormat } };

/** From format 0 to format 0 the same PAN makes the same clear block: it is looked at, so that no garbage is passed on, and kept. */
const translatedPin = (from: ReadyKey, to: ReadyKey, order: Translation, desk: Desk): Uint8Array => {
  const source = formatFor(from, order.formats?.from);
  const target = formatFor(to, order.formats?.to);
  if (source !== '0' || target !== '0') return reformattedPin({ from, to, source, target }, order, desk);
  const clear = from.des.decrypt(order.block);
  try {
    pinBlockDecode({ format: '0', block: clear, pan: order.pan });
  } catch (error) {
    if (!isPinFormat(error) || !hidesDigits(from, source, order)) throw error;
  }
  return to.des.encrypt(clear);
};

const reformattedPin = (
  { from, to, source, target }: { from: ReadyKey; to: ReadyKey; source: PinFormat; target: PinFormat },
  { block, pan }: PinBlockIn,
  { guard, random }: Desk,
): Uint8Array => {
  guard.demand(pan);
  try {
    return closedPin(to, target, { pin: openedPin(from, source, { block, pan }), pan, random });
  } catch (error) {
    if (isPinFormat(error) && hidesDigits(from, source, { block, pan })) guard.guessed(pan);
    throw error;
  }
};

type PinQuestion = PinBlockIn & { offset: string; format?: PinFormat };

/**
 * A block whose digits are none takes the same calculation, and gives the same answer, as a wrong PIN; and so does every
 * PIN once too many were wrong, so that the guesser does not see the limit and the caller needs no case for it.
 */
const pinVerdict = (key: ReadyKey, pvk: ReadyKey, question: PinQuestion, { guard, shut }: Desk): PinVerdict => {
  const { pan, offset } = question;
  const format = formatFor(key, question.format);
  let pin = '0000';
  let isPin = true;
  try {
    pin = openedPin(key, format, question);
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    if (!isPinFormat(error) || !hidesDigits(key, format, question)) return 'format-error';
    isPin = false;
  }
  const isOffset = sameText(ibm3624Offset({ key: pvk.des, pan, pin }), offset);
  if (guard.isShut(pan)) shut();
  else if (isOffset && isPin) return 'match';
  else guard.guessed(pan);
  return 'mismatch';
};

const macKeys = ['tak', 'zak', 'tak-sm4', 'zak-sm4'] as const;
const padPinKeys = ['tpk', 'tpk-aes', 'tpk-sm4'] as const;
const zonePinKeys = ['zpk', 'zpk-aes', 'zpk-sm4'] as const;
const pinKeys = ['tpk', 'zpk', 'tpk-aes', 'zpk-aes', 'tpk-sm4', 'zpk-sm4'] as const;

type CardValueOf = { pan: string; expiry: string; serviceCode: string };

const cardValue = (cvk: ReadyKey, { pan, expiry, serviceCode }: CardValueOf): string =>
  cvv({ key: cvk.des, pan, expiry, serviceCode });

const trackOf = (turn: () => string): string => {
  try {
    return turn();
  } catch (error) {
    throw error instanceof CryptoError ? new HsmError('data-format') : error;
  }
};

/** Which key may do what, in one place. */
export const commands = {
  mac: command({ key: macKeys }, ({ key }, { algorithm, data }: { algorithm: MacAlgorithm; data: Uint8Array }) =>
    macOf(key, algorithm, data),
  ),
  verifyMac: command(
    { key: macKeys },
    ({ key }, { algorithm, data, mac }: { algorithm: MacAlgorithm; data: Uint8Array; mac: Uint8Array }) =>
      equal(macOf(key, algorithm, data), mac),
  ),
  encryptPin: command(
    { key: padPinKeys },
    ({ key }, { pin, pan, format }: { pin: string; pan: string; format?: PinFormat }, { random }) =>
      closedPin(key, formatFor(key, format), { pin, pan, random }),
  ),
  translatePin: guarded({ from: pinKeys, to: zonePinKeys }, ({ from, to }, order: Translation, desk) =>
    translatedPin(from, to, order, desk),
  ),
  verifyPin: guarded({ key: pinKeys, pvk: ['pvk'] }, ({ key, pvk }, question: PinQuestion, desk) =>
    pinVerdict(key, pvk, question, desk),
  ),
  makePinOffset: guarded({ pvk: ['pvk'] }, ({ pvk }, { pan, pin }: { pan: string; pin: string }, { guard }) => {
    guard.demand(pan);
    guard.guessed(pan);
    return ibm3624Offset({ key: pvk.des, pan, pin });
  }),
  makeCvv: command({ cvk: ['cvk'] }, ({ cvk }, card: CardValueOf) => cardValue(cvk, card)),
  verifyCvv: command({ cvk: ['cvk'] }, ({ cvk }, card: CardValueOf & { cvv: string }) =>
    sameText(cardValue(cvk, card), card.cvv),
  ),
  verifyArqc: command({ mdk: chipKeys }, ({ mdk }, card: Card & { data: Uint8Array; arqc: Uint8Array }) =>
    equal(requestOf(mdk, card), card.arqc),
  ),
  makeArpc: command({ mdk: chipKeys }, ({ mdk }, card: Answer) => answerOf(mdk, card)),
  encryptTrack: command({ key: ['tdk'] }, ({ key }, { track }: { track: string }) =>
    trackOf(() => encryptTrack(key.des, track)),
  ),
  decryptTrack: command({ key: ['tdk'] }, ({ key }, { track }: { track: string }) =>
    trackOf(() => decryptTrack(key.des, track)),
  ),
  hashPan: command({ key: ['pan-hash'] }, ({ key }, { pan }: { pan: string }) => key.hash(pan)),
  seal: command({ key: ['data'] }, ({ key }, { data }: { data: Uint8Array }) => key.sealing.seal(data)),
  open: command({ key: ['data'] }, ({ key }, { data }: { data: Uint8Array }) => key.sealing.open(data)),
};
