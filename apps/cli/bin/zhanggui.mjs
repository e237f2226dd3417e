#!/usr/bin/env node
// Runs on any Node >= 20: the project's own Node runs the command's TypeScript, at once or by handing over to it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const room = dirname(dirname(fileURLToPath(import.meta.url)));
const main = join(room, 'src', 'main.ts');

if (Number(process.versions.node.split('.')[0]) >= 26) await import('../src/main.ts');
else handOver();

function handOver() {
  const modules = join(dirname(dirname(room)), 'node_modules');
  const node = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(node)) {
    console.error('zhanggui: the project is not installed; run npm install in its folder');
    process.exit(3);
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal's Ctrl-C reaches both processes; a signal sent to this one alone is passed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    console.error(`zhanggui: ${error.message}`);
    process.exit(3);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
