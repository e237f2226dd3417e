import { createHmac, hkdfSync } from 'node:crypto';
import { hex } from '@zhanggui/bytes';
import type { Sql } from './key-store.ts';
import type { SharedGuesses, ShutCard, Tally } from './pin-guard.ts';

/** Where wrong PINs are counted by the processes that share a key store. A card is a text of 64 characters, not its PAN. */
export type GuessStore = Omit<SharedGuesses, 'nameOf'>;

/** Cards by a hash that only holders of the master key can make. */
export const sharedGuesses = (store: GuessStore, lmk: Uint8Array): SharedGuesses => {
  const key = new Uint8Array(hkdfSync('sha256', lmk, '', 'zhanggui hsm pin guesses', 32));
  return {
    nameOf: (pan) => hex(new Uint8Array(createHmac('sha256', key).update(pan).digest())),
    count: (card, at, windowMs) => store.count(card, at, windowMs),
    shut: (since, guesses) => store.shut(since, guesses),
  };
};

const shutMax = 100_000;

/** For tests and for worlds that end with the process. */
export const memoryGuessStore = (): GuessStore => {
  const tallies = new Map<string, Tally>();
  return {
    count: async (card, at, windowMs) => {
      const held = tallies.get(card);
      const tally =
        held === undefined || at - held.from >= windowMs
          ? { from: at, guesses: 1 }
          : { from: held.from, guesses: held.guesses + 1 };
      tallies.set(card, tally);
      return { ...tally };
    },
    shut: async (since, guesses) =>
      [...tallies]
        .filter(([, tally]) => tally.from > since && tally.guesses >= guesses)
        .map(([card, { from }]) => ({ card, from })),
  };
};

/** In `hsm.pin_guesses`; windows that are over go when another guess is counted. */
export const postgresGuessStore = (sql: Sql, institution: string): GuessStore => ({
  count: async (card, at, windowMs) => {
    await sql.query('delete from hsm.pin_guesses where institution = $1 and since <= $2', [institution, at - windowMs]);
    const [row] = await sql.query(
      `insert into hsm.pin_guesses as held (institution, card, since, guesses) values ($1, $2, $3, 1)
       on conflict (institution, card) do update set guesses = held.guesses + 1
       returning since, guesses`,
      [institution, card, at],
    );
    return { from: Number(row?.['since'] ?? at), guesses: Number(row?.['guesses'] ?? 1) };
  },
  shut: async (since, guesses) => {
    const rows = await sql.query(
      `select card, since from hsm.pin_guesses
       where institution = $1 and since > $2 and guesses >= $3 order by since desc limit ${shutMax}`,
      [institution, since, guesses],
    );
    return rows.map((row): ShutCard => ({ card: String(row['card']), from: Number(row['since']) }));
  },
});
