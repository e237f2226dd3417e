import type { AuditEntry, AuditStore } from './audit.ts';
import type { Sql } from './key-store.ts';

/** For tests and for worlds that end with the process. */
export const memoryAuditStore = (): AuditStore => {
  const entries: AuditEntry[] = [];
  return {
    last: async () => entries.at(-1),
    append: async (entry) => {
      if (entry.sequence !== entries.length + 1) return false;
      entries.push(entry);
      return true;
    },
    read: async (after, limit) => entries.slice(after, after + limit),
  };
};

const columns = 'sequence, at, command, outcome, ref, person, seal';

/** In `hsm.audit`, which refuses to change or remove a row; processes that share it take turns by its key. */
export const postgresAuditStore = (sql: Sql, institution: string): AuditStore => ({
  last: async () => {
    const [row] = await sql.query(
      `select ${columns} from hsm.audit where institution = $1 order by sequence desc limit 1`,
      [institution],
    );
    return row && entryOf(row);
  },
  append: async ({ sequence, at, command, outcome, ref, person, seal }) => {
    const rows = await sql.query(
      `insert into hsm.audit (institution, ${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict do nothing returning 1`,
      [institution, sequence, at, command, outcome, ref, person, seal],
    );
    return rows.length > 0;
  },
  read: async (after, limit) => {
    const rows = await sql.query(
      `select ${columns} from hsm.audit where institution = $1 and sequence > $2 order by sequence limit $3`,
      [institution, after, limit],
    );
    return rows.map(entryOf);
  },
});

/** A column that is not what was written makes an entry whose seal does not hold. */
const entryOf = (row: Record<string, unknown>): AuditEntry => ({
  sequence: Number(row['sequence']),
  at: Number(row['at']),
  command: String(row['command']),
  outcome: String(row['outcome']),
  ref: String(row['ref']),
  person: String(row['person']),
  seal: String(row['seal']),
});
