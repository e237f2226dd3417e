/** Cardholder verification (EMV Book 3 §10.5): the card's list of methods against what this terminal can do. */
import { pan } from '@zhanggui/secret';
import type { CardholderMethod, Steps } from './conversation.ts';
import { CardFault, done, panDigits, raise, type Session, text } from './session.ts';
import { hasBit } from './verification-results.ts';

type Rule = Readonly<{ code: number; condition: number; nextWhenUnsuccessful: boolean; bytes: Uint8Array }>;
type Amounts = Readonly<{ x: bigint; y: bigint }>;
type Verdict = 'successful' | 'unknown' | 'failed';

const aipSupportsVerification = [1, 5] as const;

/** Codes of Book 3 Annex C3, with the bit of 9F33 that says the terminal has it. Offline PIN is not in this kernel. */
const methods: Readonly<
  Record<number, { method: CardholderMethod | 'offline-pin' | 'fail'; capability?: [2, number] }>
> = {
  0: { method: 'fail' },
  1: { method: 'offline-pin' },
  2: { method: 'online-pin', capability: [2, 7] },
  3: { method: 'offline-pin' },
  4: { method: 'offline-pin' },
  5: { method: 'offline-pin' },
  30: { method: 'signature', capability: [2, 6] },
  31: { method: 'none', capability: [2, 4] },
};

/** 9F33: plain offline, online and enciphered offline PIN. A terminal with one of them has a PIN pad. */
const pinCapabilities = [
  [2, 8],
  [2, 7],
  [2, 5],
] as const;

/** 9F34, last byte: 0 unknown (the host or the merchant decides), 1 failed, 2 successful. */
const resultByte: Readonly<Record<Verdict, number>> = { unknown: 0, failed: 1, successful: 2 };

/** Sets 9F34, the TVR bits of byte 3 and `session.method`. Throws `CardFault` when the person cancels. */
export function* verifyCardholder(session: Session): Steps<void> {
  const list = session.data.get('8E');
  if (!hasBit(session.data.get('82'), aipSupportsVerification) || !list || list.length < 10) return;
  done(session, 'cardholder-verification-performed');
  const amounts = { x: amountAt(list, 0), y: amountAt(list, 4) };
  for (const rule of rulesOf(list)) {
    if (!applies(session, rule, amounts)) continue;
    const verdict = yield* attempt(session, rule);
    if (verdict !== undefined) session.data.set('9F34', Uint8Array.of(...rule.bytes, resultByte[verdict]));
    if (verdict === 'successful' || verdict === 'unknown') return;
    if (!rule.nextWhenUnsuccessful) return raise(session, 'cardholder-verification-failed');
  }
  if (text(session, '9F34') === '3F0000') session.data.set('9F34', Uint8Array.of(0x3f, 0x00, 0x01));
  raise(session, 'cardholder-verification-failed');
}

const rulesOf = (list: Uint8Array): Rule[] =>
  Array.from({ length: Math.floor((list.length - 8) / 2) }, (_, index) => {
    const bytes = list.slice(8 + index * 2, 10 + index * 2);
    const [first = 0, condition = 0] = bytes;
    return { code: first & 0x3f, condition, nextWhenUnsuccessful: (first & 0x40) !== 0, bytes };
  });

/** Condition codes of Book 3 Annex C3, for a terminal that gives no cash. */
const applies = (session: Session, rule: Rule, { x, y }: Amounts): boolean => {
  const amount = session.input.amountMinor;
  const inCardCurrency = text(session, '9F42') === text(session, '5F2A');
  switch (rule.condition) {
    case 0:
    case 2:
      return true;
    case 3:
      return supported(session, rule.code);
    case 6:
      return inCardCurrency && amount < x;
    case 7:
      return inCardCurrency && amount > x;
    case 8:
      return inCardCurrency && amount < y;
    case 9:
      return inCardCurrency && amount > y;
    default:
      return false;
  }
};

const supported = (session: Session, code: number): boolean => {
  const capability = methods[code]?.capability;
  return capability !== undefined && hasBit(session.data.get('9F33'), capability);
};

/** Undefined when nothing was performed, so that 9F34 keeps telling of an earlier rule. */
function* attempt(session: Session, rule: Rule): Steps<Verdict | undefined> {
  const known = methods[rule.code];
  if (!known) raise(session, 'cvm-unrecognised');
  if (known?.method === 'fail') return 'failed';
  if (!known || !supported(session, rule.code)) {
    const needsPin = known?.method === 'offline-pin' || known?.method === 'online-pin';
    if (needsPin && !pinCapabilities.some((bit) => hasBit(session.data.get('9F33'), bit)))
      raise(session, 'pin-pad-missing');
    return undefined;
  }
  if (known.method === 'online-pin') return yield* askOnlinePin(session);
  session.method = known.method === 'signature' ? 'signature' : 'none';
  return known.method === 'signature' ? 'unknown' : 'successful';
}

function* askOnlinePin(session: Session): Steps<Verdict> {
  const reply = yield { kind: 'online-pin', pan: pan(panDigits(session)) };
  switch (reply.kind) {
    case 'pin-entered':
      raise(session, 'online-pin-entered');
      session.method = 'online-pin';
      return 'unknown';
    case 'pin-bypassed':
      raise(session, 'pin-not-entered');
      return 'failed';
    case 'cancelled':
      throw new CardFault('cancelled', 'online PIN');
    default:
      throw new TypeError(`a PIN request was answered with ${reply.kind}`);
  }
}

const amountAt = (list: Uint8Array, offset: number): bigint =>
  BigInt(new DataView(list.buffer, list.byteOffset).getUint32(offset));
