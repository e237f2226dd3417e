import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { floors } from './layers.ts';

type Example = Readonly<{ readme: string; file: string; text: string; isComplete: boolean }>;

const root = dirname(import.meta.dirname);
const folder = join(root, '.cache', 'readme');
const rooms = globSync('{packages/*/*,sandbox/*,apps/server}/README.md', { cwd: root }).sort();

/** `expression; // 'text'` claims a value: it is compared. */
const withClaims = (text: string): string =>
  text.replaceAll(/^(?!(?:const|let|import|type) )(\S.*?);\s*\/\/ ('[^']*')(?! …|,).*$/gm, 'equal(String($1), $2);');

/**
 * The first ts block of a README. What it takes as given stands before it in a comment that no page shows, `<!-- given … -->`;
 * of the pure rooms, an example that declares nothing there is complete, and is run.
 */
const exampleOf = (readme: string): Example => {
  const page = readFileSync(join(root, readme), 'utf8');
  const [, language = '', block = ''] = /```(tsx?)\n([\s\S]*?)```/.exec(page) ?? [];
  const given = /<!-- given\n([\s\S]*?)-->/.exec(page)?.[1] ?? '';
  const text = [`import { equal } from 'node:assert/strict';`, given, withClaims(block), 'export { equal };'].join(
    '\n',
  );
  const isPure = floors.some(({ folder, pure }) => pure && readme.startsWith(`${folder}/`));
  const file = `${dirname(readme).replaceAll('/', '-')}.${language}`;
  return { readme, file, text, isComplete: isPure && !/\bdeclare /.test(given) };
};

const examples = rooms.map(exampleOf);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const { file, text } of examples) writeFileSync(join(folder, file), text);
const settings = {
  extends: '../../tsconfig.web.json',
  compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
  include: ['*.ts', '*.tsx'],
};
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));

test('every room shows an example in its README', () => {
  assert.deepEqual(
    examples.filter(({ file }) => !/\.tsx?$/.test(file)).map(({ readme }) => readme),
    [],
  );
});

test('the examples of all READMEs have the types they claim', () => {
  const compiler = join(root, 'node_modules', '.bin', 'tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' });
  assert.deepEqual(
    stdout.split('\n').filter((line) => line.includes('.cache/readme/')),
    [],
  );
});

for (const { readme, file } of examples.filter(({ isComplete }) => isComplete))
  test(`the example of ${readme} runs, and gives what it says`, async () => {
    await import(join(folder, file));
  });
