import { fail } from './codec-error.ts';
import type { FieldValue } from './field-table.ts';

/**
 * The bytes being read, a position in them, and where the message or the composite field around the position ends. `text`
 * is the whole message rendered once, one character per byte: a field of characters is then a substring, which costs far
 * less than a conversion of its own.
 */
export type Source = { readonly bytes: Uint8Array; readonly text: string; at: number; end: number };

/** How values of one format lie in bytes. `units` is what `max` counts: digits, characters or bytes. */
export type ValueCodec<Value extends FieldValue = FieldValue> = {
  /** Units the value takes. Throws when it is text for bytes, or bytes for text. */
  measure(value: unknown, field: string): number;
  bytesFor(units: number): number;
  /** Writes a value that was measured; the position after it. */
  put(out: Uint8Array, at: number, value: Value, field: string): number;
  /** Reads `units` at the position of the source, which the caller advances. */
  get(source: Source, units: number, field: string): Value;
};

export const measureText = (value: unknown, field: string): number =>
  typeof value === 'string' ? value.length : fail('value-malformed', field);
