import { fromAscii, xor } from '@zhanggui/bytes';
import { CryptoError } from './crypto-error.ts';
import { type DesKeyInput, desKey } from './des.ts';
import { x919Mac } from './mac.ts';
import { demand, pack, panPattern } from './nibbles.ts';

/**
 * Card key from the issuer's master key (EMV Book 2 A1.4.1, option A): PAN and sequence number (`psn`, two digits), the
 * rightmost sixteen digits and their complement enciphered. 16 bytes; parity is left as it falls.
 */
export const emvUdk = ({ mdk, pan, psn }: { mdk: DesKeyInput; pan: string; psn: string }): Uint8Array => {
  demand(pan, panPattern, 'pan-format');
  demand(psn, /^\d{2}$/, 'card-data-format');
  return desKey(mdk).encrypt(withComplement(pack((pan + psn).slice(-16).padStart(16, '0')), 0));
};

/** PBOC session key of one transaction: the card key over the 2-byte transaction counter and over its complement. */
export const emvSessionKey = ({ udk, atc }: { udk: DesKeyInput; atc: Uint8Array }): Uint8Array => {
  if (atc.length !== 2) throw new CryptoError('card-data-format');
  const counter = new Uint8Array(8);
  counter.set(atc, 6);
  return desKey(udk).encrypt(withComplement(counter, 6));
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
export const arqc = ({ sessionKey, data }: { sessionKey: DesKeyInput; data: Uint8Array }): Uint8Array =>
  x919Mac(sessionKey, data, { padding: '80' });

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
