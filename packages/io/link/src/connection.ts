import type { Socket } from 'node:net';
import { FrameError, type Framing } from './framing.ts';

/** Anything with a `warn` of details and a message, such as a pino logger. Frames never reach it, only their sizes. */
export type LinkLog = { warn(details: object, message: string): void };

export type ConnectionLimits = {
  /** Longest frame accepted from the peer, in bytes; a longer one closes the connection. 8192 unless stated. */
  readonly frameBytesMax?: number;
  /** Bytes that may wait for a peer that does not read; beyond them `send` refuses. 1 MiB unless stated. */
  readonly sendBytesMax?: number;
};

/** One open stream of frames. Handlers are given while the connection is announced; each event has one handler. */
export type Connection = {
  readonly id: number;
  readonly remote: string;
  /** False when the frame was not taken: the connection is closed, or its peer does not read. */
  send(frame: Uint8Array): boolean;
  onFrame(handler: (frame: Uint8Array) => void): void;
  onClose(handler: () => void): void;
  /** Sends what was taken, then closes. Resolves when it is closed. */
  close(): Promise<void>;
};

const FRAME_BYTES_MAX = 8192;
const SEND_BYTES_MAX = 1024 * 1024;
const CLOSE_GRACE_MS = 1000;
const PROBE_IDLE_MS = 30_000;

export type ConnectionSetup = ConnectionLimits & {
  readonly id: number;
  readonly socket: Socket;
  readonly framing: Framing;
  readonly log: LinkLog | undefined;
  /** Called whenever anything comes in, whole frame or not. */
  readonly onActivity?: () => void;
};

const whenClosed = (socket: Socket): Promise<void> =>
  socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once('close', () => resolve()));

/** Frames written within one turn of the event loop leave in one system call. */
const createSender = ({ socket, framing, sendBytesMax = SEND_BYTES_MAX }: ConnectionSetup) => {
  let isCorked = false;
  const uncork = (): void => {
    isCorked = false;
    socket.uncork();
  };
  return (frame: Uint8Array): boolean => {
    if (!socket.writable || socket.writableLength + frame.length > sendBytesMax) return false;
    if (!isCorked) {
      isCorked = true;
      socket.cork();
      process.nextTick(uncork);
    }
    socket.write(framing.encode(frame));
    // A peer that does not take answers is not listened to either, until it does.
    if (socket.writableNeedDrain) socket.pause();
    return true;
  };
};

export const openConnection = (setup: ConnectionSetup): Connection => {
  const { id, socket, framing, log, onActivity, frameBytesMax = FRAME_BYTES_MAX } = setup;
  const remote = `${socket.remoteAddress}:${socket.remotePort}`;
  const decoder = framing.decoder({ maxBytes: frameBytesMax });
  let takeFrame: (frame: Uint8Array) => void = () => undefined;
  let takeClose: () => void = () => undefined;

  socket.setNoDelay(true);
  socket.setKeepAlive(true, PROBE_IDLE_MS);
  socket.on('data', (chunk: Uint8Array) => {
    onActivity?.();
    try {
      for (const frame of decoder.push(chunk)) takeFrame(frame);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      log?.warn({ connection: id, remote, code: error.code }, 'connection closed: its stream is not framed');
      socket.destroy();
    }
  });
  socket.on('drain', () => socket.resume());
  socket.on('error', (error) => log?.warn({ connection: id, remote, error: error.message }, 'connection failed'));
  socket.on('close', () => takeClose());

  const close = async (): Promise<void> => {
    const closed = whenClosed(socket);
    socket.end();
    // A paused socket would never see the end of the peer's stream.
    socket.resume();
    const grace = setTimeout(() => socket.destroy(), CLOSE_GRACE_MS);
    await closed;
    clearTimeout(grace);
  };

  return {
    id,
    remote,
    send: createSender(setup),
    onFrame(handler) {
      takeFrame = handler;
    },
    onClose(handler) {
      takeClose = handler;
    },
    close,
  };
};
