import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { floors, impurities, pureBuiltins, pureThirdParties } from './layers.ts';

type Manifest = {
  name: string;
  workspaces?: string[];
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
};
type Room = { folder: string; floor: number; pure: boolean; manifest: Manifest };

const root = dirname(import.meta.dirname);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const manifestOf = (folder: string): Manifest => JSON.parse(read(join(folder, 'package.json'))) as Manifest;

const floorOf = (folder: string): number => {
  const index = floors.findIndex((floor) => folder.startsWith(`${floor.folder}/`));
  return index === -1 ? floors.length - 1 : index;
};

const rooms: Room[] = globSync(manifestOf('.').workspaces?.map((pattern) => `${pattern}/package.json`) ?? [], {
  cwd: root,
})
  .map((path) => dirname(path))
  .sort()
  .map((folder) => ({
    folder,
    floor: floorOf(folder),
    pure: floors[floorOf(folder)]?.pure ?? false,
    manifest: manifestOf(folder),
  }));
const roomByName = new Map(rooms.map((room) => [room.manifest.name, room]));
const sharedTestTools = Object.keys(manifestOf('.').devDependencies ?? {});

const sources = (room: Room): string[] =>
  globSync('**/*.{ts,tsx}', {
    cwd: join(root, room.folder),
    exclude: (name) => ['node_modules', 'dist', 'canary'].includes(name),
  }).map((name) => join(room.folder, name));

/** Module names of import and export declarations and of dynamic imports, read as text. */
const importsOf = (text: string): string[] =>
  [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^;'"`]*?from\s+'([^']+)'|(?:^|\n)import\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g,
    ),
  ].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '');

const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
/** Tests, what only tests import (`test-*.ts`, `testing/`), and build settings may use development dependencies. */
const isTest = (path: string): boolean => /\.test\.tsx?$|\/testing\/|(^|\/)(test-[^/]*|vite\.config)\.ts$/.test(path);

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:'"`])\/\/.*$/gm, '$1');

const mayImport = (room: Room, path: string, name: string): boolean => {
  const { dependencies = {}, devDependencies = {} } = room.manifest;
  if (name in dependencies || name === room.manifest.name) return true;
  return isTest(path) && (name in devDependencies || sharedTestTools.includes(name));
};

const isOnOrAbove = (room: Room, other: Room): boolean => other !== room && other.floor >= room.floor;

const complaintsAbout = (room: Room, path: string, specifier: string): string[] => {
  if (specifier.startsWith('.')) {
    const target = normalize(join(dirname(path), specifier));
    const isVector = target.startsWith('spec-vectors/') && (isTest(path) || room.folder === 'bench');
    return isVector || target.startsWith(`${room.folder}/`) ? [] : [`${path} reaches into another room: ${specifier}`];
  }
  if (specifier.startsWith('node:')) {
    const allowed = !room.pure || isTest(path) || pureBuiltins[room.manifest.name]?.includes(specifier);
    return allowed ? [] : [`${path} is pure and imports ${specifier}`];
  }
  const name = packageName(specifier);
  const target = roomByName.get(name);
  const complaints: string[] = [];
  if (!mayImport(room, path, name))
    complaints.push(`${path} imports ${name}, which ${room.folder}/package.json does not name`);
  if (target && isOnOrAbove(room, target) && !isTest(path))
    complaints.push(`${path} imports upward or sideways: ${name}`);
  return complaints;
};

test('a room imports lower floors only, and only what its package.json names', () => {
  const complaints = rooms.flatMap((room) =>
    sources(room).flatMap((path) =>
      importsOf(read(path)).flatMap((specifier) => complaintsAbout(room, path, specifier)),
    ),
  );
  assert.deepEqual(complaints, []);
});

test('a package names as a dependency no room of its own floor or above', () => {
  const complaints = rooms.flatMap((room) =>
    Object.keys(room.manifest.dependencies ?? {}).flatMap((name) => {
      const target = roomByName.get(name);
      return target && isOnOrAbove(room, target) ? [`${room.folder} names ${name}`] : [];
    }),
  );
  assert.deepEqual(complaints, []);
});

test('base, formats and cores have no clock, no chance, no waiting, no outside world and no third party but named primitives', () => {
  const complaints = rooms
    .filter((room) => room.pure)
    .flatMap((room) => [
      ...Object.keys(room.manifest.dependencies ?? {})
        .filter((name) => !roomByName.has(name) && !pureThirdParties[room.manifest.name]?.includes(name))
        .map((name) => `${room.folder} depends on ${name}`),
      ...sources(room)
        .filter((path) => !isTest(path))
        .flatMap((path) =>
          impurities
            .filter(({ pattern }) => pattern.test(withoutComments(read(path))))
            .map(({ name }) => `${path} has ${name}`),
        ),
    ]);
  assert.deepEqual(complaints, []);
});

test('every room under packages and sandbox says what it is for and shows its whole surface in src/index.ts', () => {
  const complaints = rooms
    .filter((room) => /^(packages|sandbox)\//.test(room.folder))
    .flatMap((room) =>
      ['README.md', 'src/index.ts']
        .filter((name) => !existsSync(join(root, room.folder, name)))
        .map((name) => `${room.folder} lacks ${name}`),
    );
  assert.deepEqual(complaints, []);
});

test('the lock file carries no download address', () => {
  assert.doesNotMatch(read('package-lock.json'), /"resolved": "(https?|git)/);
});

test('the structure test sees an import of every form', () => {
  const text = [
    "import a from '@zhanggui/a';",
    "import type { B } from '@zhanggui/b';",
    "export { c } from './c.ts';",
    "import 'd';",
    `const e = await ${'import'}('e');`,
    "import {\n  f,\n} from 'f';",
  ].join('\n');
  assert.deepEqual(importsOf(text), ['@zhanggui/a', '@zhanggui/b', './c.ts', 'd', 'e', 'f']);
});
