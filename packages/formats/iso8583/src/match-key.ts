import type { Message } from './message.ts';

/** Third digit of an answer's type indicator back to its request's: 1 answers 0, 3 answers 2, 5 answers 4. */
const REQUEST_FUNCTIONS: Readonly<Record<string, string>> = { '1': '0', '3': '2', '5': '4' };

/** A repeat (0201, 0421) is the same request again, and its answer answers both. */
const REPEATS = new Set(['1', '3', '5']);

const requestMti = (mti: string): string => {
  const [version = '', kind = '', direction = '', origin = ''] = mti;
  const originOfFirst = REPEATS.has(origin) ? String(Number(origin) - 1) : origin;
  return version + kind + (REQUEST_FUNCTIONS[direction] ?? direction) + originOfFirst;
};

/** Type indicator of the request and the named fields, of a request and of its answer alike. A field that is absent or no text is empty. */
export const matchKey = ({ mti, fields }: Message, matchOn: readonly number[]): string => {
  const values = fields as Readonly<Record<number, unknown>>;
  const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
  return [requestMti(mti), ...matchOn.map((field) => textOf(values[field]))].join('|');
};
