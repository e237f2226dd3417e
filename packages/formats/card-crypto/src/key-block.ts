import { concat, equal, fromAscii, fromHex, hex, xor } from '@zhanggui/bytes';
import { AesKey } from './aes.ts';
import { aesCmac, tdesCmac } from './cmac.ts';
import { CryptoError } from './crypto-error.ts';
import { DesKey } from './des.ts';
import { encodeHeader, type KeyBlockHeader, readHeader } from './key-block-header.ts';
import { cbcMac } from './mac.ts';

/** A key in its block: `key` is the clear key, `header` what it may be used for, bound to it by the MAC. */
export type KeyBlock = Readonly<{ header: KeyBlockHeader; key: Uint8Array }>;

export type KeyBlockVersion = KeyBlockHeader['version'];

type Protection = Readonly<{
  /** What the enciphered part is filled up to. */
  blockBytes: 1 | 8 | 16;
  macBytes: 4 | 8 | 16;
  seal(given: { kbpk: Uint8Array; header: Uint8Array; payload: Uint8Array }): { cipher: Uint8Array; mac: Uint8Array };
  open(given: { kbpk: Uint8Array; header: Uint8Array; cipher: Uint8Array; mac: Uint8Array }): Uint8Array;
}>;

/** As many as sixteen bits can count in bits. */
const keyBytesMax = 8191;

/**
 * Wraps a key as a TR-31 (ANSI X9.143) or ISO 20038 block. `fill` gives the random bytes behind the key: as many as
 * `keyBlockFillBytes` says. Throws `key-length` (KBPK or key), `fill-format`, `key-block-format`.
 */
export const wrapKeyBlock = (given: {
  kbpk: Uint8Array;
  header: KeyBlockHeader;
  key: Uint8Array;
  fill: Uint8Array;
}): string => {
  const { version } = given.header;
  const protection = protections[version];
  demandProtectionKey(version, given.kbpk);
  if (given.key.length === 0 || given.key.length > keyBytesMax) throw new CryptoError('key-length');
  const bits = 8 * given.key.length;
  const payload = concat(Uint8Array.of(bits >>> 8, bits & 0xff), given.key, given.fill);
  if (payload.length % protection.blockBytes !== 0) throw new CryptoError('fill-format');
  const header = encodeHeader(given.header, 2 * (payload.length + protection.macBytes));
  const { cipher, mac } = protection.seal({ kbpk: given.kbpk, header: fromAscii(header), payload });
  return header + hex(cipher) + hex(mac);
};

/**
 * How many random bytes follow a key: up to a whole block, and when `hidesLength` is given up to a key of that many
 * bytes, so that the block does not tell how long the key is.
 */
export const keyBlockFillBytes = (given: {
  version: KeyBlockVersion;
  keyBytes: number;
  hidesLength?: number;
}): number => {
  const { blockBytes } = protections[given.version];
  const payloadBytes = 2 + Math.max(given.keyBytes, given.hidesLength ?? 0);
  return Math.ceil(payloadBytes / blockBytes) * blockBytes - 2 - given.keyBytes;
};

/**
 * Opens a key block; nothing of it counts before its MAC is right. Throws `key-block-mac` when the block was altered or
 * the KBPK is another one, `key-block-format`, `key-length` (KBPK). Whether use and algorithm are wanted is the caller's.
 */
export const unwrapKeyBlock = (given: { kbpk: Uint8Array; block: string }): KeyBlock => {
  const { header, headerText } = readHeader(given.block);
  const protection = protections[header.version];
  demandProtectionKey(header.version, given.kbpk);
  const sealed = sealedBytes(given.block.slice(headerText.length));
  const cipher = sealed.subarray(0, Math.max(0, sealed.length - protection.macBytes));
  if (cipher.length < 3 || cipher.length % protection.blockBytes !== 0) throw new CryptoError('key-block-format');
  const mac = sealed.subarray(cipher.length);
  const payload = protection.open({ kbpk: given.kbpk, header: fromAscii(headerText), cipher, mac });
  const bits = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
  if (bits === 0 || bits % 8 !== 0 || 2 + bits / 8 > payload.length) throw new CryptoError('key-block-format');
  return { header, key: payload.slice(2, 2 + bits / 8) };
};

const sealedBytes = (text: string): Uint8Array => {
  if (!/^(?:[0-9A-F]{2})+$/.test(text)) throw new CryptoError('key-block-format');
  return fromHex(text);
};

const demandProtectionKey = (version: KeyBlockVersion, kbpk: Uint8Array): void => {
  const isTdes = version === 'A' || version === 'B' || version === 'C';
  if (!(isTdes ? [16, 24] : [16, 24, 32]).includes(kbpk.length)) throw new CryptoError('key-length');
};

const demandSameMac = (made: Uint8Array, given: Uint8Array): void => {
  if (!equal(made.subarray(0, given.length), given)) throw new CryptoError('key-block-mac');
};

/** A and C: the KBPK's variants (X9.143 5.3.2.1); the MAC covers what was enciphered. */
const byVariants: Protection = {
  blockBytes: 8,
  macBytes: 4,
  seal: ({ kbpk, header, payload }) => {
    const cipher = new DesKey(variant(kbpk, 'E')).encryptCbc(payload, header.subarray(0, 8));
    return { cipher, mac: variantMac(kbpk, header, cipher) };
  },
  open: ({ kbpk, header, cipher, mac }) => {
    demandSameMac(variantMac(kbpk, header, cipher), mac);
    return new DesKey(variant(kbpk, 'E')).decryptCbc(cipher, header.subarray(0, 8));
  },
};

const variant = (kbpk: Uint8Array, letter: 'E' | 'M'): Uint8Array =>
  xor(kbpk, new Uint8Array(kbpk.length).fill(letter.charCodeAt(0)));

const variantMac = (kbpk: Uint8Array, header: Uint8Array, cipher: Uint8Array): Uint8Array =>
  cbcMac(variant(kbpk, 'M'), concat(header, cipher)).slice(0, 4);

/** B, D and E: keys derived by CMAC; the MAC covers what is in clear, and is where the enciphering starts from. */
const byDerivation = (given: {
  blockBytes: 1 | 8 | 16;
  macBytes: 8 | 16;
  mac: (kbpk: Uint8Array, data: Uint8Array) => Uint8Array;
  encipher: (kbpk: Uint8Array, payload: Uint8Array, mac: Uint8Array) => Uint8Array;
  decipher: (kbpk: Uint8Array, cipher: Uint8Array, mac: Uint8Array) => Uint8Array;
}): Protection => ({
  blockBytes: given.blockBytes,
  macBytes: given.macBytes,
  seal: ({ kbpk, header, payload }) => {
    const mac = given.mac(kbpk, concat(header, payload));
    return { cipher: given.encipher(kbpk, payload, mac), mac };
  },
  open: ({ kbpk, header, cipher, mac }) => {
    const payload = given.decipher(kbpk, cipher, mac);
    demandSameMac(given.mac(kbpk, concat(header, payload)), mac);
    return payload;
  },
});

const tdesChain = byDerivation({
  blockBytes: 8,
  macBytes: 8,
  mac: (kbpk, data) => tdesCmac(derivedKey(kbpk, 'mac'), data),
  encipher: (kbpk, payload, mac) => new DesKey(derivedKey(kbpk, 'cbc')).encryptCbc(payload, mac),
  decipher: (kbpk, cipher, mac) => new DesKey(derivedKey(kbpk, 'cbc')).decryptCbc(cipher, mac),
});

const aesMac = (kbpk: Uint8Array, data: Uint8Array): Uint8Array => aesCmac(derivedAesKey(kbpk, 'mac'), data);

const aesChain = byDerivation({
  blockBytes: 16,
  macBytes: 16,
  mac: aesMac,
  encipher: (kbpk, payload, mac) => new AesKey(derivedAesKey(kbpk, 'cbc')).encryptCbc(payload, mac),
  decipher: (kbpk, cipher, mac) => new AesKey(derivedAesKey(kbpk, 'cbc')).decryptCbc(cipher, mac),
});

const counted = (kbpk: Uint8Array, data: Uint8Array, mac: Uint8Array): Uint8Array =>
  new AesKey(derivedAesKey(kbpk, 'counter')).counter(data, mac);

/** Counter mode, so that nothing has to be filled up. */
const aesCounter = byDerivation({ blockBytes: 1, macBytes: 16, mac: aesMac, encipher: counted, decipher: counted });

const protections: Readonly<Record<KeyBlockVersion, Protection>> = {
  A: byVariants,
  B: tdesChain,
  C: byVariants,
  D: aesChain,
  E: aesCounter,
};

/** Uses and algorithms as the derivation data of X9.143 5.3.2.2 numbers them. */
const derivedUses = { cbc: 0, mac: 1, counter: 2 } as const;
type DerivedUse = keyof typeof derivedUses;
const tdesNumbers: Readonly<Record<number, number>> = { 16: 0, 24: 1 };
const aesNumbers: Readonly<Record<number, number>> = { 16: 2, 24: 3, 32: 4 };

/** The KBPK's derived key for a use: CMACs over numbered blocks that name use, algorithm and bits. */
const derived = (
  kbpk: Uint8Array,
  { use, algorithm, mac }: { use: DerivedUse; algorithm: number; mac: (data: Uint8Array) => Uint8Array },
): Uint8Array => {
  const bits = 8 * kbpk.length;
  const part = (block: number): Uint8Array =>
    mac(Uint8Array.of(block, 0, derivedUses[use], 0, 0, algorithm, bits >>> 8, bits & 0xff));
  return concat(part(1), part(2), part(3)).slice(0, kbpk.length);
};

const derivedKey = (kbpk: Uint8Array, use: DerivedUse): Uint8Array => {
  const key = new DesKey(kbpk);
  return derived(kbpk, { use, algorithm: tdesNumbers[kbpk.length] ?? 0, mac: (data) => tdesCmac(key, data) });
};

const derivedAesKey = (kbpk: Uint8Array, use: DerivedUse): Uint8Array => {
  const key = new AesKey(kbpk);
  return derived(kbpk, { use, algorithm: aesNumbers[kbpk.length] ?? 2, mac: (data) => aesCmac(key, data) });
};
