export type HsmErrorCode =
  | 'key-unknown'
  | 'key-use'
  | 'key-length'
  | 'kcv-mismatch'
  | 'seal-broken'
  | 'pin-format'
  | 'pin-limit'
  | 'data-format'
  | 'component-person'
  | 'ceremony-state'
  | 'not-supported'
  | 'device-away'
  | 'device-refused';

/** A refused command. Names the reference of the key at most, never the key, the PIN or the data. */
export class HsmError extends Error {
  readonly code: HsmErrorCode;
  readonly ref: string | undefined;

  constructor(code: HsmErrorCode, ref?: string) {
    super(ref === undefined ? code : `${code}: ${ref}`);
    this.name = 'HsmError';
    this.code = code;
    this.ref = ref;
  }
}
