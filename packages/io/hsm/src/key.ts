/** One row per key use: the lengths it may have, and under which keys it may travel. What may not travel is never exported. */
export const keyUses = {
  zmk: { bytes: [16, 24], under: [] },
  tmk: { bytes: [8, 16, 24], under: ['zmk', 'tmk'] },
  tpk: { bytes: [8, 16, 24], under: ['tmk'] },
  tak: { bytes: [8, 16, 24], under: ['tmk'] },
  tdk: { bytes: [8, 16, 24], under: ['tmk'] },
  zpk: { bytes: [8, 16, 24], under: ['zmk'] },
  zak: { bytes: [8, 16, 24], under: ['zmk'] },
  pvk: { bytes: [16, 24], under: [] },
  cvk: { bytes: [16], under: [] },
  'mdk-ac': { bytes: [16], under: [] },
  'pan-hash': { bytes: [32], under: [] },
  data: { bytes: [32], under: [] },
} as const satisfies Record<string, { bytes: readonly number[]; under: readonly string[] }>;

/**
 * What a key is for, and nothing else: zmk and tmk carry keys to members and terminals; tpk, tak, tdk are a terminal's
 * working keys for PIN, MAC and track; zpk, zak those of a switch link; pvk, cvk, mdk-ac an issuer's for PIN offsets,
 * card values and chip cryptograms; pan-hash looks up PANs; data seals stored fields.
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
