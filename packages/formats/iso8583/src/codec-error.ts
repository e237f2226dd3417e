export type CodecErrorCode =
  | 'bitmap-malformed'
  | 'field-unknown'
  | 'field-missing'
  | 'value-malformed'
  | 'value-truncated'
  | 'length-malformed'
  | 'length-mismatch'
  | 'length-exceeds-max'
  | 'padding-malformed'
  | 'trailing-bytes'
  | 'frame-malformed';

/** Where it went wrong: a field such as `F2`, and on reading the byte offset within the bytes given. */
export type CodecPlace = { readonly field?: string; readonly offset?: number };

/** Bytes or values that are not a message of the dialect: what and where, never the value (it may be a PAN). */
export class CodecError extends Error {
  override readonly name = 'CodecError';
  readonly code: CodecErrorCode;
  readonly place: CodecPlace;

  constructor(code: CodecErrorCode, place: CodecPlace = {}) {
    const field = place.field === undefined ? '' : ` in ${place.field}`;
    const offset = place.offset === undefined ? '' : ` at byte ${place.offset}`;
    super(`${code}${field}${offset}`);
    this.code = code;
    this.place = place;
  }
}

export const fail = (code: CodecErrorCode, field: string, offset?: number): never => {
  throw new CodecError(code, offset === undefined ? { field } : { field, offset });
};
