// Runs on any Node >= 20: installs what is missing, then hands over to the project's own Node and the command's TypeScript.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const commands = {
  start: ['apps/server/src/main.ts'],
  test: ['tools/test.ts'],
  check: ['tools/check.ts'],
  bench: ['bench/src/bench.ts'],
  fuzz: ['tools/fuzz.ts'],
};

const [name = '', ...rest] = process.argv.slice(2);
const command = commands[name];
if (!command) fail(`unknown command '${name}'; one of: ${Object.keys(commands).join(', ')}`);
if (Number(process.versions.node.split('.')[0]) < 20)
  fail(`Node 20 or newer is needed, this is ${process.versions.node}`);

installWhatIsMissing();
handOver();

function fail(reason) {
  console.error(`zhanggui: ${reason}`);
  process.exit(2);
}

function installWhatIsMissing() {
  const stamp = join(root, 'node_modules', '.zhanggui-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('zhanggui: installing packages (once; a minute or two) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // `install`, not `ci`: the lock names the optional binaries of the platforms it was made on, and others must be able to add their own.
  const result = spawnSync(npm, ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) fail('the packages could not be installed; the lines above say why');
  writeFileSync(stamp, wanted);
}

function handOver() {
  const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(node)) fail(`the project's Node is missing at ${node}; delete node_modules and try again`);
  const child = spawn(
    node,
    ['--disable-warning=ExperimentalWarning', ...command.map((file) => join(root, file)), ...rest],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  // A terminal's Ctrl-C reaches both processes; this one waits, so that the child can finish its work. A signal sent to this one alone is passed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
