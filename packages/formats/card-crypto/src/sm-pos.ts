import { xor } from '@zhanggui/bytes';
import { CryptoError } from './crypto-error.ts';
import { demand, nibbleAt, pack, panPattern, pinPattern } from './nibbles.ts';
import { type Sm4KeyInput, sm4Key } from './sm4.ts';

const blockBytes = 16;
const places = 2 * blockBytes;
const hexDigits = Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0));

/**
 * The PIN block of terminals with SM4 keys: like ISO 9564-1 format 0, but 16 bytes. The length in two digits, the PIN,
 * F to the end, XOR the rightmost twelve digits of the PAN without its check digit behind zeros.
 * Throws `pin-format` (4 to 12 digits), `pan-format`.
 */
export const sm4PinBlockEncode = ({ pin, pan }: { pin: string; pan: string }): Uint8Array => {
  demand(pin, pinPattern, 'pin-format');
  return xor(pack(`0${pin.length.toString(16)}${pin}`.padEnd(places, 'F')), panField(pan));
};

/** The PIN of a clear block. Throws `pin-format` when the block is no such block, which a wrong key looks like. */
export const sm4PinBlockDecode = ({ block, pan }: { block: Uint8Array; pan: string }): string => {
  if (block.length !== blockBytes) throw new CryptoError('pin-format');
  const field = xor(block, panField(pan));
  const end = 2 + nibbleAt(field, 1);
  let pin = '';
  for (let place = 2; place < end; place += 1) pin += nibbleAt(field, place).toString(16);
  let isSound = nibbleAt(field, 0) === 0 && pinPattern.test(pin);
  for (let place = end; place < places; place += 1) isSound &&= nibbleAt(field, place) === 0xf;
  if (!isSound) throw new CryptoError('pin-format');
  return pin;
};

const panField = (pan: string): Uint8Array => {
  demand(pan, panPattern, 'pan-format');
  return pack(pan.slice(-13, -1).padStart(places, '0'));
};

const asciiHex = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: 2 * bytes.length }, (_, place) => hexDigits[nibbleAt(bytes, place)] ?? 0);

/**
 * Field 64 of terminals with SM4 keys, the UnionPay ECB MAC in blocks of 16: the blocks' exclusive or as thirty-two
 * hexadecimal characters, the first half enciphered, the second added, enciphered again; the first 8 characters of the
 * result in hexadecimal, as ASCII bytes.
 */
export const unionPaySm4Mac = (key: Sm4KeyInput, data: Uint8Array): Uint8Array => {
  const mak = sm4Key(key);
  const folded = new Uint8Array(blockBytes);
  for (let at = 0; at < data.length; at += 1)
    folded[at % blockBytes] = (folded[at % blockBytes] ?? 0) ^ (data[at] ?? 0);
  const text = asciiHex(folded);
  const first = mak.encrypt(text.subarray(0, blockBytes));
  return asciiHex(mak.encrypt(xor(first, text.subarray(blockBytes))).subarray(0, 4));
};

/** CBC-MAC with SM4, a zero initial vector and zero padding (GB/T 15852.1): 16 bytes, of which 8 usually travel. */
export const sm4CbcMac = (key: Sm4KeyInput, data: Uint8Array): Uint8Array => sm4Key(key).chain(data);

/** Field 128 of a link with SM4 keys: the first four bytes of the CBC-MAC in hexadecimal, 8 ASCII bytes. */
export const interchangeSm4Mac = (key: Sm4KeyInput, data: Uint8Array): Uint8Array =>
  asciiHex(sm4CbcMac(key, data).subarray(0, 4));
