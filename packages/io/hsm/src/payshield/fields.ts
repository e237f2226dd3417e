import { HsmError } from '../hsm-error.ts';

/**
 * One field of a host command. `text` has a fixed number of characters; `key` is as long as its scheme letter says;
 * `until` runs to its mark; `counted` has its length in front, in hexadecimal digits; `mark` is always the same; `rest`
 * is what is left. Binary fields are characters from 0 to 255.
 */
export type HostField =
  | Readonly<{ kind: 'text'; name: string; length: number }>
  | Readonly<{ kind: 'key'; name: string }>
  | Readonly<{ kind: 'until'; name: string; mark: string }>
  | Readonly<{ kind: 'counted'; name: string; digits: number }>
  | Readonly<{ kind: 'mark'; mark: string }>
  | Readonly<{ kind: 'rest'; name: string }>;

export type HostValues = Readonly<Record<string, string | undefined>>;

export const text = (name: string, length: number): HostField => ({ kind: 'text', name, length });
export const key = (name: string): HostField => ({ kind: 'key', name });
export const until = (name: string, mark: string): HostField => ({ kind: 'until', name, mark });
export const counted = (name: string, digits: number): HostField => ({ kind: 'counted', name, digits });
export const mark = (characters: string): HostField => ({ kind: 'mark', mark: characters });
export const rest = (name: string): HostField => ({ kind: 'rest', name });

/** Throws `data-format` when a value does not fit its field. */
export const writeFields = (fields: readonly HostField[], values: HostValues): string =>
  fields.map((field) => written(field, field.kind === 'mark' ? '' : (values[field.name] ?? ''))).join('');

const written = (field: HostField, value: string): string => {
  switch (field.kind) {
    case 'text':
      return demand(value, value.length === field.length);
    case 'key':
      return demand(value, value.length > 0 && value.length === keyCharacters(value));
    case 'until':
      return demand(value, !value.includes(field.mark)) + field.mark;
    case 'counted':
      return countOf(demand(value, value.length < 16 ** field.digits), field.digits) + value;
    case 'mark':
      return field.mark;
    case 'rest':
      return value;
  }
};

/** Throws `data-format` when the text is not these fields and nothing behind them. */
export const readFields = (fields: readonly HostField[], message: string): HostValues => {
  const values: Record<string, string> = {};
  let at = 0;
  const take = (characters: number): string => {
    const part = message.slice(at, at + characters);
    at += characters;
    return demand(part, part.length === characters);
  };
  for (const field of fields) {
    if (field.kind === 'text') values[field.name] = take(field.length);
    if (field.kind === 'key') values[field.name] = take(keyCharacters(message.slice(at)));
    if (field.kind === 'counted') values[field.name] = take(Number.parseInt(take(field.digits), 16));
    if (field.kind === 'mark') demand(field.mark, take(field.mark.length) === field.mark);
    if (field.kind === 'rest') values[field.name] = take(message.length - at);
    if (field.kind === 'until') {
      const end = message.indexOf(field.mark, at);
      values[field.name] = take(demand(end, end >= 0) - at);
      at += field.mark.length;
    }
  }
  demand(message, at === message.length);
  return values;
};

/** Scheme letters: Z or none single, U and X double, T and Y triple length. */
const keyCharacters = (token: string): number => {
  const scheme = token.charAt(0);
  if (scheme === 'U' || scheme === 'X') return 33;
  if (scheme === 'T' || scheme === 'Y') return 49;
  return scheme === 'Z' ? 17 : 16;
};

const countOf = (value: string, digits: number): string =>
  value.length.toString(16).toUpperCase().padStart(digits, '0');

const demand = <Value>(value: Value, isSound: boolean): Value => {
  if (!isSound) throw new HsmError('data-format');
  return value;
};
