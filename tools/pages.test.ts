import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const root = dirname(import.meta.dirname);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = globSync('{*.md,docs/**/*.md,{apps,sandbox}/*/*.md,packages/*/*/*.md}', { cwd: root }).sort();

const linksOf = (text: string): string[] =>
  [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)#\s]+)/g)].map(([, target]) => target ?? '');

test('every link of a page leads to something in the tree', () => {
  const astray = pages.flatMap((page) =>
    linksOf(read(page))
      .filter((target) => !/^https?:/.test(target) && !existsSync(join(root, dirname(page), target)))
      .map((target) => `${page} → ${target}`),
  );
  assert.deepEqual(astray, []);
});

test('docs/decisions/README.md lists every decision by its title', () => {
  const list = read('docs/decisions/README.md');
  const missing = readdirSync(join(root, 'docs', 'decisions'))
    .filter((name) => /^\d/.test(name))
    .filter((name) => {
      const title = /^# (.*)$/m.exec(read(join('docs', 'decisions', name)))?.[1] ?? '';
      return !list.includes(`[${title}](${name})`);
    });
  assert.deepEqual(missing, []);
});

test('the glossary has every word once, in order', () => {
  const words = [...read('docs/GLOSSARY.md').matchAll(/^\| ([^|]+) \| [^|-]/gm)]
    .map(([, word]) => (word ?? '').toLowerCase())
    .slice(1);
  assert.deepEqual(words, [...new Set(words)].sort());
});
