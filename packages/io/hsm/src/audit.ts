import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { HsmError } from './hsm-error.ts';

/** What is put on record: how keys came, went and were moved, and every refusal. Names and references, never values. */
export type AuditEvent = Readonly<{ command: string; outcome: string; ref: string; person: string }>;

/** An event in its place. `seal`: HMAC-SHA-256 over the seal before it and this entry, in hexadecimal. */
export type AuditEntry = AuditEvent & Readonly<{ sequence: number; at: number; seal: string }>;

/** Where the trail rests. Nothing here changes or removes an entry. */
export interface AuditStore {
  last(): Promise<AuditEntry | undefined>;
  /** False when another process has taken that sequence number meanwhile. */
  append(entry: AuditEntry): Promise<boolean>;
  /** Entries in order with a sequence number above `after`, at most `limit`. */
  read(after: number, limit: number): Promise<AuditEntry[]>;
}

export type AuditVerdict =
  | Readonly<{ kind: 'sound'; entries: number; head: AuditHead | undefined }>
  | Readonly<{ kind: 'broken'; sequence: number }>;

/** The end of a trail: kept elsewhere, it shows later that nothing was cut off. */
export type AuditHead = Readonly<{ sequence: number; seal: string }>;

const start = '';
const triesMax = 20;
const waitingMax = 10_000;
const pageEntries = 1000;

const sealOf = (key: KeyObject, previous: string, entry: Omit<AuditEntry, 'seal'>): string => {
  const { sequence, at, command, outcome, ref, person } = entry;
  const text = JSON.stringify([previous, sequence, at, command, outcome, ref, person]);
  return createHmac('sha256', key).update(text).digest('hex');
};

const auditKey = (key: Uint8Array): KeyObject => {
  if (key.length !== 32) throw new HsmError('key-length');
  return createSecretKey(key);
};

/** Writes events in the order they came, one after the other, each sealed to the one before. */
export class AuditTrail {
  readonly #store: AuditStore;
  readonly #keyOf: () => Promise<Uint8Array>;
  readonly #now: () => number;
  #key: KeyObject | undefined;
  #last: AuditHead | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #left = 0;

  /** `key` is asked for when the first event is to be written. */
  constructor({ store, key, now }: { store: AuditStore; key: () => Promise<Uint8Array>; now: () => number }) {
    this.#store = store;
    this.#keyOf = key;
    this.#now = now;
  }

  /** Resolves when the event is in the store; rejects when the store does not take it. */
  record(event: AuditEvent): Promise<void> {
    const at = this.#now();
    this.#waiting += 1;
    const written = this.#tail.then(() => this.#write(event, at));
    this.#tail = written.then(
      () => (this.#waiting -= 1),
      () => (this.#waiting -= 1),
    );
    return written;
  }

  /** For refusals, which whoever causes them could cause by the million: what cannot be kept up with is counted, and the count put on record. */
  note(event: AuditEvent): void {
    if (this.#waiting >= waitingMax) {
      this.#left += 1;
      return;
    }
    this.record(event).catch(() => (this.#left += 1));
  }

  /** When all that was asked for so far is written. */
  async drain(): Promise<void> {
    await this.#tail;
  }

  async #write(event: AuditEvent, at: number): Promise<void> {
    if (this.#left > 0) {
      const left = this.#left;
      await this.#append({ command: 'audit', outcome: `${left} left out`, ref: '', person: '' }, at);
      this.#left -= left;
    }
    await this.#append(event, at);
  }

  async #append(event: AuditEvent, at: number): Promise<void> {
    const key = (this.#key ??= auditKey(await this.#keyOf()));
    for (let tries = 0; tries < triesMax; tries += 1) {
      this.#last ??= await this.#store.last();
      const place = { ...event, at, sequence: (this.#last?.sequence ?? 0) + 1 };
      const entry = { ...place, seal: sealOf(key, this.#last?.seal ?? start, place) };
      const isOurs = await this.#store.append(entry);
      this.#last = isOurs ? entry : undefined;
      if (isOurs) return;
    }
    throw new Error('the audit trail is too busy');
  }
}

/**
 * Walks the whole trail. `broken` names the first entry that was changed, moved, slipped in or is missing; a trail cut
 * off at its end shows only against a `head` that was kept elsewhere.
 */
export const verifyAudit = async (order: {
  store: AuditStore;
  key: Uint8Array;
  head?: AuditHead;
}): Promise<AuditVerdict> => {
  const key = auditKey(order.key);
  let last: AuditHead | undefined;
  for (;;) {
    const page = await order.store.read(last?.sequence ?? 0, pageEntries);
    for (const entry of page) {
      const sequence = (last?.sequence ?? 0) + 1;
      const isSound = entry.sequence === sequence && entry.seal === sealOf(key, last?.seal ?? start, entry);
      const isHead = entry.sequence !== order.head?.sequence || entry.seal === order.head.seal;
      if (!isSound || !isHead) return { kind: 'broken', sequence };
      last = { sequence, seal: entry.seal };
    }
    if (page.length < pageEntries) break;
  }
  const entries = last?.sequence ?? 0;
  if (order.head && order.head.sequence > entries) return { kind: 'broken', sequence: entries + 1 };
  return { kind: 'sound', entries, head: last };
};
