import type { SecretKind } from '@zhanggui/secret';
import type { Encoding } from './encoding.ts';

/**
 * n: decimal digits · a: letters · an: letters and digits · anp: those and spaces · as: letters and special characters ·
 * ans: any printable ASCII · z: track data, hexadecimal digits and the separator `=` · x+n: C or D for the side of the
 * account, then digits · b: bytes. Lengths count digits for n and z, characters for x+n, bytes for the others.
 */
export type Format = 'n' | 'a' | 'an' | 'anp' | 'as' | 'ans' | 'z' | 'x+n' | 'b';

/** L to LLLLLL: decimal digits of the length in front of a value, or its bytes where lengths are binary. */
export type PrefixDigits = 1 | 2 | 3 | 4 | 5 | 6;

type LengthOptions = {
  /** What the length in front counts. Unless stated what `max` counts; else bytes as they are sent, or half bytes. */
  readonly counts?: 'bytes' | 'digits';
  /** The length in front counts its own bytes too. */
  readonly inclusive?: true;
};

export type Length =
  | { readonly kind: 'fixed'; readonly length: number }
  | ({ readonly kind: 'variable'; readonly prefixDigits: PrefixDigits; readonly max: number } & LengthOptions);

/** What is inside a composite field. Parts may be composite themselves. Its lengths count bytes. */
export type Composite =
  /** Parts one after the other, numbered from 1 without a gap; the last ones may be left out. */
  | { readonly kind: 'positional'; readonly parts: FieldTable }
  /** A bitmap of its own, whose first bit stands for part 1. */
  | { readonly kind: 'bitmapped'; readonly bitmapBytes: number; readonly parts: FieldTable }
  /** Tag, length and value in turn. A tag without a row is kept as bytes. */
  | {
      readonly kind: 'tagged';
      readonly tagCharacters: number;
      readonly prefixDigits: PrefixDigits;
      readonly parts?: Readonly<Record<string, Omit<FieldSpec, 'length'>>>;
    }
  /**
   * Data sets of ISO 8583:2003: an identifier of one byte as hexadecimal digits, a length of two, content. Sets 01 to 70 hold
   * BER-TLV, the others are kept as bytes unless they have a row.
   */
  | { readonly kind: 'data-sets'; readonly parts?: Readonly<Record<string, Omit<FieldSpec, 'length'>>> }
  /** BER-TLV with tags as hexadecimal digits. Constructed values are elements again, all others bytes. */
  | { readonly kind: 'ber-tlv' };

export type FieldSpec = {
  readonly name: string;
  readonly zh: string;
  readonly format: Format;
  readonly length: Length;
  readonly composite?: Composite;
  /** Text that may hold Chinese in GBK; lengths still count bytes. */
  readonly charset?: 'gbk';
  /** Where this row differs from the dialect's encoding. */
  readonly encoding?: Partial<Encoding>;
  /** Side on which an odd count of packed digits sits in its bytes. Fixed n is right by default, all else left. */
  readonly align?: 'left' | 'right';
  /** The half byte that an odd count of packed digits leaves over; zero unless stated. */
  readonly spare?: 'F';
  /** Fixed text is filled up with a character, which its value then may not have on that side. */
  readonly pad?: { readonly side: 'left' | 'right'; readonly with: string };
  /** How much of the value may be printed: see `Secret`. */
  readonly secret?: SecretKind;
};

export type FieldTable = Readonly<Record<number, FieldSpec>>;

export type FieldValue = string | Uint8Array;

/** A tag and its value, in a composite field of tags. */
export type FieldElement = { readonly tag: string; readonly value: PartValue };

export type PartFields = { readonly [part: number]: PartValue | undefined };

/** A value, or what is inside a composite one: parts by number, or elements in their order. */
export type PartValue = FieldValue | PartFields | readonly FieldElement[];

type ValueOf<Spec> = Spec extends { readonly composite: { readonly parts: infer Parts extends FieldTable } }
  ? FieldsOf<Parts>
  : Spec extends { readonly composite: Composite }
    ? readonly FieldElement[]
    : Spec extends { readonly format: 'b' }
      ? Uint8Array
      : string;

/** Message fields keyed by number; every one optional, as the bitmap has it. b is bytes, all else is text. */
export type FieldsOf<Table extends FieldTable> = {
  readonly [Field in keyof Table]?: ValueOf<Table[Field]>;
};

/** The same fields keyed by name. */
export type NamedFieldsOf<Table extends FieldTable> = {
  readonly [Field in keyof Table as Table[Field] extends { readonly name: infer Name extends string }
    ? Name
    : never]?: ValueOf<Table[Field]>;
};

const variable =
  (prefixDigits: PrefixDigits) =>
  (max: number, options: LengthOptions = {}): Length => ({ kind: 'variable', prefixDigits, max, ...options });

export const fixed = (length: number): Length => ({ kind: 'fixed', length });
export const lvar = variable(1);
export const llvar = variable(2);
export const lllvar = variable(3);
export const llllvar = variable(4);
export const lllllvar = variable(5);
export const llllllvar = variable(6);

/** The named rows of a table, for a dialect that takes them as they are. */
export const pick = <Table extends FieldTable, const Field extends keyof Table>(
  table: Table,
  fields: readonly Field[],
): Pick<Table, Field> => {
  const picked: Partial<Pick<Table, Field>> = {};
  for (const field of fields) picked[field] = table[field];
  return picked as Pick<Table, Field>;
};

/** Whole rows for new fields, and of known ones only what differs; `null` takes a field out. */
export type TableChanges = Readonly<Record<number, Partial<FieldSpec> | null>>;

type RowOf<Table, Changes, Field> = Field extends keyof Changes
  ? Field extends keyof Table
    ? Omit<Table[Field], keyof Changes[Field]> & Changes[Field]
    : Changes[Field]
  : Field extends keyof Table
    ? Table[Field]
    : never;

export type Extended<Table extends FieldTable, Changes extends TableChanges> = {
  readonly [Field in keyof Table | keyof Changes as Field extends keyof Changes
    ? Changes[Field] extends null
      ? never
      : Field
    : Field]: RowOf<Table, Changes, Field> extends FieldSpec ? RowOf<Table, Changes, Field> : never;
};

/** A table that names only where it differs from another. */
export const extendTable = <Table extends FieldTable, const Changes extends TableChanges>(
  table: Table,
  changes: Changes,
): Extended<Table, Changes> => {
  const rows: Record<number, FieldSpec> = { ...table };
  for (const [number, change] of Object.entries<Partial<FieldSpec> | null>(changes)) {
    if (change === null) delete rows[Number(number)];
    else rows[Number(number)] = { ...rows[Number(number)], ...change } as FieldSpec;
  }
  return rows as Extended<Table, Changes>;
};
