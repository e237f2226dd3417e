import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { afterEach } from 'node:test';
import { demoCatalogue } from './demo/demo-goods.ts';
import { demoPorts } from './demo/wire-demo.ts';
import type { DisplaySnapshot } from './display/display-snapshot.ts';
import type { TillPorts } from './ports.ts';
import { openJournal } from './store/journal.ts';
import { createTill, type Till } from './till.ts';

/** What is around a till in a test; a test changes it while the till runs. */
export type World = {
  offline: boolean;
  terminal: Partial<TillPorts['terminal']>;
  shop: Partial<TillPorts['shop']>;
  wallets: Partial<TillPorts['wallets']>;
  printed: Uint8Array[];
  shown: DisplaySnapshot[];
};

let made = 0;
const running: Till[] = [];
afterEach(() => {
  for (const till of running.splice(0)) till.stop();
});

export const world = (): World => ({ offline: false, terminal: {}, shop: {}, wallets: {}, printed: [], shown: [] });

export const openTill = async (name: string, around: World): Promise<Till> => {
  const ports = demoPorts(
    {
      display: { open: () => undefined, show: (snapshot) => void around.shown.push(snapshot) },
      printer: { state: 'screen', print: async (bytes) => void around.printed.push(bytes) },
      sound: () => undefined,
      locale: () => 'zh',
      focusSearch: () => undefined,
      now: () => Date.now(),
      random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5)).unref()),
    },
    () => ({ offline: around.offline, card: 'approve', phone: 'pay' }),
  );
  const till = createTill(
    {
      ...ports,
      terminal: { ...ports.terminal, ...around.terminal },
      wallets: { ...ports.wallets, ...around.wallets },
      shop: { ...ports.shop, ...around.shop },
    },
    openJournal(name),
  );
  running.push(till);
  await till.start();
  return till;
};

export const sellingTill = async (around: World = world()) => {
  made += 1;
  const name = `till-test-${made}`;
  const till = await openTill(name, around);
  await till.signIn('1001', '1234');
  await till.openShift({ minor: 50_000n, currency: 'CNY' });
  assert.equal(till.store.getState().phase, 'selling');
  return { till, name, around };
};

export const barcode = (place: number): string => demoCatalogue.items[place]?.barcode ?? '';
export const stateOf = (till: Till) => till.store.getState();
export const until = async (isSo: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 400 && !isSo(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(isSo(), 'it came to pass');
};
export const uploaded = async (till: Till): Promise<void> => {
  for (let turn = 0; turn < 400 && (await till.journal.outbox()).length > 0; turn += 1)
    await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(await till.journal.outbox(), []);
};
