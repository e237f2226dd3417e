/** The world as a command may see it; a test gives another. */
export type Outside = {
  /** All of standard input, or undefined when it is a person's keyboard. */
  readInput(): Promise<string | undefined>;
  readFile(path: string): string;
  random(bytes: number): Uint8Array;
  /** YYMMDD */
  today(): string;
  print(text: string): void;
  complain(text: string): void;
  readonly isColoured: { readonly output: boolean; readonly errors: boolean };
};
