import { hex } from '@zhanggui/bytes';
import type { FieldSpec, FieldTable } from '@zhanggui/iso8583';
import { DataError } from './command.ts';
import { bytesOf } from './hex-text.ts';

/** What a row says of a value, whatever its length: parts of tagged fields have none. */
type Row = Omit<FieldSpec, 'length'>;

/** Values as JSON can have them: bytes as upper-case hexadecimal, fields within fields likewise. */
export const jsonOf = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, jsonOf(inner)]));
};

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field by its number or by its name. */
const numberOf = (key: string, table: FieldTable, place: string): number => {
  if (/^\d+$/.test(key)) return Number(key);
  const found = Object.entries(table).find(([, { name }]) => name === key);
  if (found === undefined) throw new DataError(`${place}${key}: there is no field of this name`);
  return Number(found[0]);
};

/** Fields keyed by number, as a dialect encodes them, from JSON keyed by number or name. Throws `DataError` with the place. */
export const fieldsOf = (
  json: Readonly<Record<string, unknown>>,
  table: FieldTable,
  place = '',
): Record<number, unknown> => {
  const fields: Record<number, unknown> = {};
  for (const [key, value] of Object.entries(json)) {
    const number = numberOf(key, table, place);
    if (fields[number] !== undefined) throw new DataError(`${place}F${number}: given twice, by number and by name`);
    fields[number] = valueOf(value, table[number], place === '' ? `F${number}` : `${place}${number}`);
  }
  return fields;
};

const textOf = (value: unknown, place: string): string => {
  if (typeof value !== 'string') throw new DataError(`${place}: a text is wanted`);
  return value;
};

const valueOf = (value: unknown, row: Row | undefined, place: string): unknown => {
  const composite = row?.composite;
  if (composite === undefined) return row?.format === 'b' ? bytesOf(textOf(value, place), place) : textOf(value, place);
  switch (composite.kind) {
    case 'positional':
    case 'bitmapped':
      if (!isRecord(value)) throw new DataError(`${place}: an object of its parts is wanted`);
      return fieldsOf(value, composite.parts, `${place}.`);
    case 'tagged':
      return elementsOf(value, place, (inner, tag) => {
        const part = composite.parts?.[tag];
        const where = `${place}.${tag}`;
        return part === undefined ? bytesOf(textOf(inner, where), where) : valueOf(inner, part, where);
      });
    case 'data-sets':
      return elementsOf(value, place, (inner, tag) => {
        const part = composite.parts?.[tag];
        const where = `${place}.${tag}`;
        if (part !== undefined) return valueOf(inner, part, where);
        return Array.isArray(inner) ? berElementsOf(inner, where) : bytesOf(textOf(inner, where), where);
      });
    case 'ber-tlv':
      return berElementsOf(value, place);
  }
};

const berElementsOf = (value: unknown, place: string): unknown =>
  elementsOf(value, place, (inner, tag) =>
    Array.isArray(inner)
      ? berElementsOf(inner, `${place}.${tag}`)
      : bytesOf(textOf(inner, `${place}.${tag}`), `${place}.${tag}`),
  );

const elementsOf = (value: unknown, place: string, inside: (inner: unknown, tag: string) => unknown): unknown => {
  if (!Array.isArray(value)) throw new DataError(`${place}: an array of elements with tag and value is wanted`);
  return value.map((element: unknown) => {
    if (!isRecord(element) || typeof element['tag'] !== 'string')
      throw new DataError(`${place}: every element has a tag, a text, and a value`);
    return { tag: element['tag'], value: inside(element['value'], element['tag']) };
  });
};
