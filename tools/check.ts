import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

/** One command each: types, lint (with a canary that must fail), format, unused code, structure. */
type Check = Readonly<{ name: string; command: string; args: readonly string[]; mustFailWith?: string }>;

const root = dirname(import.meta.dirname);

const checks: readonly Check[] = [
  { name: 'types (server)', command: 'tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'types (web)', command: 'tsc', args: ['-p', 'tsconfig.web.json'] },
  {
    name: 'lint',
    command: 'oxlint',
    args: [
      '-c',
      '.oxlintrc.json',
      '--deny-warnings',
      '--ignore-pattern',
      'tools/canary',
      'apps',
      'packages',
      'sandbox',
      'tools',
      'bench',
      'e2e',
    ],
  },
  {
    name: 'lint canary',
    command: 'oxlint',
    args: ['-c', '.oxlintrc.json', 'tools/canary'],
    mustFailWith: 'no-floating-promises',
  },
  { name: 'format', command: 'biome', args: ['format', '.'] },
  { name: 'unused code', command: 'knip', args: ['--no-progress', '--no-config-hints'] },
];

const runCheck = ({ command, args }: Check): { status: number; output: string } => {
  const program = join(root, 'node_modules', '.bin', command);
  const result = spawnSync(process.execPath, [program, ...args], { cwd: root, encoding: 'utf8' });
  return { status: result.status ?? 1, output: result.stdout + result.stderr };
};

const passes = (check: Check): boolean => {
  const startedAt = Date.now();
  const { status, output } = runCheck(check);
  const ok = check.mustFailWith ? status !== 0 && output.includes(check.mustFailWith) : status === 0;
  console.log(`${ok ? '✔' : '✖'} ${check.name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (!ok) console.log(output.split('\n').slice(0, 60).join('\n'));
  return ok;
};

/** Runs every check and says how many passed. */
export const runChecks = (): { passed: number; failed: number } => {
  const failed = checks.filter((check) => !passes(check)).length;
  return { passed: checks.length - failed, failed };
};

if (import.meta.main) {
  const { failed } = runChecks();
  const structure = spawnSync(process.execPath, ['--test', 'tools/tidy.test.ts'], { cwd: root, stdio: 'inherit' });
  process.exit(failed > 0 || structure.status !== 0 ? 1 : 0);
}
