import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { text } from 'node:stream/consumers';
import type { Outside } from './outside.ts';

// Halves the time a command takes from its second run on; what it is to keep is loaded after it.
enableCompileCache();
const { run } = await import('./run.ts');

const isColoured = (stream: NodeJS.WriteStream): boolean => stream.isTTY && !process.env['NO_COLOR'];

const outside: Outside = {
  readInput: async () => (process.stdin.isTTY ? undefined : text(process.stdin)),
  readFile: (path) => readFileSync(path, 'utf8'),
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
  today: () => new Date().toISOString().slice(2, 10).replaceAll('-', ''),
  print: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
  isColoured: { output: isColoured(process.stdout), errors: isColoured(process.stderr) },
};

// A reader that has seen enough, such as `head`, is no fault of the line.
process.stdout.on('error', () => process.exit(0));
process.exitCode = await run(process.argv.slice(2), outside);
