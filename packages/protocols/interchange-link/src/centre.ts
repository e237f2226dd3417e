import { ascii } from '@zhanggui/bytes';
import type { Hsm } from '@zhanggui/hsm';
import { type Connection, FRAMINGS, listen } from '@zhanggui/link';
import type { Log } from '@zhanggui/telemetry';
import type { Clock } from '@zhanggui/time';
import type { InterchangeMessage } from './identity.ts';
import { makeWorkingKey } from './key-delivery.ts';
import {
  cutOver,
  keyReset,
  managementAnswer,
  managementCode,
  type WorkingKeyKind,
  workingKeyKind,
} from './management.ts';
import { defaultCentre } from './member.ts';
import {
  createPort,
  type Port,
  type RequestOutcome,
  rejectCode,
  rejectedFrame,
  showsKeyTrouble,
  verified,
} from './port.ts';
import { stampClock, traceNumbers } from './stamp.ts';
import { createWorkingKey, type WorkingKey } from './working-keys.ts';

export type CentreMember = Readonly<{ institution: string /** Reference of this member's key. */; zmk: string }>;

export type CentreTimers = Readonly<{ managementMs: number; keyWindowMs: number }>;

const defaultTimers: CentreTimers = { managementMs: 10_000, keyWindowMs: 120_000 };

export type CentreOptions = Readonly<{
  centre?: string;
  host: string;
  port: number;
  hsm: Hsm;
  members: readonly CentreMember[];
  log: Log;
  clock: Clock;
  timers?: Partial<CentreTimers>;
  /** A request with a good MAC from a member that is signed on. No answer is sent for `undefined`. */
  onRequest: (institution: string, message: InterchangeMessage) => Promise<InterchangeMessage | undefined>;
  /** A member's answer that came after its request had timed out. */
  onLate?: (institution: string, message: InterchangeMessage) => void;
}>;

/** The centre's side of the links: takes members' calls, signs them on, makes their working keys. */
export interface Centre {
  readonly port: number;
  /** Signed on, with both working keys proved. */
  isReady(institution: string): boolean;
  request(institution: string, message: InterchangeMessage, options: { timeoutMs: number }): Promise<RequestOutcome>;
  /** References of the member's PIN key, the current one first. */
  pinKeys(institution: string): readonly string[];
  /** Tells every member signed on that `mmdd` is the settlement date of what follows. */
  announceCutOver(mmdd: string): Promise<void>;
  /** Requests under way time out at once. */
  close(): Promise<void>;
}

export const listenCentre = async (options: CentreOptions): Promise<Centre> => {
  const places = new Map(options.members.map((member) => [member.institution, new MemberPlace(options, member)]));
  const place = (institution: string): MemberPlace => {
    const found = places.get(institution);
    if (!found) throw new Error(`${institution} is not a member`);
    return found;
  };
  const listener = await listen({
    host: options.host,
    port: options.port,
    framing: FRAMINGS.ascii4,
    onConnection: (connection) => admit(connection, places, options.log),
  });
  return {
    port: listener.port,
    isReady: (institution) => places.get(institution)?.isReady ?? false,
    request: async (institution, message, { timeoutMs }) => place(institution).request(message, timeoutMs),
    pinKeys: (institution) => place(institution).pinKeys(),
    announceCutOver: async (mmdd) => {
      await Promise.all([...places.values()].filter(({ isReady }) => isReady).map((member) => member.cutOver(mmdd)));
    },
    close: async () => {
      await listener.close();
      for (const member of places.values()) member.close();
    },
  };
};

/** The header's source says who calls; the place of that member serves the connection from its first frame on. */
const admit = (connection: Connection, places: ReadonlyMap<string, MemberPlace>, log: Log): void => {
  connection.onFrame((frame) => {
    const institution = ascii(frame.subarray(17, 28)).trim();
    const place = places.get(institution);
    if (!place) {
      log.warn({ institution, remote: connection.remote }, 'a stranger calls: connection closed');
    }
    const work = place ? place.receive(connection, frame) : connection.close();
    work.catch((error: unknown) => log.error({ err: error, institution }, 'message from a member failed'));
  });
  connection.onClose(() => {
    for (const place of places.values()) place.left(connection);
  });
};

/** One member as the centre sees it: its connection, its keys, and whether it is signed on. */
class MemberPlace {
  readonly #options: CentreOptions;
  readonly #member: CentreMember;
  readonly #timers: CentreTimers;
  readonly #keys: Readonly<Record<WorkingKeyKind, WorkingKey>>;
  readonly #port: Port;
  readonly #now: ReturnType<typeof stampClock>;
  readonly #nextTrace = traceNumbers();
  /** Where messages to the member go: the connection it signed on over last. */
  #connection: Connection | undefined;
  #proved = new Set<WorkingKeyKind>();
  #mendedAt = 0;

  constructor(options: CentreOptions, member: CentreMember) {
    const { clock } = options;
    this.#options = options;
    this.#member = member;
    this.#timers = { ...defaultTimers, ...options.timers };
    const windowMs = this.#timers.keyWindowMs;
    const prefix = `centre.${member.institution}`;
    this.#keys = {
      pin: createWorkingKey({ prefix: `${prefix}.zpk`, clock, windowMs }),
      mac: createWorkingKey({ prefix: `${prefix}.zak`, clock, windowMs }),
    };
    this.#now = stampClock(clock);
    this.#port = createPort({
      self: options.centre ?? defaultCentre,
      peer: member.institution,
      hsm: options.hsm,
      log: options.log,
      macKeys: () => this.#keys.mac.usable(),
      transmit: (frame) => this.#connection?.send(frame) ?? false,
      onRequest: (message) => options.onRequest(member.institution, message),
      onManagement: (message) => this.#onManagement(message),
      onLate: (message) => options.onLate?.(member.institution, message),
    });
  }

  get isReady(): boolean {
    return this.#connection !== undefined && this.#proved.size === 2;
  }

  async request(message: InterchangeMessage, timeoutMs: number): Promise<RequestOutcome> {
    if (!this.isReady) return { kind: 'unavailable' };
    const outcome = await this.#port.request(message, { timeoutMs });
    if (showsKeyTrouble(outcome)) this.#mendKeys();
    return outcome;
  }

  pinKeys(): readonly string[] {
    return this.#keys.pin.usable();
  }

  /** Bytes 46 and on of a frame are its MTI. Until a member is signed on only management messages are heard. */
  async receive(connection: Connection, frame: Uint8Array): Promise<void> {
    const isManagement = ascii(frame.subarray(46, 48)) === '08';
    if (this.#connection === connection && (isManagement || this.isReady)) return this.#port.receive(frame);
    if (!isManagement) {
      connection.send(rejectedFrame(frame, rejectCode.notSignedOn));
      return;
    }
    const replaced = this.#connection;
    this.#connection = connection;
    this.#proved.clear();
    await Promise.all([replaced?.close(), this.#port.receive(frame)]);
  }

  left(connection: Connection): void {
    if (this.#connection !== connection) return;
    this.#signOff();
    this.#connection = undefined;
  }

  close(): void {
    this.#port.close();
  }

  async cutOver(mmdd: string): Promise<void> {
    for (const code of [managementCode.cutOverBegins, managementCode.cutOverEnds]) {
      await this.#port.request(cutOver(this.#receiver(), code, mmdd), { timeoutMs: this.#timers.managementMs });
    }
  }

  async #onManagement(message: InterchangeMessage): Promise<void> {
    const code = message.fields[70];
    if (code === managementCode.signOff) this.#signOff();
    const kind = workingKeyKind(message.fields[53]);
    const outcome = code !== managementCode.keyReset ? '00' : kind ? await this.#resetKey(kind) : '30';
    await this.#port.send(managementAnswer(message, outcome));
  }

  /** Makes a key, delivers it, and turns to it when the member's answer proves that it arrived. Returns the answer code. */
  async #resetKey(kind: WorkingKeyKind): Promise<'00' | 'A7'> {
    const key = this.#keys[kind];
    const { hsm, log } = this.#options;
    const made = await makeWorkingKey(hsm, kind, { ref: key.offer(), zmk: this.#member.zmk });
    const outcome = await this.#port.request(keyReset(this.#receiver(), kind, made.cryptogram), {
      timeoutMs: this.#timers.managementMs,
      macKey: made.proof,
    });
    const isProved = outcome.kind === 'answer' && (await verified(hsm, [made.proof], outcome.message));
    if (!isProved) {
      key.withdraw();
      log.error({ institution: this.#member.institution, kind, outcome: outcome.kind }, 'key reset not proved');
      return 'A7';
    }
    key.turn();
    this.#proved.add(kind);
    if (this.#proved.size === 2) log.info({ institution: this.#member.institution }, 'member signed on');
    return '00';
  }

  /** The two sides do not hold the same MAC key any more. Resetting at every message would keep the trouble going. */
  #mendKeys(): void {
    const { clock, log } = this.#options;
    const now = clock();
    if (now - this.#mendedAt < this.#timers.managementMs) return;
    this.#mendedAt = now;
    this.#resetKey('mac').catch((error: unknown) => log.error({ err: error }, 'key reset failed'));
  }

  #signOff(): void {
    if (this.isReady) this.#options.log.info({ institution: this.#member.institution }, 'member signed off');
    this.#proved.clear();
  }

  #receiver() {
    return { institution: this.#member.institution, stamp: this.#now(), trace: this.#nextTrace() };
  }
}
