import { connect as connectSocket, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Connection, type ConnectionLimits, type LinkLog, openConnection } from './connection.ts';
import type { Framing } from './framing.ts';
import { watchIdle } from './idle.ts';
import { peerTls, type TlsPeer } from './tls.ts';

/** connecting: trying, or waiting to try again · closed: by `close`, for good. */
export type LinkState = 'connecting' | 'connected' | 'closed';

export type ConnectOptions = ConnectionLimits & {
  readonly host: string;
  readonly port: number;
  readonly framing: Framing;
  /** The wait before trying again doubles from `minMs` to `maxMs`, and starts anew after a connection that held. */
  readonly reconnect: { readonly minMs: number; readonly maxMs: number };
  /** Sends an empty frame after this long without sending anything; never unless stated. */
  readonly keepAliveMs?: number;
  /** Asks a peer that has been silent for `afterMs`; one that says nothing within `answerMs` either is left, and connected to again. */
  readonly echo?: { readonly afterMs: number; readonly answerMs: number; frame(): Uint8Array };
  /** Plain TCP unless stated. */
  readonly tls?: TlsPeer;
  readonly log?: LinkLog;
  onFrame(frame: Uint8Array): void;
  onState?(state: LinkState): void;
};

/** A connection that is made again whenever it breaks, until it is closed. */
export type Link = {
  readonly state: LinkState;
  /** False when the frame was not taken: not connected, or the peer does not read. Nothing is kept for later. */
  send(frame: Uint8Array): boolean;
  close(): Promise<void>;
};

const EMPTY = new Uint8Array();

/** Between half and the whole of the doubled wait, so that many peers of one host do not return in step. */
const waitMs = (attempt: number, { minMs, maxMs }: ConnectOptions['reconnect']): number =>
  Math.min(maxMs, minMs * 2 ** attempt) * (0.5 + Math.random() / 2);

export const connect = (options: ConnectOptions): Link => {
  const { host, port, framing, reconnect, keepAliveMs, echo, tls, log, onFrame, onState } = options;
  let state: LinkState = 'connecting';
  let socket: Socket | undefined;
  let connection: Connection | undefined;
  let attempt = 0;
  let connections = 0;
  let connectedAt = 0;
  let retry: NodeJS.Timeout | undefined;
  let keepAlive: NodeJS.Timeout | undefined;

  const enter = (next: LinkState): void => {
    if (state === next) return;
    state = next;
    onState?.(next);
  };

  const opened = (open: Socket): void => {
    connections += 1;
    connectedAt = performance.now();
    const watch =
      echo && watchIdle({ ...echo, ask: () => connection?.send(echo.frame()), giveUp: () => open.destroy() });
    open.once('close', () => watch?.stop());
    connection = openConnection({ ...options, id: connections, socket: open, framing, log, onActivity: watch?.heard });
    connection.onFrame(onFrame);
    if (keepAliveMs !== undefined) keepAlive = setInterval(() => connection?.send(EMPTY), keepAliveMs);
    enter('connected');
  };

  const broken = (): void => {
    clearInterval(keepAlive);
    if (connection !== undefined && performance.now() - connectedAt >= reconnect.maxMs) attempt = 0;
    connection = undefined;
    if (state === 'closed') return;
    enter('connecting');
    retry = setTimeout(tryToConnect, waitMs(attempt, reconnect));
    attempt += 1;
  };

  const tryToConnect = (): void => {
    const trying = tls === undefined ? connectSocket({ host, port }) : connectTls({ host, port, ...peerTls(tls) });
    socket = trying;
    trying.once(tls === undefined ? 'connect' : 'secureConnect', () => opened(trying));
    trying.once('error', (error) => {
      if (connection === undefined) log?.warn({ host, port, error: error.message }, 'link is down');
    });
    trying.once('close', broken);
  };

  onState?.('connecting');
  tryToConnect();

  return {
    get state() {
      return state;
    },
    send(frame) {
      if (connection === undefined || !connection.send(frame)) return false;
      keepAlive?.refresh();
      return true;
    },
    async close() {
      enter('closed');
      clearTimeout(retry);
      if (connection === undefined) socket?.destroy();
      await connection?.close();
    },
  };
};
