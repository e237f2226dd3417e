import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSettings, SettingsError, settingsTable } from './settings.ts';

const refusal = (environment: NodeJS.ProcessEnv): string => {
  try {
    readSettings(environment);
    return '';
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.setting;
  }
};

test('nothing needs to be set', () => {
  assert.equal(readSettings({}).ZHANGGUI_HTTP_PORT, 8580);
  assert.deepEqual(readSettings({ ZHANGGUI_ROLES: 'switch, issuer' }).ZHANGGUI_ROLES, ['switch', 'issuer']);
});

test('a wrong or unknown setting is refused by its name', () => {
  assert.equal(refusal({ ZHANGGUI_HTTP_PORT: 'eighty' }), 'ZHANGGUI_HTTP_PORT');
  assert.equal(refusal({ ZHANGGUI_ROLES: 'cook' }), 'ZHANGGUI_ROLES');
  assert.equal(refusal({ ZHANGGUI_HTPP_PORT: '80' }), 'ZHANGGUI_HTPP_PORT');
  assert.equal(refusal({ DATABASE_URL: 'mysql://x' }), 'DATABASE_URL');
  assert.equal(refusal({ ZHANGGUI_CONFIG: '/does/not/exist' }), 'ZHANGGUI_CONFIG');
});

test('an inner timer that outlasts an outer one is refused', () => {
  assert.equal(refusal({ ZHANGGUI_SWITCH_TIMEOUT_MS: '16000' }), 'ZHANGGUI_SWITCH_TIMEOUT_MS');
  assert.equal(refusal({ ZHANGGUI_TERMINAL_TIMEOUT_MS: '15000' }), 'ZHANGGUI_ACQUIRER_TIMEOUT_MS');
});

test('the environment wins over the file', () => {
  const file = join(tmpdir(), `zhanggui-settings-${process.pid}.json`);
  writeFileSync(file, JSON.stringify({ ZHANGGUI_HTTP_PORT: 9000, ZHANGGUI_CUT_OVER: '22:00' }));
  const settings = readSettings({ ZHANGGUI_CONFIG: file, ZHANGGUI_HTTP_PORT: '9001' });
  assert.equal(settings.ZHANGGUI_HTTP_PORT, 9001);
  assert.equal(settings.ZHANGGUI_CUT_OVER, '22:00');
});

test('docs/settings.md names every setting with its default and meaning, and no other', () => {
  const page = readFileSync(new URL('../../../docs/settings.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (.*?) \| (.*) \|$/gm)].map(([, name, fallback, meaning]) => [
    name,
    fallback,
    meaning,
  ]);
  const table = Object.entries(settingsTable).map(([name, row]) => [
    name,
    row.default === '' ? '' : `\`${row.default}\``,
    row.meaning,
  ]);
  assert.deepEqual(rows, table);
});
