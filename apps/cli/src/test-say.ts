import { readFileSync } from 'node:fs';
import { run } from './run.ts';

export type Said = { readonly code: number; readonly out: string; readonly err: string };

/** Runs a line in this process: what it printed, what it complained of and its exit code. */
export const say = async (args: readonly string[], stdin?: string): Promise<Said> => {
  let out = '';
  let err = '';
  const code = await run(args, {
    readInput: async () => stdin,
    readFile: (path) => readFileSync(path, 'utf8'),
    random: (bytes) => Uint8Array.from({ length: bytes }, (_, index) => 17 * index + 1),
    today: () => '261122',
    print: (text) => {
      out += `${text}\n`;
    },
    complain: (text) => {
      err += `${text}\n`;
    },
    isColoured: { output: false, errors: false },
  });
  return { code, out, err };
};
