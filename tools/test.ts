import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { startEmbeddedPostgres, temporaryDirectory } from '@zhanggui/store';
import { runChecks } from './check.ts';
import { requireChromium } from './chromium.ts';
import { floors } from './layers.ts';

/** `npm test`: the checks, then every test (unit, structure, integration on a real PostgreSQL), then the browser's. Words after it narrow the files. */
const root = dirname(import.meta.dirname);
const filters = process.argv.slice(2);
const wanted = (path: string): boolean => filters.length === 0 || filters.some((word) => path.includes(word));

const testFiles = globSync('{apps,packages,sandbox,tools,bench}/**/*.test.{ts,tsx}', {
  cwd: root,
  exclude: (name) => name === 'node_modules' || name === 'dist',
}).sort();
/** Pure rooms share nothing but their code: one process runs their tests in half the time that a process for each file takes. */
const isPure = (path: string): boolean => floors.some(({ folder, pure }) => pure && path.startsWith(`${folder}/`));
const endToEndFiles = globSync('e2e/src/*.e2e.ts', { cwd: root }).sort();

type Count = { passed: number; failed: number };
const add = (left: Count, right: Count): Count => ({
  passed: left.passed + right.passed,
  failed: left.failed + right.failed,
});

const runFiles = async (
  files: readonly string[],
  options: { concurrency: number; timeoutMs: number; isolation?: 'none' },
): Promise<Count> => {
  const count: Count = { passed: 0, failed: 0 };
  if (files.length === 0) return count;
  const stream = run({
    files: files.map((file) => join(root, file)),
    cwd: root,
    concurrency: options.concurrency,
    timeout: options.timeoutMs,
    // In this process they run as it runs.
    ...(options.isolation ? { isolation: options.isolation } : { execArgv: ['--disable-warning=ExperimentalWarning'] }),
  });
  // A file is not a test of its own unless it could not be run; suites are not counted either.
  const counts = (details: { type?: string }) => details.type !== 'suite';
  stream.on('test:pass', ({ details }) => {
    if (counts(details)) count.passed += 1;
  });
  stream.on('test:fail', ({ details }) => {
    if (counts(details)) count.failed += 1;
  });
  for await (const chunk of stream.compose(spec())) process.stdout.write(chunk as string);
  return count;
};

const step = (title: string): void => console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 70 - title.length))}`);

const pure = testFiles.filter(isPure);
const apart = testFiles.filter((path) => !isPure(path));

const runTests = async (): Promise<Count> => {
  const server = await startEmbeddedPostgres({ directory: join(temporaryDirectory(), 'postgres') });
  process.env['ZHANGGUI_TEST_POSTGRES'] = server.url;
  try {
    step('tests, each file in a process of its own');
    return await runFiles(apart.filter(wanted), { concurrency: 2, timeoutMs: 180_000 });
  } finally {
    await server.stop();
  }
};

const runEndToEnd = async (): Promise<Count> => {
  const files = endToEndFiles.filter(wanted);
  if (files.length === 0) return { passed: 0, failed: 0 };
  step('end to end, in Chromium');
  process.env['ZHANGGUI_TEST_CHROMIUM'] = requireChromium();
  return runFiles(files, { concurrency: 1, timeoutMs: 300_000 });
};

const main = async (): Promise<void> => {
  let total: Count = { passed: 0, failed: 0 };
  if (filters.length === 0) {
    step('checks');
    total = add(total, runChecks());
  }
  step('tests of pure rooms');
  total = add(total, await runFiles(pure.filter(wanted), { concurrency: 1, timeoutMs: 180_000, isolation: 'none' }));
  total = add(total, await runTests());
  total = add(total, await runEndToEnd());
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
};

await main();
