/** One option of a command: `hex` is bytes in hexadecimal text, `flag` takes no value, the rest are texts. */
export type Option = {
  readonly kind: 'hex' | 'digits' | 'text' | 'flag';
  readonly help: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  readonly isRequired?: true;
  /** May be given more than once. */
  readonly isMany?: true;
  /** What is taken when it is not given. */
  readonly usual?: string;
};

export type Options = Readonly<Record<string, Option>>;

/** A line that works, shown in the help and run by the tests: what comes in by stdin, and what it prints. */
type Example = {
  readonly line: string;
  readonly stdin?: string;
  readonly prints?: unknown;
  /** Takes files or data too long to show: it is not run. */
  readonly isSketch?: true;
};

/** What a command is to print: an object as JSON, or text as it is. */
export type Output = { readonly json: unknown } | { readonly text: string };

/** What a command was given. Each question throws `UsageError` or `DataError` when the answer would not do. */
export type Input = {
  /** The word after the command; without one, standard input. */
  argument(): Promise<string>;
  argumentBytes(): Promise<Uint8Array>;
  /** JSON as it stands on the line, or what the file of that name holds. */
  argumentOrFile(): Promise<string>;
  has(name: string): boolean;
  text(name: string): string;
  bytes(name: string): Uint8Array;
  many(name: string): readonly string[];
  random(bytes: number): Uint8Array;
  /** YYMMDD */
  today(): string;
};

/** One thing the command can do. Help, parsing and tests derive from the list of these. */
export type Command = {
  /** Its words: `crypto mac`. */
  readonly name: string;
  readonly summary: string;
  readonly argument?: { readonly name: string; readonly help: string };
  readonly options: Options;
  readonly examples: readonly Example[];
  run(input: Input): Output | Promise<Output>;
};

/** The line was not understood: exit code 2. `hint` is what the writer may have meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** The bytes or values are wrong: exit code 1. Says where, never the value (it may be a PAN or a key). */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly hint: string | undefined;
  /** What was understood before the fault, printed all the same. */
  readonly partial: Output | undefined;

  /** `cause` is the typed error behind it, whose code is explained. */
  constructor(message: string, { hint, partial, cause }: { hint?: string; partial?: Output; cause?: Error } = {}) {
    super(message, { cause });
    this.hint = hint;
    this.partial = partial;
  }
}
