import type { Hsm } from '@zhanggui/hsm';
import { fixedText } from '@zhanggui/iso8583';
import type { Store } from '@zhanggui/store';
import { keyRefs } from './settings.ts';

/** A terminal as the hot path needs it: one cached row, with what every message is checked against. */
export type Terminal = Readonly<{
  terminalId: string;
  merchantId: string;
  mcc: string;
  /** Field 43 towards the centre: the merchant's name in 40 bytes. */
  nameField: string;
  batch: string;
  isOpen: boolean;
  /** References of the working keys of the last sign-in. */
  keys: Readonly<{ generation: number; pin: string; mac: string }> | undefined;
}>;

export type MerchantDetails = Readonly<{ merchantId: string; name: string }>;

export type TerminalDetails = Readonly<{
  terminalId: string;
  merchantId: string;
  name: string;
  mcc: string;
  /** Components of the terminal's master key, to be injected into the terminal as well. Needed the first time only. */
  masterKeyComponents?: readonly Uint8Array[];
}>;

type Row = Readonly<{
  terminalId: string;
  merchantId: string;
  mcc: string;
  batch: string;
  generation: number;
  signedInAt: bigint | null;
  merchantName: string;
  status: string;
}>;

const select = `select t.terminal_id as "terminalId", t.merchant_id as "merchantId", t.mcc, t.batch,
    t.key_generation as generation, t.signed_in_at as "signedInAt", m.name as "merchantName", m.status
  from acquirer.terminals t join acquirer.merchants m using (merchant_id) where t.terminal_id = $1`;

const terminalOf = (row: Row): Terminal => ({
  terminalId: row.terminalId,
  merchantId: row.merchantId,
  mcc: row.mcc,
  nameField: fixedText(row.merchantName, 40),
  batch: row.batch,
  isOpen: row.status === 'open',
  keys:
    row.signedInAt === null
      ? undefined
      : {
          generation: row.generation,
          pin: keyRefs.terminalPin(row.terminalId, row.generation),
          mac: keyRefs.terminalMac(row.terminalId, row.generation),
        },
});

/** Merchants and terminals. Rows are kept in memory; whatever changes one forgets it, and so does a message that contradicts it. */
export const createRegistry = (options: { store: Store; hsm: Hsm; clock: () => number }) => {
  const { store, hsm, clock } = options;
  const known = new Map<string, Promise<Terminal | undefined>>();

  const load = async (terminalId: string): Promise<Terminal | undefined> => {
    const [row] = await store.query<Row>(select, [terminalId]);
    // A stranger is not remembered: it may be registered the next minute, and strangers' names are without end.
    if (!row) known.delete(terminalId);
    return row && terminalOf(row);
  };

  const registry = {
    find(terminalId: string): Promise<Terminal | undefined> {
      let terminal = known.get(terminalId);
      if (!terminal) {
        terminal = load(terminalId);
        known.set(terminalId, terminal);
        terminal.catch(() => known.delete(terminalId));
      }
      return terminal;
    },
    forget(terminalId: string): void {
      known.delete(terminalId);
    },
    async registerMerchant({ merchantId, name }: MerchantDetails): Promise<void> {
      await store.query(
        `insert into acquirer.merchants (merchant_id, name) values ($1, $2)
         on conflict (merchant_id) do update set name = excluded.name, status = 'open'`,
        [merchantId, name],
      );
      known.clear();
    },
    /** Idempotent. Returns the check value of the master key, to be compared with the terminal's. */
    async registerTerminal(details: TerminalDetails): Promise<{ kcv: string }> {
      const { terminalId, merchantId, name, mcc, masterKeyComponents } = details;
      const ref = keyRefs.terminalMaster(terminalId);
      const key = masterKeyComponents
        ? await hsm.importComponents({ ref, use: 'tmk', components: masterKeyComponents })
        : await hsm.keyInfo(ref);
      if (!key) throw new Error(`terminal ${terminalId} has no master key yet: give its components`);
      await store.query(
        `insert into acquirer.terminals (terminal_id, merchant_id, name, mcc) values ($1, $2, $3, $4)
         on conflict (terminal_id) do update set merchant_id = excluded.merchant_id, name = excluded.name, mcc = excluded.mcc`,
        [terminalId, merchantId, name, mcc],
      );
      registry.forget(terminalId);
      return { kcv: key.kcv };
    },
    /** The next sign-in's number; its keys do not count until `signedIn`. */
    async nextGeneration(terminalId: string): Promise<number> {
      const [row] = await store.query<{ generation: number }>(
        'update acquirer.terminals set key_generation = key_generation + 1, signed_in_at = null where terminal_id = $1 returning key_generation as generation',
        [terminalId],
      );
      registry.forget(terminalId);
      if (!row) throw new Error('the terminal was removed while it signed in');
      return row.generation;
    },
    async signedIn(terminalId: string, generation: number): Promise<void> {
      await store.query(
        'update acquirer.terminals set signed_in_at = $3 where terminal_id = $1 and key_generation = $2',
        [terminalId, generation, clock()],
      );
      registry.forget(terminalId);
    },
    async signedOut(terminalId: string): Promise<void> {
      await store.query('update acquirer.terminals set signed_in_at = null where terminal_id = $1', [terminalId]);
      registry.forget(terminalId);
    },
  };
  return registry;
};

export type Registry = ReturnType<typeof createRegistry>;
