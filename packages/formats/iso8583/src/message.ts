import { Secret } from '@zhanggui/secret';
import type { Composite, FieldElement, FieldSpec, FieldTable, PartValue } from './field-table.ts';

/** A message type indicator of four digits and the fields it came with. Made by a dialect, it prints with its secrets masked. */
export type Message<Fields extends object = object> = { readonly mti: string; readonly fields: Fields };

const inspect = Symbol.for('nodejs.util.inspect.custom');

type Row = Pick<FieldSpec, 'secret' | 'composite'>;

const textOf = (value: PartValue): string => {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex').toUpperCase();
  return JSON.stringify(value);
};

const isElements = (value: PartValue): value is readonly FieldElement[] => Array.isArray(value);

const partRow = (composite: Composite | undefined, key: string): Row | undefined => {
  if (composite === undefined || composite.kind === 'ber-tlv') return undefined;
  return composite.kind === 'tagged' || composite.kind === 'data-sets'
    ? composite.parts?.[key]
    : composite.parts[Number(key)];
};

/** Values as they may be printed: secrets masked, bytes as hexadecimal, composite ones part by part. */
const maskValue = (row: Row | undefined, value: PartValue): unknown => {
  if (row?.secret !== undefined) return new Secret(row.secret, textOf(value)).toString();
  if (isElements(value)) {
    return value.map(({ tag, value: inner }) => ({ tag, value: maskValue(partRow(row?.composite, tag), inner) }));
  }
  if (typeof value === 'string' || value instanceof Uint8Array) return textOf(value);
  return maskParts(value, (part) => partRow(row?.composite, part));
};

const maskParts = (parts: object, rowOf: (key: string) => Row | undefined): Record<string, unknown> => {
  const shown: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(parts)) if (value !== undefined) shown[key] = maskValue(rowOf(key), value);
  return shown;
};

/** Makers of messages and fields that meet the mask whenever they are printed, the fields also when alone. */
export const maskedClasses = <Fields extends object>(table: FieldTable) => {
  const rowsByName = new Map(Object.values(table).map((row) => [row.name, row]));
  const maskFields = (fields: object): object => maskParts(fields, (field) => table[Number(field)]);

  /**
   * An array, because an engine makes room in one for all its fields at once; in a plain object each number beyond the room there is
   * costs as much as four fields. It is used as an object: own keys are the fields that are there.
   */
  class MaskedFields extends Array<PartValue> {
    constructor(highest: number) {
      super(highest + 1);
    }

    toJSON(): object {
      return maskFields(this);
    }

    [inspect](): object {
      return this.toJSON();
    }
  }

  class NamedFields {
    [field: string]: unknown;

    toJSON(): object {
      return maskParts(this, (name) => rowsByName.get(name));
    }

    [inspect](): object {
      return maskParts(this, (name) => rowsByName.get(name));
    }
  }

  class MaskedMessage {
    readonly mti: string;
    readonly fields: Fields;

    constructor(mti: string, fields: Fields) {
      this.mti = mti;
      this.fields = fields;
    }

    toJSON(): object {
      return { mti: this.mti, fields: maskFields(this.fields) };
    }

    [inspect](): object {
      return this.toJSON();
    }
  }

  const named = (fields: object): object => {
    const byName = new NamedFields();
    for (const [number, value] of Object.entries(fields)) {
      const row = table[Number(number)];
      if (row !== undefined && value !== undefined) byName[row.name] = value;
    }
    return byName;
  };

  return {
    /** Room for fields up to a number. */
    emptyFields: (highest: number): Record<number, PartValue> => new MaskedFields(highest),
    named,
    message: (mti: string, fields: Fields): Message<Fields> => new MaskedMessage(mti, fields),
    masked: (message: Message<Fields>): object => ({ mti: message.mti, fields: maskFields(message.fields) }),
  };
};
