import { xor } from '@zhanggui/bytes';
import { type AesKeyInput, aesKey } from './aes.ts';
import { CryptoError } from './crypto-error.ts';
import { demand, nibbleAt, pack, panPattern, pinPattern } from './nibbles.ts';

const pinPlaces = 16;
const filler = 0xa;

/**
 * PIN block format 4 (ISO 9564-1, ANSI X9.24-3): the PIN field under AES, XOR the PAN field, under AES again: 16 bytes.
 * `fill` is 8 random bytes, new for every block. Throws `pin-format`, `pan-format`, `fill-format`, `key-length`.
 */
export const pinBlock4Encrypt = (request: {
  key: AesKeyInput;
  pin: string;
  pan: string;
  fill: Uint8Array;
}): Uint8Array => {
  demand(request.pin, pinPattern, 'pin-format');
  if (request.fill.length !== 8) throw new CryptoError('fill-format');
  const key = aesKey(request.key);
  const field = new Uint8Array(16);
  field.set(pack(`4${request.pin.length.toString(16)}${request.pin}`.padEnd(pinPlaces, 'A')));
  field.set(request.fill, 8);
  return key.encrypt(xor(key.encrypt(field), panField(request.pan)));
};

/** The PIN of an enciphered format 4 block. Throws `pin-format` for a wrong key or PAN, which look the same. */
export const pinBlock4Decrypt = (request: { key: AesKeyInput; block: Uint8Array; pan: string }): string => {
  const pan = panField(request.pan);
  const key = aesKey(request.key);
  if (request.block.length !== 16) throw new CryptoError('pin-format');
  const field = key.decrypt(xor(key.decrypt(request.block), pan));
  const end = 2 + nibbleAt(field, 1);
  let pin = '';
  for (let place = 2; place < end; place += 1) pin += nibbleAt(field, place);
  let isSound = nibbleAt(field, 0) === 4 && pin.length === end - 2 && pinPattern.test(pin);
  for (let place = end; place < pinPlaces; place += 1) if (nibbleAt(field, place) !== filler) isSound = false;
  if (!isSound) throw new CryptoError('pin-format');
  return pin;
};

/** How many digits the PAN has above twelve, the whole PAN (a shorter one filled on the left), zeros. */
const panField = (pan: string): Uint8Array => {
  demand(pan, panPattern, 'pan-format');
  return pack(`${pan.length - 12}${pan}`.padEnd(32, '0'));
};
