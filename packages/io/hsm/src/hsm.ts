import type { KeyInfo, KeyUse } from './key.ts';
import type { PinFormat } from './pin-blocks.ts';

/**
 * `unionpay-ecb` and `interchange` give the 8 ASCII bytes of fields 64 and 128, and so do `unionpay-sm4` and
 * `interchange-sm4` under SM4 keys; `x919` gives 8 binary bytes, `sm4-cbc` 16.
 */
export type MacAlgorithm = 'unionpay-ecb' | 'interchange' | 'x919' | 'unionpay-sm4' | 'interchange-sm4' | 'sm4-cbc';

export type PinVerdict = 'match' | 'mismatch' | 'format-error';

/** How often a command ended how: `ok`, a refused verdict, an `HsmErrorCode`, or `failed` when the store was out of reach. */
export type CommandCount = Readonly<{ command: string; outcome: string; count: number }>;

/**
 * A hardware security module as callers see it: keys are named, never shown; each has one use, and a command refuses a
 * key of another (`key-use`). Commands reject with `HsmError`. `pan` is the digits, `psn` two digits, `atc` 2 bytes,
 * `expiry` YYMM, `arc` two characters.
 *
 * A key is kept ready in memory after its first use. Where several processes share a store, give a new key a new ref:
 * a ref whose key was replaced elsewhere is not noticed.
 */
export interface Hsm {
  generateKey(order: { ref: string; use: KeyUse; bytes: number }): Promise<KeyInfo>;
  /** The key is the exclusive or of the components. `kcv`: its first 3 to 8 bytes. */
  importComponents(order: {
    ref: string;
    use: KeyUse;
    components: readonly Uint8Array[];
    kcv?: Uint8Array;
  }): Promise<KeyInfo>;
  /** Takes in a key sent under a zmk or tmk (ECB). Rejects with `kcv-mismatch` and keeps what was there. */
  importKey(order: {
    ref: string;
    use: KeyUse;
    cryptogram: Uint8Array;
    under: string;
    kcv?: Uint8Array;
  }): Promise<KeyInfo>;
  /** The key under a zmk or tmk (ECB), with all 8 bytes of its check value. */
  exportKey(order: { ref: string; under: string }): Promise<{ cryptogram: Uint8Array; kcv: Uint8Array }>;
  keyInfo(ref: string): Promise<KeyInfo | undefined>;
  removeKey(ref: string): Promise<void>;

  mac(order: { key: string; algorithm: MacAlgorithm; data: Uint8Array }): Promise<Uint8Array>;
  verifyMac(order: { key: string; algorithm: MacAlgorithm; data: Uint8Array; mac: Uint8Array }): Promise<boolean>;

  /** For the PIN pad alone: a clear PIN into a block under its tpk, of the key's usual format unless another is named. */
  encryptPin(order: { key: string; pin: string; pan: string; format?: PinFormat }): Promise<Uint8Array>;
  /**
   * A block from a PIN key to a zone's PIN key, same PAN; the formats are the keys' usual ones (0 for triple DES, 4 for
   * AES, SM4's own) unless named. Rejects with `pin-format` when the block was not made under `from`, `pin-limit`.
   */
  translatePin(order: {
    from: string;
    to: string;
    block: Uint8Array;
    pan: string;
    formats?: { from?: PinFormat; to?: PinFormat };
  }): Promise<Uint8Array>;
  /**
   * Checks the PIN of a block against the card's IBM 3624 offset. `format-error`: the block was not made under this key.
   * A block of this key that holds other than digits, because the PAN is another one, is a `mismatch` like any wrong
   * PIN. After too many of them for one card every further answer is `mismatch`, counted and recorded as `pin-limit`.
   */
  verifyPin(order: {
    key: string;
    block: Uint8Array;
    pan: string;
    pvk: string;
    offset: string;
    format?: PinFormat;
  }): Promise<PinVerdict>;
  /** For issuing. Counts as a guess, since its answers can be compared. */
  makePinOffset(order: { pvk: string; pan: string; pin: string }): Promise<string>;

  /** For issuing: the three digits of a card value, CVV2 with service code 000, iCVV with 999. */
  makeCvv(order: { cvk: string; pan: string; expiry: string; serviceCode: string }): Promise<string>;
  verifyCvv(order: { cvk: string; pan: string; expiry: string; serviceCode: string; cvv: string }): Promise<boolean>;
  /** `data` is the cryptogram's input as the card's profile orders it, without padding. The key says whether it is triple DES or SM4. */
  verifyArqc(order: {
    mdk: string;
    pan: string;
    psn: string;
    atc: Uint8Array;
    data: Uint8Array;
    arqc: Uint8Array;
  }): Promise<boolean>;
  makeArpc(order: {
    mdk: string;
    pan: string;
    psn: string;
    atc: Uint8Array;
    arqc: Uint8Array;
    arc: string;
  }): Promise<Uint8Array>;

  /** A track as terminals send it, eight of its bytes enciphered under a tdk; and back. Rejects with `data-format`. */
  encryptTrack(order: { key: string; track: string }): Promise<string>;
  decryptTrack(order: { key: string; track: string }): Promise<string>;
  /** 32 bytes that find a PAN again without showing it. */
  hashPan(order: { key: string; pan: string }): Promise<Uint8Array>;
  seal(order: { key: string; data: Uint8Array }): Promise<Uint8Array>;
  /** Rejects with `seal-broken`. */
  open(order: { key: string; data: Uint8Array }): Promise<Uint8Array>;

  counts(): CommandCount[];
}
