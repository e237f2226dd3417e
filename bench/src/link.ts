import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { connect, FRAMINGS } from '@zhanggui/link';
import { yardstickBytes } from './codec.ts';
import { report } from './figure.ts';
import { type Echo, echoes } from './link-echo.ts';

const host = '127.0.0.1';
const framing = FRAMINGS.binary2;
const reconnect = { minMs: 50, maxMs: 1000 } as const;
const connections = 4;
const inFlight = 32;
const rounds = 5;
const roundMs = 1500;

type Count = { echoes: number };

const request = yardstickBytes();

/** One connection that always has as many frames under way, each answered by the next. */
const startEchoing = (port: number, { next }: Echo, count: Count) => {
  const link = connect({
    host,
    port,
    framing,
    reconnect,
    onFrame(frame) {
      count.echoes += 1;
      link.send(next(frame));
    },
    onState(state) {
      // After this turn, when the connection takes frames.
      if (state === 'connected') setImmediate(() => Array.from({ length: inFlight }, () => link.send(request)));
    },
  });
  return link;
};

const elapse = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Echoes per second in the best round, since only disturbance makes it slower. */
const bestRound = async (count: Count): Promise<number> => {
  let best = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const [before, startedAt] = [count.echoes, performance.now()];
    await elapse(roundMs);
    const rate = ((count.echoes - before) * 1000) / (performance.now() - startedAt);
    if (round > 0) best = Math.max(best, rate);
  }
  return best;
};

/** jPOS on the same kind of machine: 100 to 105 thousand echoes a second, both ends in one process. */
const jposEchoes = 100_000;

const measure = async (name: string, kind: keyof typeof echoes): Promise<void> => {
  const host = new Worker(new URL('./link-host.ts', import.meta.url), { workerData: { kind } });
  const [port] = (await once(host, 'message')) as [number];
  const count: Count = { echoes: 0 };
  const links = Array.from({ length: connections }, () => startEchoing(port, echoes[kind], count));
  const before = process.cpuUsage();
  const value = await bestRound(count);
  const { user, system } = process.cpuUsage(before);
  await Promise.all(links.map((link) => link.close()));
  await host.terminate();
  report({ name, value, unit: 'echoes/s' });
  report({ name: `${name}.ratio`, value: value / jposEchoes, unit: 'x jPOS' });
  report({ name: `${name}.cpu`, value: (user + system) / count.echoes, unit: 'us of processor per echo' });
};

/**
 * The yardstick message there and back over TCP, both ends in this process and a thread each, 4 connections with 32 in flight
 * each: decoded and encoded at both ends (`link.echo`), and as frames that nobody looks into (`link.frames`).
 */
export const benchLink = async (): Promise<void> => {
  await measure('link.echo', 'messages');
  await measure('link.frames', 'frames');
};
