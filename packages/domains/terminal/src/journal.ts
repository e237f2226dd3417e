import { DatabaseSync } from 'node:sqlite';
import type { Money } from '@zhanggui/money';
import type { EpochMs } from '@zhanggui/time';
import {
  hopOf,
  type Learned,
  type MessageKey,
  maybe,
  type ReversalRow,
  type Row,
  reversalOf,
  type Sending,
  type TransactionKind,
  type TransactionRow,
  transactionOf,
} from './journal-rows.ts';
import { schema } from './schema.ts';
import type { Slip } from './slip.ts';
import type { Hop, SaleState } from './status.ts';
import { type Text, texts } from './texts.ts';

type Bindable = string | number | bigint | null | Uint8Array;

/** Opens (and creates) the terminal's database; `:memory:` for tests that need no restart. */
export const openDatabase = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
  database.exec(schema);
  return database;
};

/** The durable memory of the terminal. Every method is one SQLite transaction: when it returns, it is on disk. */
export class Journal {
  readonly #database: DatabaseSync;
  readonly #touched = new Set<string>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  // Settings and counters

  setting(name: string): string | undefined {
    return maybe(this.#one('SELECT value FROM settings WHERE name = ?', name)?.['value']);
  }

  keep(name: string, value: string): void {
    this.#run(
      'INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      name,
      value,
    );
  }

  /** The next system trace number, 000001 to 999999 and round again; used up even when nothing is sent with it. */
  nextStan(): string {
    return this.#atomically(() => {
      const next = (Number(this.setting('stan') ?? '0') % 999_999) + 1;
      this.keep('stan', String(next));
      return String(next).padStart(6, '0');
    });
  }

  // Transactions

  /** Opens a transaction, or writes it down as refused at once. A request that is known already changes nothing. */
  open(
    row: { requestId: string; kind: TransactionKind; amount: Money; at: EpochMs; voids?: string },
    refusal?: { state: 'cancelled'; text: Text },
  ): void {
    const { changes } = this.#database
      .prepare(
        `INSERT INTO transactions (request_id, kind, state, amount_minor, asked_at, voids, text_zh, text_en)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      )
      .run(
        row.requestId,
        row.kind,
        refusal?.state ?? 'waiting-card',
        row.amount.minor,
        row.at,
        row.voids ?? null,
        refusal?.text.zh ?? null,
        refusal?.text.en ?? null,
      );
    if (changes === 1) this.#touched.add(row.requestId);
  }

  /** Requests whose status changed since the last call. */
  takeTouched(): string[] {
    const touched = [...this.#touched];
    this.#touched.clear();
    return touched;
  }

  find(requestId: string): TransactionRow | undefined {
    const row = this.#one('SELECT * FROM transactions WHERE request_id = ?', requestId);
    return row && transactionOf(row);
  }

  /** The transaction on the counter now, if any: asked for, and not ended. */
  current(): TransactionRow | undefined {
    const row = this.#one(
      `SELECT * FROM transactions WHERE state IN ('waiting-card', 'processing') ORDER BY asked_at LIMIT 1`,
    );
    return row && transactionOf(row);
  }

  byVoucher({ batch, stan }: MessageKey): TransactionRow | undefined {
    const row = this.#one('SELECT * FROM transactions WHERE batch = ? AND stan = ?', batch, stan);
    return row && transactionOf(row);
  }

  /** The newest approved transaction that printed a slip. */
  lastPrinted(): TransactionRow | undefined {
    const row = this.#one(
      `SELECT * FROM transactions WHERE slip IS NOT NULL AND state = 'approved' ORDER BY asked_at DESC LIMIT 1`,
    );
    return row && transactionOf(row);
  }

  /** Written before a message leaves: from here on a crash ends in a reversal, never in silence. Gives the exchange's id. */
  sending(sending: Sending): number {
    return this.#atomically(() => {
      this.#run(
        `UPDATE transactions SET state = 'processing', batch = ?, stan = ?, masked_pan = ?, entry_mode = ?
         WHERE request_id = ?`,
        sending.batch,
        sending.stan,
        sending.maskedPan,
        sending.entryMode,
        sending.requestId,
      );
      this.#touched.add(sending.requestId);
      if (sending.reversal) {
        this.#run(
          `INSERT INTO reversals (batch, stan, request_id, reason, fields) VALUES (?, ?, ?, '98', ?)`,
          sending.batch,
          sending.stan,
          sending.requestId,
          sending.reversal,
        );
      }
      return this.#exchange(sending);
    });
  }

  /**
   * The host said no, or the message never left: nobody is charged and the reversal record goes. `waiting-card` when
   * the same request is tried again (wrong PIN, new keys).
   */
  refused(
    requestId: string,
    key: MessageKey,
    state: 'declined' | 'cancelled' | 'waiting-card',
    learned: Learned,
  ): void {
    this.#atomically(() => {
      this.#dropReversal(key);
      this.#learn(requestId, state, learned);
    });
  }

  /** Approved and completed: the status, the slip and the end of the reversal record are one commit. */
  approved(requestId: string, key: MessageKey, learned: Learned, slip: Slip | undefined): void {
    this.#atomically(() => {
      this.#dropReversal(key);
      this.#learn(requestId, 'approved', learned);
      this.#run('UPDATE transactions SET slip = ? WHERE request_id = ?', slip ? JSON.stringify(slip) : null, requestId);
      this.#run(
        `UPDATE transactions SET voided_by = ?
         WHERE request_id = (SELECT voids FROM transactions WHERE request_id = ?)`,
        requestId,
        requestId,
      );
      const voids = this.find(requestId)?.voids;
      if (voids !== undefined) this.#touched.add(voids);
    });
  }

  /** Ends a transaction for which nothing is outstanding at the host. */
  ended(requestId: string, state: 'declined' | 'cancelled', learned: Learned): void {
    this.#learn(requestId, state, learned);
  }

  // Reversals

  /** No valid answer, or approved and not completed: a reversal is owed. `fields` replaces the sealed fields. */
  owed(requestId: string, key: MessageKey, reason: string, learned: Learned, fields?: Uint8Array): void {
    this.#atomically(() => {
      this.#run(
        `UPDATE reversals SET owed = 1, reason = ?, settlement_date = ?, fields = coalesce(?, fields)
         WHERE batch = ? AND stan = ?`,
        reason,
        learned.settlementDate ?? null,
        fields ?? null,
        key.batch,
        key.stan,
      );
      this.#learn(requestId, 'unknown', learned);
    });
  }

  /** Reversals to send, oldest first. */
  reversals(): ReversalRow[] {
    return this.#all('SELECT * FROM reversals WHERE owed = 1 AND given_up = 0 ORDER BY batch, stan').map(reversalOf);
  }

  /** How many payments are still uncertain, given-up ones included. */
  reversalsPending(): number {
    return Number(this.#one('SELECT count(*) AS n FROM reversals WHERE owed = 1')?.['n'] ?? 0);
  }

  reversalSending(row: ReversalRow, stamp: { at: EpochMs }): number {
    return this.#atomically(() => {
      this.#run('UPDATE reversals SET sends = sends + 1 WHERE batch = ? AND stan = ?', row.batch, row.stan);
      return this.#exchange({ ...row, mti: '0400', at: stamp.at });
    });
  }

  /** What did not leave does not count against the resends. */
  reversalNotSent(row: ReversalRow): void {
    this.#run('UPDATE reversals SET sends = sends - 1 WHERE batch = ? AND stan = ?', row.batch, row.stan);
  }

  reversed(row: ReversalRow, text: Text): void {
    this.#atomically(() => {
      this.#dropReversal(row);
      this.#learn(row.requestId, 'reversed', { text });
    });
  }

  reversalGivenUp(row: ReversalRow): void {
    this.#run('UPDATE reversals SET given_up = 1 WHERE batch = ? AND stan = ?', row.batch, row.stan);
  }

  /** What was given up gets one more send. */
  resumeReversals(): number {
    return this.#run('UPDATE reversals SET given_up = 0 WHERE given_up = 1');
  }

  /** A sign-in opens the line again: what was given up gets another round. */
  rearmReversals(): number {
    return this.#run('UPDATE reversals SET given_up = 0, sends = 0 WHERE given_up = 1');
  }

  /**
   * Settles what a crash left open: what was sent and has no recorded end owes a reversal; what was not sent is
   * cancelled. Returns the requests whose state changed.
   */
  recover(): string[] {
    return this.#atomically(() => {
      this.#run('UPDATE reversals SET owed = 1 WHERE owed = 0');
      const open = this.#all(`SELECT request_id FROM transactions WHERE state IN ('waiting-card', 'processing')`);
      return open.map((row) => {
        const requestId = String(row['request_id']);
        const owes = this.#one('SELECT 1 AS owes FROM reversals WHERE request_id = ?', requestId) !== undefined;
        if (owes) this.#learn(requestId, 'unknown', { text: texts.unknown });
        else this.#learn(requestId, 'cancelled', { text: texts.restarted });
        return requestId;
      });
    });
  }

  // Messages sent, for the journey of a payment

  answered(exchangeId: number, at: EpochMs, code: string | undefined): void {
    this.#run('UPDATE exchanges SET answered_at = ?, code = ? WHERE id = ?', at, code ?? null, exchangeId);
  }

  noted(exchangeId: number, note: string): void {
    this.#run('UPDATE exchanges SET note = ? WHERE id = ?', note, exchangeId);
  }

  hops(requestId: string): Hop[] {
    return this.#all('SELECT * FROM exchanges WHERE request_id = ? ORDER BY id', requestId).map(hopOf);
  }

  close(): void {
    this.#database.close();
  }

  #exchange(sent: MessageKey & { requestId: string; mti: string; at: EpochMs }): number {
    const row = this.#one(
      'INSERT INTO exchanges (request_id, mti, batch, stan, sent_at) VALUES (?, ?, ?, ?, ?) RETURNING id',
      sent.requestId,
      sent.mti,
      sent.batch,
      sent.stan,
      sent.at,
    );
    return Number(row?.['id']);
  }

  #learn(requestId: string, state: SaleState, learned: Learned): void {
    this.#run(
      `UPDATE transactions SET state = ?, code = coalesce(?, code), text_zh = coalesce(?, text_zh),
         text_en = coalesce(?, text_en), rrn = coalesce(?, rrn), auth_code = coalesce(?, auth_code),
         at = coalesce(?, at), settlement_date = coalesce(?, settlement_date) WHERE request_id = ?`,
      state,
      learned.code ?? null,
      learned.text?.zh ?? null,
      learned.text?.en ?? null,
      learned.rrn ?? null,
      learned.authCode ?? null,
      learned.at ?? null,
      learned.settlementDate ?? null,
      requestId,
    );
    this.#touched.add(requestId);
  }

  #dropReversal({ batch, stan }: MessageKey): void {
    this.#run('DELETE FROM reversals WHERE batch = ? AND stan = ?', batch, stan);
  }

  #atomically<T>(run: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = run();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #one(sql: string, ...values: Bindable[]): Row | undefined {
    return this.#database.prepare(sql).get(...values);
  }

  #all(sql: string, ...values: Bindable[]): Row[] {
    return this.#database.prepare(sql).all(...values);
  }

  #run(sql: string, ...values: Bindable[]): number {
    return Number(this.#database.prepare(sql).run(...values).changes);
  }
}
