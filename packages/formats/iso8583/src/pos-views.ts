import { concat } from '@zhanggui/bytes';
import { CodecError } from './codec-error.ts';
import { layout } from './layout.ts';

/** Field 60 of a terminal: what kind of message, in which batch, and how the card was read. */
export const posField60 = layout({
  field: 'F60',
  required: { messageType: 2, batch: 6 },
  optional: { managementCode: 3, readingCapability: 1, chipCondition: 1, partialApproval: 1, accountType: 3 },
});

/** Field 61 of a terminal: the transaction that this one undoes or completes. Unknown parts are zeros. */
export const posField61 = layout({
  field: 'F61',
  required: { batch: 6, stan: 6 },
  optional: { date: 4, authorisationMode: 2, authorisationInstitution: 11 },
});

const INSTITUTION_WIDTH = 11;

/** Field 44 of an answer: which institutions issued the card and acquired the sale, as the receipt prints them. */
export const posField44 = {
  encode: ({ issuer, acquirer }: { issuer: string; acquirer: string }): string =>
    issuer.padEnd(INSTITUTION_WIDTH) + acquirer.padEnd(INSTITUTION_WIDTH),
  decode: (text: string): { issuer: string; acquirer: string } => ({
    issuer: text.slice(0, INSTITUTION_WIDTH).trimEnd(),
    acquirer: text.slice(INSTITUTION_WIDTH).trimEnd(),
  }),
};

/** A working key under the terminal's master key, and the first four bytes that it enciphers zeros to. */
export type DeliveredKey = { readonly cryptogram: Uint8Array; readonly checkValue: Uint8Array };

/** The keys a terminal gets when it signs in: for PINs, for MACs, and for tracks when it asked for that one too. */
export type SignInKeys = { readonly pin: DeliveredKey; readonly mac: DeliveredKey; readonly track?: DeliveredKey };

const CHECK_BYTES = 4;
const DOUBLE_BYTES = 16;
const SINGLE_BYTES = 8;

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

const deliver = ({ cryptogram, checkValue }: DeliveredKey, keyBytes: number): Uint8Array => {
  if (cryptogram.length > keyBytes || checkValue.length !== CHECK_BYTES) {
    throw new CodecError('length-mismatch', { field: 'F62' });
  }
  return concat(cryptogram, new Uint8Array(keyBytes - cryptogram.length), checkValue);
};

const receive = (bytes: Uint8Array, at: number, keyBytes: number): DeliveredKey => {
  const key = bytes.slice(at, at + keyBytes);
  const isSingle = keyBytes === DOUBLE_BYTES && isZero(key.subarray(SINGLE_BYTES));
  return {
    cryptogram: isSingle ? key.subarray(0, SINGLE_BYTES) : key,
    checkValue: bytes.slice(at + keyBytes, at + keyBytes + CHECK_BYTES),
  };
};

/**
 * Field 62 of a sign-in answer: 24 bytes of single keys (management code 001), 40 of double ones (003), 60 with a track
 * key (004). A single-length MAC key sits in a double place with eight zero bytes after it.
 */
export const signInKeys = {
  encode({ pin, mac, track }: SignInKeys): Uint8Array {
    const keyBytes = Math.max(pin.cryptogram.length, mac.cryptogram.length);
    const keys = [deliver(pin, keyBytes), deliver(mac, keyBytes)];
    return concat(...keys, track === undefined ? new Uint8Array() : deliver(track, keyBytes));
  },
  /** Throws `CodecError` on another length. */
  decode(bytes: Uint8Array): SignInKeys {
    const keyBytes = bytes.length === 24 ? SINGLE_BYTES : DOUBLE_BYTES;
    const step = keyBytes + CHECK_BYTES;
    if (![24, 40, 60].includes(bytes.length)) throw new CodecError('length-mismatch', { field: 'F62' });
    const pair = { pin: receive(bytes, 0, keyBytes), mac: receive(bytes, step, keyBytes) };
    return bytes.length === 60 ? { ...pair, track: receive(bytes, 2 * step, keyBytes) } : pair;
  },
};
