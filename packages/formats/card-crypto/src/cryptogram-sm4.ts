/**
 * Chip cryptograms under SM4 keys (PBOC 3.0, algorithm 04 in the issuer application data): the steps are those of
 * triple DES in blocks of sixteen. No example of them is public; they are inferred, see the README.
 */
import { concat, fromAscii, xor } from '@zhanggui/bytes';
import { CryptoError } from './crypto-error.ts';
import { demand, pack, panPattern } from './nibbles.ts';
import { type Sm4KeyInput, sm4Key } from './sm4.ts';

const complement = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => ~byte);

/** Card key from the issuer's master key: sixteen digits of PAN and sequence number, and their complement, enciphered as one block. */
export const sm4CardKey = (given: { mdk: Sm4KeyInput; pan: string; psn: string }): Uint8Array => {
  demand(given.pan, panPattern, 'pan-format');
  demand(given.psn, /^\d{2}$/, 'card-data-format');
  const digits = pack((given.pan + given.psn).slice(-16).padStart(16, '0'));
  return sm4Key(given.mdk).encrypt(concat(digits, complement(digits)));
};

/** Session key of one transaction: the 2-byte counter behind six zeros, then its complement behind six zeros, enciphered as one block. */
export const sm4SessionKey = ({ udk, atc }: { udk: Sm4KeyInput; atc: Uint8Array }): Uint8Array => {
  if (atc.length !== 2) throw new CryptoError('card-data-format');
  const zeros = new Uint8Array(6);
  return sm4Key(udk).encrypt(concat(zeros, atc, zeros, complement(atc)));
};

/** ARQC, TC or AAC: the first 8 bytes of the CBC-MAC over the data, an 80 and zeros to a whole block. */
export const sm4Arqc = (given: { sessionKey: Sm4KeyInput; data: Uint8Array }): Uint8Array =>
  sm4Key(given.sessionKey)
    .chain(concat(given.data, Uint8Array.of(0x80)))
    .slice(0, 8);

/** The issuer's answer: the cryptogram XOR the two-character answer code, eight zeros behind it, enciphered; its first 8 bytes. */
export const sm4Arpc = (given: { sessionKey: Sm4KeyInput; arqc: Uint8Array; arc: string }): Uint8Array => {
  if (given.arqc.length !== 8 || given.arc.length !== 2) throw new CryptoError('card-data-format');
  const answer = xor(given.arqc, concat(fromAscii(given.arc), new Uint8Array(6)));
  return sm4Key(given.sessionKey)
    .encrypt(concat(answer, new Uint8Array(8)))
    .slice(0, 8);
};
