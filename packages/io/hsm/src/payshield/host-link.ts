import { connect, type Socket } from 'node:net';
import { HsmError } from '../hsm-error.ts';

export type HostLinkSettings = Readonly<{
  host: string;
  port: number;
  /** An answer later than this is none. */
  timeoutMs?: number;
  reconnect?: Readonly<{ minMs: number; maxMs: number }>;
}>;

type Waiting = Readonly<{
  resolve: (message: string) => void;
  reject: (error: HsmError) => void;
  timer: NodeJS.Timeout;
}>;

const lengthBytes = 2;
const headerCharacters = 4;
const messageBytesMax = 65_535;
const headers = 36 ** headerCharacters;

/**
 * One connection to the device, kept up by itself. Frames have their length in two bytes; a header of four characters
 * comes back with the answer and says whose it is, so that many questions are under way at the same time.
 */
export class HostLink {
  readonly #settings: HostLinkSettings;
  readonly #waiting = new Map<string, Waiting>();
  #socket: Socket | undefined;
  #isConnected = false;
  #isClosed = false;
  #received: Buffer = Buffer.alloc(0);
  #count = 0;
  #pauseMs = 0;
  #pause: NodeJS.Timeout | undefined;

  constructor(settings: HostLinkSettings) {
    this.#settings = settings;
    this.#connect();
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** The answer without its header. Rejects with `device-away` when there is no connection, it breaks, or nothing comes in time. */
  request(message: string): Promise<string> {
    const socket = this.#socket;
    if (!this.#isConnected || socket === undefined) return Promise.reject(new HsmError('device-away'));
    const header = (this.#count++ % headers).toString(36).toUpperCase().padStart(headerCharacters, '0');
    const body = Buffer.from(header + message, 'latin1');
    if (body.length > messageBytesMax || this.#waiting.has(header)) return Promise.reject(new HsmError('data-format'));
    const frame = Buffer.allocUnsafe(lengthBytes + body.length);
    frame.writeUInt16BE(body.length);
    body.copy(frame, lengthBytes);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(header);
        reject(new HsmError('device-away'));
      }, this.#settings.timeoutMs ?? 2000);
      this.#waiting.set(header, { resolve, reject, timer });
      socket.write(frame);
    });
  }

  /** What is under way is given up. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#pause);
    this.#socket?.destroy();
    this.#lost();
  }

  #connect(): void {
    const { host, port } = this.#settings;
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    this.#socket = socket;
    socket.on('connect', () => {
      this.#isConnected = true;
      this.#pauseMs = 0;
    });
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    // 'close' follows and says the rest.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#lost();
      if (!this.#isClosed) this.#connectLater();
    });
  }

  #connectLater(): void {
    const { minMs, maxMs } = this.#settings.reconnect ?? { minMs: 100, maxMs: 5000 };
    this.#pauseMs = Math.min(maxMs, Math.max(minMs, 2 * this.#pauseMs));
    this.#pause = setTimeout(() => this.#connect(), this.#pauseMs);
  }

  #lost(): void {
    this.#isConnected = false;
    this.#received = Buffer.alloc(0);
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(new HsmError('device-away'));
    }
    this.#waiting.clear();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= lengthBytes) {
      const end = lengthBytes + this.#received.readUInt16BE();
      if (this.#received.length < end) return;
      this.#answered(this.#received.toString('latin1', lengthBytes, end));
      this.#received = this.#received.subarray(end);
    }
  }

  /** An answer nobody waits for any more is dropped. */
  #answered(message: string): void {
    const header = message.slice(0, headerCharacters);
    const waiting = this.#waiting.get(header);
    if (waiting === undefined) return;
    this.#waiting.delete(header);
    clearTimeout(waiting.timer);
    waiting.resolve(message.slice(headerCharacters));
  }
}
