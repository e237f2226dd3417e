import type { SecretKind } from '@zhanggui/secret';

/**
 * n: decimal digits · z: track data, hexadecimal digits and the separator `=` · an, ans: printable ASCII ·
 * b: bytes. Lengths count digits for n and z, bytes for the others.
 */
export type Format = 'n' | 'z' | 'an' | 'ans' | 'b';

export type Length =
  | { readonly kind: 'fixed'; readonly length: number }
  | { readonly kind: 'variable'; readonly prefixDigits: 2 | 3; readonly max: number };

export type FieldSpec = {
  readonly name: string;
  readonly zh: string;
  readonly format: Format;
  readonly length: Length;
  /** Text that may hold Chinese in GBK; lengths still count bytes. */
  readonly charset?: 'gbk';
  /** Side on which an odd count of packed digits sits in its bytes; the rest is a zero nibble. Fixed n is right by default. */
  readonly align?: 'left';
  /** How much of the value may be printed: see `Secret`. */
  readonly secret?: SecretKind;
};

export type FieldTable = Readonly<Record<number, FieldSpec>>;

export type FieldValue = string | Uint8Array;

/** Message fields keyed by number; every one optional, as the bitmap has it. b is bytes, all else is text. */
export type FieldsOf<Table extends FieldTable> = {
  readonly [Field in keyof Table]?: Table[Field] extends { readonly format: 'b' } ? Uint8Array : string;
};

export const fixed = (length: number): Length => ({ kind: 'fixed', length });
export const llvar = (max: number): Length => ({ kind: 'variable', prefixDigits: 2, max });
export const lllvar = (max: number): Length => ({ kind: 'variable', prefixDigits: 3, max });

/** The named rows of a table, for a dialect that takes them as they are. */
export const pick = <Table extends FieldTable, const Field extends keyof Table>(
  table: Table,
  fields: readonly Field[],
): Pick<Table, Field> => {
  const picked: Partial<Pick<Table, Field>> = {};
  for (const field of fields) picked[field] = table[field];
  return picked as Pick<Table, Field>;
};
