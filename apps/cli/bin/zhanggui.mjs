#!/usr/bin/env node
// Runs on any Node >= 20: hands over to the project's own Node, which runs the command's TypeScript.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const room = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(dirname(room));
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
if (!existsSync(node)) {
  console.error('zhanggui: the project is not installed; run npm install in its folder');
  process.exit(3);
}
const args = ['--disable-warning=ExperimentalWarning', join(room, 'src', 'main.ts'), ...process.argv.slice(2)];
const child = spawn(node, args, { stdio: 'inherit' });
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('error', (error) => {
  console.error(`zhanggui: ${error.message}`);
  process.exit(3);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
