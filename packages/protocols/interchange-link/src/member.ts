import type { Hsm } from '@zhanggui/hsm';
import { connect, FRAMINGS, type Link } from '@zhanggui/link';
import type { Log } from '@zhanggui/telemetry';
import type { Clock, EpochMs } from '@zhanggui/time';
import type { InterchangeMessage } from './identity.ts';
import {
  echo,
  keyRequest,
  managementAnswer,
  managementCode,
  signOff,
  signOn,
  type WorkingKeyKind,
} from './management.ts';
import { MemberKeys } from './member-keys.ts';
import { createPort, type Port, type RequestOutcome, showsKeyTrouble } from './port.ts';
import { type Stamp, stampClock, traceNumbers } from './stamp.ts';

export type MemberTimers = Readonly<{
  /** Back-off between attempts to connect, and between sign-ons that failed. */
  reconnectMinMs: number;
  reconnectMaxMs: number;
  /** How long a management request may take. */
  managementMs: number;
  /** Silence after which an echo goes out; a missing answer to it renews the connection. */
  idleMs: number;
  /** How long a replaced key still verifies messages that were under way. */
  keyWindowMs: number;
}>;

const defaultTimers: MemberTimers = {
  reconnectMinMs: 200,
  reconnectMaxMs: 10_000,
  managementMs: 10_000,
  idleMs: 60_000,
  keyWindowMs: 120_000,
};

/** The centre's institution code in the frame header. */
export const defaultCentre = '00010000';

export type MemberOptions = Readonly<{
  /** This institution's code, 8 digits. */
  institution: string;
  centre?: string;
  host: string;
  port: number;
  hsm: Hsm;
  /** Reference of the member's key, under which the centre sends working keys. */
  zmk: string;
  log: Log;
  clock: Clock;
  timers?: Partial<MemberTimers>;
  /** A request of the centre's with a good MAC. No answer is sent for `undefined`. */
  onRequest: (message: InterchangeMessage) => Promise<InterchangeMessage | undefined>;
  /** An answer that came after its request had timed out. */
  onLate?: (message: InterchangeMessage) => void;
  /** The settlement date (field 15, MMDD) the centre announced for what follows. */
  onCutOver?: (mmdd: string) => void;
}>;

export type MemberState = 'connecting' | 'signing-on' | 'ready' | 'stopped';

/** The member's side of the link to the centre: always trying to be signed on with fresh keys. */
export interface Member {
  readonly state: MemberState;
  /**
   * Field 128 is put into `message`; everything else is the caller's. `unavailable` while not signed on. MAC trouble either way makes
   * the link ask for new keys by itself.
   */
  request(message: InterchangeMessage, options: { timeoutMs: number }): Promise<RequestOutcome>;
  /** Reference of the PIN key both sides use now. Throws before the first key reset. */
  pinKey(): string;
  /** References a PIN block under way may have been made with, the current one first. */
  pinKeys(): readonly string[];
  /** Resolves when signed on with keys. */
  ready(): Promise<void>;
  /** Asks the centre for new working keys, after something showed that the two sides disagree. */
  renewKeys(): Promise<void>;
  /** Signs off. Requests under way time out at once. */
  stop(): Promise<void>;
}

export const connectMember = (options: MemberOptions): Member => new MemberLink(options);

class MemberLink implements Member {
  readonly #options: MemberOptions;
  readonly #timers: MemberTimers;
  readonly #keys: MemberKeys;
  readonly #port: Port;
  readonly #now: () => Stamp;
  readonly #nextTrace = traceNumbers();
  readonly #idleTimer: NodeJS.Timeout;
  #state: MemberState = 'connecting';
  #link: Link;
  /** Counts the connections: what an earlier one began stops when it sees a later one. */
  #connection = 0;
  #heardAt: EpochMs;
  #mendedAt = 0;
  #wakeReady: (() => void)[] = [];
  #renewal: Promise<void> | undefined;

  constructor(options: MemberOptions) {
    const { institution, hsm, zmk, clock, log } = options;
    this.#options = options;
    this.#timers = { ...defaultTimers, ...options.timers };
    this.#keys = new MemberKeys({ institution, hsm, zmk, clock, windowMs: this.#timers.keyWindowMs });
    this.#now = stampClock(clock);
    this.#heardAt = clock();
    this.#port = createPort({
      self: institution,
      peer: options.centre ?? defaultCentre,
      hsm,
      log,
      macKeys: () => this.#keys.mac.usable(),
      transmit: (frame) => this.#link.send(frame),
      onRequest: options.onRequest,
      onManagement: (message) => this.#onManagement(message),
      onLate: (message) => options.onLate?.(message),
    });
    this.#link = this.#open();
    this.#idleTimer = setInterval(() => this.#background(this.#checkIdle()), this.#timers.idleMs / 2);
    this.#idleTimer.unref();
  }

  get state(): MemberState {
    return this.#state;
  }

  async request(message: InterchangeMessage, options: { timeoutMs: number }): Promise<RequestOutcome> {
    if (this.#state !== 'ready') return { kind: 'unavailable' };
    const outcome = await this.#port.request(message, options);
    if (showsKeyTrouble(outcome)) this.#mendKeys();
    return outcome;
  }

  pinKey(): string {
    const ref = this.#keys.pin.current();
    if (!ref) throw new Error('no PIN key before the first sign-on');
    return ref;
  }

  pinKeys(): readonly string[] {
    return this.#keys.pin.usable();
  }

  ready(): Promise<void> {
    if (this.#state === 'ready') return Promise.resolve();
    return new Promise((wake) => this.#wakeReady.push(wake));
  }

  renewKeys(): Promise<void> {
    this.#renewal ??= this.#obtainKeys().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async stop(): Promise<void> {
    if (this.#state === 'ready') await this.#port.send(signOff(this.#sender()));
    this.#enter('stopped');
    clearInterval(this.#idleTimer);
    await this.#link.close();
    this.#port.close();
  }

  #open(): Link {
    return connect({
      host: this.#options.host,
      port: this.#options.port,
      framing: FRAMINGS.ascii4,
      reconnect: { minMs: this.#timers.reconnectMinMs, maxMs: this.#timers.reconnectMaxMs },
      onFrame: (frame) => {
        this.#heardAt = this.#options.clock();
        this.#background(this.#port.receive(frame));
      },
      onState: (state) => {
        this.#connection += 1;
        if (state === 'connected') this.#background(this.#establish(this.#connection));
        else this.#enter('connecting');
      },
    });
  }

  /** Signs on over the connection that came up; tries again, more slowly each time, as long as that connection lasts. */
  async #establish(connection: number): Promise<void> {
    const isCurrent = (): boolean => connection === this.#connection && this.#state !== 'stopped';
    for (let failures = 0; isCurrent(); failures += 1) {
      this.#enter('signing-on');
      try {
        await this.#manage(signOn(this.#sender()));
        await this.renewKeys();
        if (isCurrent()) this.#enter('ready');
        return;
      } catch (error) {
        this.#options.log.warn({ err: error, institution: this.#options.institution }, 'sign-on failed');
        await pause(Math.min(this.#timers.reconnectMinMs * 2 ** failures, this.#timers.reconnectMaxMs));
      }
    }
  }

  async #obtainKeys(): Promise<void> {
    for (const kind of ['pin', 'mac'] as const) await this.#obtainKey(kind);
  }

  async #obtainKey(kind: WorkingKeyKind): Promise<void> {
    const arrival = this.#keys.next(kind, this.#timers.managementMs);
    await Promise.all([this.#manage(keyRequest(this.#sender(), kind)), arrival]);
  }

  async #manage(message: InterchangeMessage): Promise<void> {
    const outcome = await this.#port.request(message, { timeoutMs: this.#timers.managementMs });
    const code = outcome.kind === 'answer' ? outcome.message.fields[39] : outcome.kind;
    if (code !== '00') throw new Error(`the centre answered ${code} to management code ${message.fields[70]}`);
  }

  async #onManagement(message: InterchangeMessage): Promise<void> {
    const code = message.fields[70];
    if (code === managementCode.keyReset) return this.#onKeyReset(message);
    if (code === managementCode.cutOverBegins) this.#options.onCutOver?.(message.fields[15] ?? '');
    await this.#port.send(managementAnswer(message, '00'));
  }

  async #onKeyReset(message: InterchangeMessage): Promise<void> {
    const proof = await this.#keys.accept(message);
    if (!proof) {
      this.#options.log.error({ institution: this.#options.institution }, 'key reset refused: no common member key?');
      return;
    }
    await this.#port.send(managementAnswer(message, '00'), proof);
    this.#keys.settled(message);
  }

  async #checkIdle(): Promise<void> {
    if (this.#state !== 'ready' || this.#options.clock() - this.#heardAt < this.#timers.idleMs) return;
    const connection = this.#connection;
    const outcome = await this.#port.request(echo(this.#sender()), { timeoutMs: this.#timers.managementMs });
    if (outcome.kind === 'answer' || connection !== this.#connection) return;
    this.#options.log.warn({ institution: this.#options.institution }, 'the centre does not echo: connecting anew');
    await this.#link.close();
    if (!this.#isStopped()) this.#link = this.#open();
  }

  /** The two sides do not hold the same MAC key any more. Asking again at every message would keep the trouble going. */
  #mendKeys(): void {
    const now = this.#options.clock();
    if (now - this.#mendedAt < this.#timers.managementMs) return;
    this.#mendedAt = now;
    this.#background(this.renewKeys());
  }

  #isStopped(): boolean {
    return this.#state === 'stopped';
  }

  #enter(next: MemberState): void {
    if (this.#state === next || this.#state === 'stopped') return;
    this.#state = next;
    this.#options.log.info({ institution: this.#options.institution, state: next }, 'link to the centre');
    if (next === 'ready') for (const wake of this.#wakeReady.splice(0)) wake();
  }

  #sender() {
    return { institution: this.#options.institution, stamp: this.#now(), trace: this.#nextTrace() };
  }

  /** Work nobody waits for: its failure is an event of the link, not of a caller. */
  #background(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#options.log.error({ err: error, institution: this.#options.institution }, 'link to the centre');
    });
  }
}

/** Does not keep a process alive that has nothing else to do. */
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
