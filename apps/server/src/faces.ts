import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

/** The web apps a server hangs up, by the path they are served under. */
const faces = ['till', 'terminal', 'office', 'phone'] as const;
export type Face = (typeof faces)[number];

const root = join(import.meta.dirname, '..', '..', '..');
const folderOf = (face: Face): string => join(root, 'apps', face);

/** What a face is built from: its own sources and the rooms a browser may bundle. */
const sourcesOf = (face: Face): string[] =>
  globSync([`apps/${face}/**`, 'packages/{base,formats,cores,web}/**', 'package-lock.json'], {
    cwd: root,
    exclude: ({ name }) => ['node_modules', 'dist'].includes(name) || /\.test\.tsx?$/.test(name),
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

const digestOf = (face: Face): string => {
  const hash = createHash('sha256');
  for (const path of sourcesOf(face)) hash.update(path.slice(root.length)).update(readFileSync(path));
  return hash.digest('hex');
};

const buildOne = async (face: Face, say: (line: string) => void): Promise<void> => {
  const stamp = join(folderOf(face), 'dist', '.built-from');
  const digest = digestOf(face);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  say(`building the ${face} screens`);
  await build({ root: folderOf(face), configFile: join(folderOf(face), 'vite.config.ts'), logLevel: 'error' });
  writeFileSync(stamp, digest);
};

/** Builds the faces whose sources changed since their last build; returns where each one's files are. */
export const buildFaces = async (say: (line: string) => void): Promise<Record<Face, string>> => {
  for (const face of faces) await buildOne(face, say);
  return Object.fromEntries(faces.map((face) => [face, join(folderOf(face), 'dist')])) as Record<Face, string>;
};
