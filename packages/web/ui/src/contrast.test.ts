import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const sheet = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const [lightSheet = '', darkSheet = ''] = sheet.split(':root[data-mantine-color-scheme="dark"]');
const colours = (text: string): Record<string, string> =>
  Object.fromEntries(
    Array.from(text.matchAll(/--zg-([\w-]+): (#[0-9a-f]{6});/g), ([, name = '', hex = '']) => [name, hex]),
  );
const light = colours(lightSheet);
const dark = { ...light, ...colours(darkSheet) };

const channel = (hex: string): number => {
  const share = Number.parseInt(hex, 16) / 255;
  return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
/** Relative luminance (WCAG 2.2). */
const luminance = (hex = '#000000'): number =>
  0.2126 * channel(hex.slice(1, 3)) + 0.7152 * channel(hex.slice(3, 5)) + 0.0722 * channel(hex.slice(5, 7));
const contrast = (one?: string, other?: string): number => {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

const pairs: readonly (readonly [ink: string, ground: string])[] = [
  ...['ink', 'ink-quiet', 'ink-faint'].flatMap((ink) =>
    ['paper', 'surface', 'surface-hover'].map((ground) => [ink, ground] as const),
  ),
  ['action', 'surface'],
  ['action', 'paper'],
  ['action-ink', 'action'],
  ['action-soft-ink', 'action-soft'],
  ...['ok', 'danger', 'unknown', 'offline'].flatMap((role) => [
    [role, 'surface'] as const,
    [role, `${role}-soft`] as const,
  ]),
  ['warn-ink', 'warn'],
  ['ink', 'warn-soft'],
  ['ink', 'changed'],
  ['seal-ink', 'seal'],
  ...['wechat', 'alipay', 'unionpay'].map((wallet) => ['wallet-ink', `wallet-${wallet}`] as const),
  ['wallet-ink', 'finder'],
];

for (const [name, scheme] of Object.entries({ light, dark })) {
  for (const [ink, ground] of pairs) {
    test(`${name}: ${ink} on ${ground} has a contrast of 4.5 or more`, () => {
      const ratio = contrast(scheme[ink], scheme[ground]);
      assert.ok(ratio >= 4.5, `${scheme[ink]} on ${scheme[ground]} is ${ratio.toFixed(2)}`);
    });
  }
}
