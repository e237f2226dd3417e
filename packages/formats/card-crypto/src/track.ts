import { fromHex, hex } from '@zhanggui/bytes';
import { CryptoError } from './crypto-error.ts';
import { type DesKeyInput, desKey } from './des.ts';

/**
 * Track encryption of UnionPay terminals: of the track packed two digits a byte, the eight bytes before the last one
 * are enciphered in place. Track text writes nibble D as `=`, in ciphertext too, as fields 35 and 36 do.
 */
const blockPlace = (track: string): { from: number; to: number } => {
  const to = track.length - (track.length % 2 === 0 ? 2 : 1);
  if (to < 16 || !/^[0-9A-F=]+$/.test(track)) throw new CryptoError('track-format');
  return { from: to - 16, to };
};

/** The eight bytes of the track that are enciphered. Throws `track-format` when it has fewer. */
export const trackBlockOf = (track: string): Uint8Array => {
  const { from, to } = blockPlace(track);
  return fromHex(track.slice(from, to).replaceAll('=', 'D'));
};

const withBlock = (track: string, block: Uint8Array): string => {
  const { from, to } = blockPlace(track);
  return track.slice(0, from) + hex(block).replaceAll('D', '=') + track.slice(to);
};

/** Track 2 or 3 with its block enciphered under the TDK. */
export const encryptTrack = (key: DesKeyInput, track: string): string =>
  withBlock(track, desKey(key).encrypt(trackBlockOf(track)));

export const decryptTrack = (key: DesKeyInput, track: string): string =>
  withBlock(track, desKey(key).decrypt(trackBlockOf(track)));
