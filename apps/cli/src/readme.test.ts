import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { say } from './test-say.ts';

type Shown = { readonly line: string; readonly stdin?: string; readonly prints: string };

const page = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
const block = /```sh\n([\s\S]*?)```/.exec(page)?.[1] ?? '';

/** Lines that begin with `$`, each with what the page shows below it. */
const shown: readonly Shown[] = block
  .split(/^\$ /m)
  .slice(1)
  .map((text) => {
    const [first = '', ...rest] = text.trimEnd().split('\n');
    const [, stdin, line = ''] = /^(?:echo '([^']*)' \| )?npx zhanggui (.*)$/.exec(first) ?? [];
    return { line, stdin, prints: rest.join('\n') };
  });

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

test('the page shows examples', () => assert.ok(shown.length >= 8 && shown.every(({ line }) => line !== '')));

for (const { line, stdin, prints } of shown)
  test(`the README's example prints what it shows: ${line.slice(0, 60)}`, async () => {
    const { code, out, err } = await say(line.split(' '), stdin);
    assert.deepEqual({ code, err }, { code: 0, err: '' });
    if (!prints.startsWith('{')) {
      assert.ok(out.startsWith(prints), out);
      return;
    }
    const [wanted, printed] = [prints, out].map((text) => JSON.parse(text) as unknown);
    assert.ok(isObject(wanted) && isObject(printed));
    assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((key) => [key, printed[key]])), wanted);
  });
