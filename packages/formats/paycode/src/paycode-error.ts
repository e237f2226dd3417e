export type PaycodeErrorCode =
  | 'text-malformed'
  | 'too-long'
  | 'tag-malformed'
  | 'length-malformed'
  | 'length-out-of-range'
  | 'value-truncated'
  | 'value-malformed'
  | 'nested-too-deep'
  | 'object-missing'
  | 'object-repeated'
  | 'object-misplaced'
  | 'objects-disagree'
  | 'version-unknown'
  | 'crc-mismatch';

/** The tag with the templates around it (`62.07`, `61.4F`), and the offset: characters of a merchant's code, bytes of a consumer's. */
type PaycodePlace = Readonly<{ tag?: string; offset?: number }>;

/** Not a code this room would write: what is wrong and where, never the value (it may be a PAN). */
export class PaycodeError extends Error {
  override readonly name = 'PaycodeError';
  readonly code: PaycodeErrorCode;
  readonly place: PaycodePlace;

  constructor(code: PaycodeErrorCode, place: PaycodePlace = {}) {
    const tag = place.tag === undefined ? '' : ` in ${place.tag}`;
    super(`${code}${tag}${place.offset === undefined ? '' : ` at ${place.offset}`}`);
    this.code = code;
    this.place = place;
  }
}
