import { Secret } from '@zhanggui/secret';
import type { FieldTable, FieldValue } from './field-table.ts';

/** A message type indicator of four digits and the fields it came with. Made by a dialect, it prints with its secrets masked. */
export type Message<Fields extends object = object> = { readonly mti: string; readonly fields: Fields };

const inspect = Symbol.for('nodejs.util.inspect.custom');

const maskValue = (table: FieldTable, field: number, value: FieldValue): string => {
  const text = typeof value === 'string' ? value : Buffer.from(value).toString('hex').toUpperCase();
  const secret = table[field]?.secret;
  return secret === undefined ? text : new Secret(secret, text).toString();
};

const maskFields = (table: FieldTable, fields: object): Record<string, string> => {
  const shown: Record<string, string> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (value !== undefined) shown[field] = maskValue(table, Number(field), value);
  }
  return shown;
};

/** Makers of messages and fields that meet the mask whenever they are printed, the fields also when alone. */
export const maskedClasses = <Fields extends object>(table: FieldTable) => {
  class MaskedFields {
    [field: number]: FieldValue;

    toJSON(): object {
      return maskFields(table, this);
    }

    [inspect](): object {
      return this.toJSON();
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
      return { mti: this.mti, fields: maskFields(table, this.fields) };
    }

    [inspect](): object {
      return this.toJSON();
    }
  }

  return {
    emptyFields: (): Record<number, FieldValue> => new MaskedFields(),
    message: (mti: string, fields: Fields): Message<Fields> => new MaskedMessage(mti, fields),
    masked: (message: Message<Fields>): object => ({ mti: message.mti, fields: maskFields(table, message.fields) }),
  };
};
