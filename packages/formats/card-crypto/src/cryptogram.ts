import { createHash } from 'node:crypto';
import { concat, fromAscii, xor } from '@zhanggui/bytes';
import { CryptoError } from './crypto-error.ts';
import { type DesKeyInput, desKey } from './des.ts';
import { x919Mac } from './mac.ts';
import { decimalDigits, demand, pack, panPattern } from './nibbles.ts';

/** How an issuer's master key becomes a card's (EMV Book 2 A1.4): B differs from A for PANs of more than 16 digits. */
export type CardKeyOption = 'A' | 'B';

/**
 * Card key from the issuer's master key (EMV Book 2 A1.4): sixteen digits of PAN and sequence number (`psn`, two digits), and
 * their complement, enciphered. 16 bytes; parity is left as it falls. Throws `pan-format`, `card-data-format`.
 */
export const emvUdk = (given: { mdk: DesKeyInput; pan: string; psn: string; option?: CardKeyOption }): Uint8Array => {
  demand(given.pan, panPattern, 'pan-format');
  demand(given.psn, /^\d{2}$/, 'card-data-format');
  const digits = given.pan + given.psn;
  const isHashed = given.option === 'B' && given.pan.length > 16;
  const sixteen = isHashed ? hashedDigits(digits) : digits.slice(-16).padStart(16, '0');
  return desKey(given.mdk).encrypt(withComplement(pack(sixteen), 0));
};

/** Sixteen decimal digits out of the SHA-1 of PAN and sequence number, packed with a zero in front when odd. */
const hashedDigits = (digits: string): string => {
  const packed = pack(digits.padStart(digits.length + (digits.length % 2), '0'));
  return decimalDigits(createHash('sha1').update(packed).digest(), 16);
};

/** PBOC session key of one transaction: the card key over the 2-byte transaction counter and over its complement. */
export const emvSessionKey = ({ udk, atc }: { udk: DesKeyInput; atc: Uint8Array }): Uint8Array => {
  if (atc.length !== 2) throw new CryptoError('card-data-format');
  const counter = new Uint8Array(8);
  counter.set(atc, 6);
  return desKey(udk).encrypt(withComplement(counter, 6));
};

/**
 * Session key of EMV Book 2 A1.3.1 (the common way): the card key over `diversifier` (8 bytes) with its third byte F0,
 * then 0F. It is the counter and six zeros for a cryptogram, the ARQC for secure messaging.
 */
export const emvCommonSessionKey = (given: { udk: DesKeyInput; diversifier: Uint8Array }): Uint8Array => {
  if (given.diversifier.length !== 8) throw new CryptoError('card-data-format');
  const [left, right] = [given.diversifier.with(2, 0xf0), given.diversifier.with(2, 0x0f)];
  return desKey(given.udk).encrypt(concat(left, right));
};

/** Session key of M/Chip: the common way over counter, two zeros and the unpredictable number (4 bytes). */
export const mchipSessionKey = (given: {
  udk: DesKeyInput;
  atc: Uint8Array;
  unpredictableNumber: Uint8Array;
}): Uint8Array => {
  const { udk, atc, unpredictableNumber } = given;
  if (atc.length !== 2 || unpredictableNumber.length !== 4) throw new CryptoError('card-data-format');
  return emvCommonSessionKey({ udk, diversifier: concat(atc, new Uint8Array(2), unpredictableNumber) });
};

/** Visa's key for secure messaging: the card key XOR the counter at the end of its left half, inverted at that of its right. */
export const visaMessagingKey = (given: { udk: Uint8Array; atc: Uint8Array }): Uint8Array => {
  if (given.udk.length !== 16) throw new CryptoError('key-length');
  if (given.atc.length !== 2) throw new CryptoError('card-data-format');
  const zeros = new Uint8Array(6);
  return xor(given.udk, concat(zeros, given.atc, zeros, xor(given.atc, Uint8Array.of(0xff, 0xff))));
};

/** A block, then the same block with the bytes from `from` on inverted. */
const withComplement = (block: Uint8Array, from: number): Uint8Array => {
  const both = new Uint8Array(16);
  both.set(block, 0);
  both.set(block, 8);
  for (let index = 8 + from; index < 16; index += 1) both[index] = ~(both[index] ?? 0);
  return both;
};

/** Application cryptogram (ARQC, TC or AAC) over the issuer's choice of card and terminal data: 8 bytes. */
export const arqc = (given: { sessionKey: DesKeyInput; data: Uint8Array; padding?: 'zeros' | '80' }): Uint8Array =>
  x919Mac(given.sessionKey, given.data, { padding: given.padding ?? '80' });

/** The issuer's answer, method 1 (EMV Book 2 §8.2.1): `arc` is the two-character answer code. 8 bytes. */
export const arpc = ({
  sessionKey,
  arqc: request,
  arc,
}: {
  sessionKey: DesKeyInput;
  arqc: Uint8Array;
  arc: string;
}): Uint8Array => {
  if (request.length !== 8 || arc.length !== 2) throw new CryptoError('card-data-format');
  const answer = new Uint8Array(8);
  answer.set(fromAscii(arc));
  return desKey(sessionKey).encrypt(xor(request, answer));
};

/**
 * The issuer's answer, method 2 (EMV Book 2 §8.2.2): a MAC over the request, the card status update (4 bytes) and up
 * to 8 bytes of the issuer's own. 4 bytes.
 */
export const arpcMethod2 = (given: {
  sessionKey: DesKeyInput;
  arqc: Uint8Array;
  csu: Uint8Array;
  proprietaryData?: Uint8Array;
}): Uint8Array => {
  const { sessionKey, arqc: request, csu, proprietaryData = new Uint8Array(0) } = given;
  if (request.length !== 8 || csu.length !== 4 || proprietaryData.length > 8) throw new CryptoError('card-data-format');
  return x919Mac(sessionKey, concat(request, csu, proprietaryData), { padding: '80' }).slice(0, 4);
};
