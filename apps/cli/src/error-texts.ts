import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One row of docs/errors.md: whose code it is, and what it means. */
export type ErrorText = { readonly kind: string; readonly code: string; readonly meaning: string };

const page = join(import.meta.dirname, '..', '..', '..', 'docs', 'errors.md');

const rowsOf = (section: string): ErrorText[] => {
  const kind = /^`(\w+)`/.exec(section)?.[1];
  if (kind === undefined) return [];
  return [...section.matchAll(/^\| ([a-z0-9-]+) \| (?!meaning)([^|-][^|]*) \|$/gm)].map(
    ([, code = '', meaning = '']) => ({
      kind,
      code,
      meaning,
    }),
  );
};

let known: readonly ErrorText[] | undefined;

/** What every error code means, from the page that has them all; nothing where the command runs without its documents. */
export const errorTexts = (): readonly ErrorText[] => {
  if (known !== undefined) return known;
  try {
    known = readFileSync(page, 'utf8').split(/^### /m).flatMap(rowsOf);
  } catch {
    known = [];
  }
  return known;
};

/** What the code of one of our typed errors means. */
export const meaningOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return errorTexts().find(({ kind, code }) => kind === error.name && code === error.code)?.meaning;
};
