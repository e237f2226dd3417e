export type CryptoErrorCode =
  | 'key-length'
  | 'not-whole-blocks'
  | 'pan-format'
  | 'pin-format'
  | 'fill-format'
  | 'card-data-format'
  | 'table-format'
  | 'track-format'
  | 'ksn-format'
  | 'keys-exhausted'
  | 'device-format'
  | 'key-block-format'
  | 'key-block-mac'
  | 'sm2-key'
  | 'sm2-nonce'
  | 'sm2-cipher'
  | 'tag-mismatch';

/** Bad input to a calculation. Carries a code only: the value may be a PIN, a PAN or a key. */
export class CryptoError extends Error {
  readonly code: CryptoErrorCode;

  constructor(code: CryptoErrorCode) {
    super(code);
    this.name = 'CryptoError';
    this.code = code;
  }
}
