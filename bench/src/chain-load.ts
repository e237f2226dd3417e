import { connect as connectTcp, type Socket } from 'node:net';
import { FRAMINGS } from '@zhanggui/link';
import { answerCode, type LoadTerminal, prepareSales, signInRequest, workingKeys } from './load-terminal.ts';

/** The terminals' side of the chain bench, in a process of its own: every terminal sells, waits for its answer, sells again. */
export type LoadOrder = Readonly<{
  port: number;
  terminals: readonly LoadTerminal[];
  /** Sales signed in advance for each terminal. */
  salesEach: number;
  date: string;
  pin: string;
}>;
/** Sells for so long, and waits for the last answers. */
export type LoadRound = Readonly<{ seconds: number }>;
/** What was approved within the round. */
export type LoadResult = Readonly<{ approved: number; other: Record<string, number>; latenciesMs: number[] }>;

type Line = { exchange(frame: Uint8Array): Promise<Uint8Array>; close(): void };

const openLine = async (port: number): Promise<Line> => {
  const socket: Socket = connectTcp({ host: '127.0.0.1', port, noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const decoder = FRAMINGS.binary2.decoder({ maxBytes: 4096 });
  let waiting: ((frame: Uint8Array) => void) | undefined;
  socket.on('data', (chunk: Buffer) => {
    for (const frame of decoder.push(chunk)) waiting?.(frame);
  });
  return {
    exchange: (frame) =>
      new Promise((resolve) => {
        waiting = resolve;
        socket.write(frame);
      }),
    close: () => socket.destroy(),
  };
};

/** A terminal signed in, with its sales in hand. */
type Seller = Readonly<{ line: Line; sales: Iterator<Uint8Array> }>;

const openSeller = async ({ port, salesEach, date, pin }: LoadOrder, terminal: LoadTerminal): Promise<Seller> => {
  const line = await openLine(port);
  const keys = workingKeys(terminal, await line.exchange(signInRequest(terminal)));
  const order = { first: 2, count: salesEach, amount: '000000000100', date, pin };
  return { line, sales: prepareSales(terminal, keys, order).values() };
};

const sellAll = async (sellers: readonly Seller[], { seconds }: LoadRound): Promise<LoadResult> => {
  const endsAt = performance.now() + seconds * 1000;
  const latenciesMs: number[] = [];
  const other: Record<string, number> = {};
  const sell = async ({ line, sales }: Seller): Promise<void> => {
    for (let sentAt = performance.now(); sentAt < endsAt; sentAt = performance.now()) {
      const next = sales.next();
      const code = next.done ? 'ran dry' : answerCode(await line.exchange(next.value));
      const answeredAt = performance.now();
      if (code !== '00') other[code] = (other[code] ?? 0) + 1;
      else if (answeredAt <= endsAt) latenciesMs.push(answeredAt - sentAt);
      if (next.done) return;
    }
  };
  await Promise.all(sellers.map(sell));
  return { approved: latenciesMs.length, other, latenciesMs };
};

const failed = (error: unknown): never => {
  console.error(error);
  process.exit(1);
};

const serve = async (order: LoadOrder): Promise<void> => {
  const sellers: Seller[] = [];
  for (const terminal of order.terminals) sellers.push(await openSeller(order, terminal));
  process.on('message', (round: LoadRound | 'stop') => {
    if (round !== 'stop') {
      sellAll(sellers, round).then((result) => process.send?.(result), failed);
      return;
    }
    for (const { line } of sellers) line.close();
    process.disconnect?.();
  });
  process.send?.('ready');
};

// Whoever started it is gone, or has been told that it is finished.
process.once('disconnect', () => process.exit());
process.once('message', (order: LoadOrder) => {
  serve(order).catch(failed);
});
