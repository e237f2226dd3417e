import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { FrameError, type Framing } from '@zhanggui/link';
import { createFaultList, type Direction, type Fault, type FaultList, passageOf } from './fault.ts';

export type WireOptions = {
  readonly name: string;
  readonly target: { readonly host: string; readonly port: number };
  readonly framing: Framing;
  /** Any free port unless stated. Only this machine can reach it. */
  readonly listenPort?: number;
};

/** A line between a client and a server that breaks on purpose. */
export type Wire = {
  readonly name: string;
  readonly port: number;
  /** Faults still to be met, with the frames they have left. */
  readonly faults: readonly Fault[];
  set(fault: Fault): void;
  clear(): void;
  /** Breaks every connection and stops listening. */
  close(): Promise<void>;
};

const LOCAL_HOST = '127.0.0.1';
const FRAME_BYTES_MAX = 9999;

type End = { readonly from: Socket; readonly to: Socket; readonly direction: Direction };

const send = ({ from, to }: End, framing: Framing, frames: readonly Uint8Array[]): void => {
  for (const frame of frames) if (to.writable) to.write(framing.encode(frame));
  if (to.writableNeedDrain) from.pause();
};

const pass = (end: End, framing: Framing, faults: FaultList, frame: Uint8Array): void => {
  const passage = passageOf(frame, faults.meet(end.direction, frame));
  if (passage.kind === 'cut') end.from.destroy();
  else if (passage.delayMs === 0) send(end, framing, passage.frames);
  else setTimeout(() => send(end, framing, passage.frames), passage.delayMs).unref();
};

/** What arrives at one end leaves at the other; when one end closes, so does the other. */
const join = (end: End, framing: Framing, faults: FaultList): void => {
  const { from, to } = end;
  const decoder = framing.decoder({ maxBytes: FRAME_BYTES_MAX });
  from.setNoDelay(true);
  from.on('data', (chunk: Uint8Array) => {
    // Frames that came together go on together.
    to.cork();
    try {
      for (const frame of decoder.push(chunk)) pass(end, framing, faults, frame);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      from.destroy();
    } finally {
      to.uncork();
    }
  });
  to.on('drain', () => from.resume());
  from.on('error', () => from.destroy());
  from.on('close', () => to.destroy());
};

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
};

/** Listens, and carries frames to the target and back. Rejects when the port is taken. */
export const startWire = async ({ name, target, framing, listenPort = 0 }: WireOptions): Promise<Wire> => {
  const faults = createFaultList();
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target);
    clients.add(client);
    client.once('close', () => clients.delete(client));
    join({ from: client, to: upstream, direction: 'to-server' }, framing, faults);
    join({ from: upstream, to: client, direction: 'to-client' }, framing, faults);
  });
  server.listen(listenPort, LOCAL_HOST);
  await once(server, 'listening');

  return {
    name,
    port: portOf(server),
    get faults() {
      return faults.active;
    },
    set: faults.set,
    clear: faults.clear,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const client of clients) client.destroy();
      await closed;
    },
  };
};
