import { iso1987Binary } from '@zhanggui/iso8583';
import { connect, FRAMINGS, listen } from '@zhanggui/link';
import { yardstickBytes } from './codec.ts';
import { report } from './figure.ts';

const host = '127.0.0.1';
const framing = FRAMINGS.binary2;
const reconnect = { minMs: 50, maxMs: 1000 } as const;
const connections = 4;
const inFlight = 32;
const rounds = 5;
const roundMs = 1500;

type Echoes = { count: number };

/** What both ends do with a frame before they send one. */
type Echo = { answer(request: Uint8Array): Uint8Array; next(answer: Uint8Array): Uint8Array };

const request = yardstickBytes();

const frames: Echo = { answer: (frame) => frame, next: () => request };

/** Each end decodes what it gets and encodes what it sends, as a channel of jPOS does. */
const messages: Echo = {
  answer: (frame) => iso1987Binary.encode({ ...iso1987Binary.decode(frame), mti: '0210' }),
  next: (frame) => iso1987Binary.encode({ ...iso1987Binary.decode(frame), mti: '0200' }),
};

/** One connection that always has as many frames under way, each answered by the next. */
const startEchoing = (port: number, echo: Echo, echoes: Echoes) => {
  const link = connect({
    host,
    port,
    framing,
    reconnect,
    onFrame(frame) {
      echoes.count += 1;
      link.send(echo.next(frame));
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
const bestRound = async (echoes: Echoes): Promise<number> => {
  let best = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const [before, startedAt] = [echoes.count, performance.now()];
    await elapse(roundMs);
    const rate = ((echoes.count - before) * 1000) / (performance.now() - startedAt);
    if (round > 0) best = Math.max(best, rate);
  }
  return best;
};

/** jPOS on the same kind of machine: 100 to 105 thousand echoes a second, both ends in one process. */
const jposEchoes = 100_000;

const measure = async (name: string, echo: Echo): Promise<void> => {
  const listener = await listen({
    host,
    port: 0,
    framing,
    onConnection: (connection) => connection.onFrame((frame) => void connection.send(echo.answer(frame))),
  });
  const echoes: Echoes = { count: 0 };
  const links = Array.from({ length: connections }, () => startEchoing(listener.port, echo, echoes));
  const before = process.cpuUsage();
  const value = await bestRound(echoes);
  const { user, system } = process.cpuUsage(before);
  await Promise.all(links.map((link) => link.close()));
  await listener.close();
  report({ name, value, unit: 'echoes/s' });
  report({ name: `${name}.ratio`, value: value / jposEchoes, unit: 'x jPOS' });
  report({ name: `${name}.cpu`, value: (user + system) / echoes.count, unit: 'us of processor per echo' });
};

/**
 * The yardstick message there and back over TCP, both ends in this process, 4 connections with 32 in flight each: decoded and
 * encoded at both ends (`link.echo`), and as frames that nobody looks into (`link.frames`).
 */
export const benchLink = async (): Promise<void> => {
  await measure('link.echo', messages);
  await measure('link.frames', frames);
};
