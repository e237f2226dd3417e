import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CardWorld, until } from './card-world.ts';
import { atRest } from './cardholder.ts';
import { assertOneStory } from './story.ts';

/** A sale somebody asked for. */
export type Sold = Readonly<{ terminalId: string; requestId: string; card: string; amountMinor: bigint }>;

/** Mends every line and waits until nothing is uncertain any more: no reversal owed, nothing under way between the hosts. */
export const settleAll = async (world: CardWorld): Promise<void> => {
  for (const { id } of world.faults.list()) world.faults.set(id, false);
  for (const id of ['00000001', '00000002']) {
    const isSettled = (): boolean => {
      const terminal = world.terminal(id);
      return terminal.readiness().reversalPending === 0 && atRest(terminal);
    };
    await until(`terminal ${id} owes nothing`, isSettled);
  }
  let last: unknown;
  const isOneStory = (): Promise<boolean> =>
    assertOneStory(world.store).then(
      () => true,
      (error: unknown) => {
        last = error;
        return false;
      },
    );
  await until('the hosts tell one story', isOneStory, 8000).catch(() => {
    throw last;
  });
};

/** Every card has paid exactly what the terminals call approved and not voided. */
export const assertBalances = async (
  world: CardWorld,
  opening: ReadonlyMap<string, bigint>,
  sold: readonly Sold[],
): Promise<void> => {
  const expected = new Map(opening);
  for (const { terminalId, requestId, card, amountMinor } of sold) {
    const status = world.terminal(terminalId).saleStatus(requestId);
    assert.ok(status, 'a sale that was asked for is remembered');
    if (status.state === 'approved' && status.voidedBy === undefined)
      expected.set(card, (expected.get(card) ?? 0n) - amountMinor);
  }
  const now = (await world.tray.cards()).map(({ id, availableMinor }) => [id, availableMinor ?? 0n] as const);
  assert.deepEqual(Object.fromEntries(now), Object.fromEntries(expected), 'each approved sale is charged once');
};

/** All text of all tables of a database. */
export const everyRow = async ({ store }: Pick<CardWorld, 'store'>): Promise<string> => {
  const tables = await store.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await store.query<{ line: string }>(`select t::text as line from ${name} t`);
    texts.push(...rows.map(({ line }) => line));
  }
  return texts.join('\n');
};

export const everyFile = (folder: string, except?: RegExp): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !except?.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

/** No card number, track or key of the sandbox is to be read in a table, in a terminal's file or in the log. */
export const assertNothingClear = async (world: CardWorld, log: string): Promise<void> => {
  const places = { tables: await everyRow(world), files: everyFile(world.folder), log };
  const cards = await world.tray.cards();
  const tracks = await Promise.all(cards.map(({ id }) => world.tray.stripe(id)));
  const secrets = tracks.flatMap((track2 = '') => [track2, track2.split('=')[0] ?? '']);
  secrets.push(...Object.values(world.bank.keys).flatMap((key) => [key.toUpperCase(), key.toLowerCase()]));
  assert.ok(secrets.length > 20 && secrets.every((secret) => secret.length > 12));
  for (const [place, text] of Object.entries(places)) {
    assert.ok(text.length > 1000, `${place} are not empty`);
    for (const secret of secrets) {
      for (const form of [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret, 'hex').toString('latin1')]) {
        assert.ok(form.length < 8 || !text.includes(form), `${place} hold a secret in clear`);
      }
    }
  }
};
