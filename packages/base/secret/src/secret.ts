/** What a secret is; decides how much of it may be shown. */
export type SecretKind = 'pan' | 'track' | 'pin' | 'key' | 'payment-code';

/** First six and last four digits, the rest starred. What is not a whole PAN (12 to 19 digits) is masked wholly. */
export const maskPan = (digits: string): string =>
  /^\d{12,19}$/.test(digits)
    ? `${digits.slice(0, 6)}${'*'.repeat(digits.length - 10)}${digits.slice(-4)}`
    : '*'.repeat(digits.length);

const inspect = Symbol.for('nodejs.util.inspect.custom');

/** A value that prints masked in logs, errors, JSON and test diffs; `reveal()` is the only way to the clear text. */
export class Secret<Kind extends SecretKind = SecretKind> {
  readonly kind: Kind;
  readonly #value: string;

  constructor(kind: Kind, value: string) {
    this.kind = kind;
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return this.kind === 'pan' ? maskPan(this.#value) : '****';
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect](): string {
    return this.toString();
  }
}

/** Primary account number: digits only, 12 to 19 of them (ISO/IEC 7812-1). */
export type Pan = Secret<'pan'>;

export const pan = (digits: string): Pan => new Secret('pan', digits);
