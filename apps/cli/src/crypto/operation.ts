import { hex } from '@zhanggui/bytes';
import { type Command, DataError, type Input, type Option, type Options } from '../command.ts';

/** What a calculation gives: bytes are printed in hexadecimal. An object is more results beside `result`. */
export type Result =
  | string
  | boolean
  | Uint8Array
  | { readonly result: string | boolean | Uint8Array; readonly [more: string]: unknown };

/** One calculation from the shell: the words after `crypto`, what it takes, an example that the tests run, and the sum itself. */
export type Operation = {
  readonly word: string;
  readonly summary: string;
  readonly options: Options;
  /** Options of the example line, and what it gives under `result`; no result when chance has a part in it. */
  readonly example?: readonly [line: string, result?: string | boolean];
  /** Instead of an example, for what takes files or long data: shown, and not run. */
  readonly sketch?: string;
  /** Further lines of the same form. */
  readonly more?: readonly (readonly [line: string, result?: string | boolean])[];
  calculate(input: Input): Result | Promise<Result>;
};

export const required = { isRequired: true } as const;
export const key: Option = { kind: 'hex', help: 'DES key of 8, 16 or 24 bytes', ...required };
export const pan: Option = { kind: 'digits', help: 'card number', ...required };
export const pin: Option = { kind: 'digits', help: 'PIN, 4 to 12 digits', ...required };
export const data: Option = { kind: 'hex', help: 'what it is calculated over', ...required };
export const psn: Option = { kind: 'digits', help: 'PAN sequence number, two digits', usual: '00' };

/** A number between bounds, of an option of digits. Throws `DataError`. */
export const numberOf = (input: Input, name: string, { least, most }: { least: number; most: number }): number => {
  const value = Number(input.text(name));
  if (value < least || value > most) throw new DataError(`--${name}: ${least} to ${most}`);
  return value;
};

export const exampleKey = '0123456789ABCDEFFEDCBA9876543210';
export const examplePan = '6225000000000014';

const plain = (value: unknown): unknown => (value instanceof Uint8Array ? hex(value) : value);

const asJson = (result: Result): object => {
  if (typeof result !== 'object' || result instanceof Uint8Array) return { result: plain(result) };
  return Object.fromEntries(Object.entries(result).map(([name, value]) => [name, plain(value)]));
};

const exampleOf = (word: string, [line, result]: NonNullable<Operation['example']>) => ({
  line: `crypto ${word} ${line}`.trim(),
  ...(result === undefined ? {} : { prints: { result } }),
});

export const commandOf = ({ word, summary, options, example, sketch, more = [], calculate }: Operation): Command => ({
  name: `crypto ${word}`,
  summary,
  options,
  examples: [
    ...(example === undefined ? [] : [exampleOf(word, example)]),
    ...more.map((line) => exampleOf(word, line)),
    ...(sketch === undefined ? [] : [{ line: `crypto ${word} ${sketch}`, isSketch: true as const }]),
  ],
  run: async (input) => ({ json: asJson(await calculate(input)) }),
});
