import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { type Connection, type ConnectionLimits, type LinkLog, openConnection } from './connection.ts';
import type { Framing } from './framing.ts';
import { listenerTls, type TlsIdentity } from './tls.ts';

export type ListenOptions = ConnectionLimits & {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly framing: Framing;
  /** Plain TCP unless stated. Peers then must show a certificate of an authority named here. */
  readonly tls?: TlsIdentity;
  readonly log?: LinkLog;
  /** Called once per peer; gives the connection its handlers before it returns. */
  onConnection(connection: Connection): void;
};

export type Listener = {
  readonly port: number;
  /** Closes every connection and stops listening. */
  close(): Promise<void>;
};

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
};

/** Accepts connections that carry frames. Rejects when the port is taken. */
export const listen = async (options: ListenOptions): Promise<Listener> => {
  const { host, port, framing, tls, log, onConnection } = options;
  const connections = new Set<Connection>();
  let nextId = 1;
  const accept = (socket: Socket): void => {
    const connection = openConnection({ ...options, id: nextId, socket, framing, log });
    nextId += 1;
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
    onConnection(connection);
  };
  const server = tls === undefined ? createServer(accept) : createTlsServer(listenerTls(tls), accept);
  server.on('tlsClientError', (error: Error) => log?.warn({ error: error.message }, 'peer refused: no mutual TLS'));
  server.listen(port, host);
  await once(server, 'listening');
  server.on('error', (error) => log?.warn({ error: error.message }, 'listener failed'));

  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    await Promise.all(Array.from(connections, (connection) => connection.close()));
    await closed;
  };

  return { port: portOf(server), close };
};
