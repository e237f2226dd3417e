export type KeyAlgorithm = 'des' | 'aes' | 'sm4';

/** One row per key use: the lengths it may have, and under which keys it may travel. What may not travel is never exported. */
export const keyUses = {
  zmk: { algorithm: 'des', bytes: [16, 24], under: [] },
  tmk: { algorithm: 'des', bytes: [8, 16, 24], under: ['zmk', 'tmk'] },
  tpk: { algorithm: 'des', bytes: [8, 16, 24], under: ['tmk'] },
  tak: { algorithm: 'des', bytes: [8, 16, 24], under: ['tmk'] },
  tdk: { algorithm: 'des', bytes: [8, 16, 24], under: ['tmk'] },
  zpk: { algorithm: 'des', bytes: [8, 16, 24], under: ['zmk'] },
  zak: { algorithm: 'des', bytes: [8, 16, 24], under: ['zmk'] },
  pvk: { algorithm: 'des', bytes: [16, 24], under: [] },
  cvk: { algorithm: 'des', bytes: [16], under: [] },
  'mdk-ac': { algorithm: 'des', bytes: [16], under: [] },
  'mdk-ac-sm4': { algorithm: 'sm4', bytes: [16], under: [] },
  'pan-hash': { algorithm: 'aes', bytes: [32], under: [] },
  data: { algorithm: 'aes', bytes: [32], under: [] },
  audit: { algorithm: 'aes', bytes: [32], under: [] },
  'tpk-aes': { algorithm: 'aes', bytes: [16, 24, 32], under: [] },
  'zpk-aes': { algorithm: 'aes', bytes: [16, 24, 32], under: [] },
  kbpk: { algorithm: 'des', bytes: [16, 24], under: [] },
  'kbpk-aes': { algorithm: 'aes', bytes: [16, 24, 32], under: [] },
  'zmk-sm4': { algorithm: 'sm4', bytes: [16], under: [] },
  'tmk-sm4': { algorithm: 'sm4', bytes: [16], under: ['zmk-sm4', 'tmk-sm4'] },
  'tpk-sm4': { algorithm: 'sm4', bytes: [16], under: ['tmk-sm4'] },
  'tak-sm4': { algorithm: 'sm4', bytes: [16], under: ['tmk-sm4'] },
  'zpk-sm4': { algorithm: 'sm4', bytes: [16], under: ['zmk-sm4'] },
  'zak-sm4': { algorithm: 'sm4', bytes: [16], under: ['zmk-sm4'] },
} as const satisfies Record<string, { algorithm: KeyAlgorithm; bytes: readonly number[]; under: readonly string[] }>;

/**
 * What a key is for, and nothing else: zmk and tmk carry keys to members and terminals; tpk, tak, tdk are a terminal's
 * working keys for PIN, MAC and track; zpk, zak those of a switch link; pvk, cvk, mdk-ac an issuer's for PIN offsets,
 * card values and chip cryptograms; pan-hash looks up PANs; data seals stored fields; audit seals the module's own record and is taken by no command. `-aes` and `-sm4` are the same
 * for those algorithms: the algorithm belongs to the use, and is sealed with it. kbpk carries key blocks.
 */
export type KeyUse = keyof typeof keyUses;

/** `kcv` is 8 hexadecimal digits: the first four bytes of a zero block enciphered. */
export type KeyInfo = Readonly<{ ref: string; use: KeyUse; bytes: number; kcv: string }>;

/** A key as it is stored: sealed under the LMK together with its ref, use and length. */
export type SealedKey = KeyInfo & Readonly<{ sealed: Uint8Array }>;

export const isKeyUse = (text: string): text is KeyUse => Object.hasOwn(keyUses, text);

export const mayTravelUnder = (use: KeyUse, carrier: KeyUse): boolean =>
  (keyUses[use].under as readonly KeyUse[]).includes(carrier);

export const isLengthOf = (use: KeyUse, bytes: number): boolean =>
  (keyUses[use].bytes as readonly number[]).includes(bytes);

/** Keys that carry keys under them. */
export const carrierUses: readonly KeyUse[] = ['zmk', 'tmk', 'zmk-sm4', 'tmk-sm4'];
