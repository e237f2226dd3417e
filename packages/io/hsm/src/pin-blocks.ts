import { xor } from '@zhanggui/bytes';
import {
  CryptoError,
  pinBlock4Decrypt,
  pinBlock4Encrypt,
  pinBlockDecode,
  pinBlockEncode,
  sm4PinBlockDecode,
  sm4PinBlockEncode,
} from '@zhanggui/card-crypto';
import { HsmError } from './hsm-error.ts';
import type { ReadyKey } from './ready-key.ts';

/**
 * The formats of PIN blocks that bind a PIN to its PAN, the only ones that are taken or made: out of a format without
 * the PAN, anybody's PIN could be looked up. `0` and `3` are under triple DES, `4` under AES, `sm4` UnionPay's of 16
 * bytes.
 */
export type PinFormat = '0' | '3' | '4' | 'sm4';

const algorithms = { '0': 'des', '3': 'des', '4': 'aes', sm4: 'sm4' } as const;
const usualFormats = { des: '0', aes: '4', sm4: 'sm4' } as const;

/** The format asked for, or the usual one of the key. Throws `key-use` when the key cannot make it. */
export const formatFor = (key: ReadyKey, asked: PinFormat | undefined): PinFormat => {
  if (asked === undefined) return usualFormats[key.algorithm];
  if (algorithms[asked] !== key.algorithm) throw new HsmError('key-use', key.info.ref);
  return asked;
};

/** Throws `CryptoError` `pin-format`. */
export const openedPin = (key: ReadyKey, format: PinFormat, { block, pan }: { block: Uint8Array; pan: string }) => {
  switch (format) {
    case '0':
    case '3':
      return pinBlockDecode({ format, block: key.des.decrypt(block), pan });
    case '4':
      return pinBlock4Decrypt({ key: key.aes, block, pan });
    case 'sm4':
      return sm4PinBlockDecode({ block: key.sm4.decrypt(block), pan });
  }
};

type Random = (bytes: number) => Uint8Array;

export const closedPin = (
  key: ReadyKey,
  format: PinFormat,
  { pin, pan, random }: { pin: string; pan: string; random: Random },
): Uint8Array => {
  switch (format) {
    case '0':
      return key.des.encrypt(pinBlockEncode({ format, pin, pan }));
    case '3':
      return key.des.encrypt(pinBlockEncode({ format, pin, pan, fill: letters(random, 14 - pin.length) }));
    case '4':
      return pinBlock4Encrypt({ key: key.aes, pin, pan, fill: random(8) });
    case 'sm4':
      return key.sm4.encrypt(sm4PinBlockEncode({ pin, pan }));
  }
};

/** Digits A to F, each as likely as another: a byte that would favour some is drawn again. */
const letters = (random: Random, count: number): string => {
  let text = '';
  while (text.length < count)
    for (const byte of random(count - text.length)) if (byte < 252) text += 'ABCDEF'.charAt(byte % 6);
  return text;
};

/**
 * Whether a block that holds no PIN was made under this key all the same: control digit, length and filler are right,
 * and only digits of the PIN are none. That is what a block looks like to whoever asks about it with another PAN in
 * order to learn its digits one by one, and it must look to him like any wrong PIN. Under a wrong key one block in
 * sixty thousand looks so.
 */
export const hidesDigits = (key: ReadyKey, format: PinFormat, { block, pan }: { block: Uint8Array; pan: string }) => {
  if ((format !== '0' && format !== '3') || block.length !== 8) return false;
  const field = xor(key.des.decrypt(block), panFieldOf(pan));
  const end = 2 + nibble(field, 1);
  const least = format === '0' ? 0xf : 0xa;
  let isSound = nibble(field, 0) === Number(format) && end >= 6 && end <= 14;
  for (let place = end; place < 16; place += 1) isSound &&= nibble(field, place) >= least;
  return isSound;
};

const emptyField = pinBlockEncode({ format: '2', pin: '0000' }).map((byte, index) => (index === 0 ? 0x04 : byte));

const panFieldOf = (pan: string): Uint8Array => xor(pinBlockEncode({ format: '0', pin: '0000', pan }), emptyField);

const nibble = (bytes: Uint8Array, place: number): number =>
  place % 2 === 0 ? (bytes[place >> 1] ?? 0) >> 4 : (bytes[place >> 1] ?? 0) & 15;

export const isPinFormat = (error: unknown): boolean => error instanceof CryptoError && error.code === 'pin-format';
