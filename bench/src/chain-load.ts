import { connect as connectTcp, type Socket } from 'node:net';
import { FRAMINGS } from '@zhanggui/link';
import { answerCode, type LoadTerminal, prepareSales, signInRequest, workingKeys } from './load-terminal.ts';

/** The terminals' side of the chain bench, in a process of its own: every terminal sells, waits for its answer, sells again. */
export type LoadOrder = Readonly<{
  port: number;
  terminals: readonly LoadTerminal[];
  salesEach: number;
  seconds: number;
  warmUpSeconds: number;
  date: string;
}>;
export type LoadResult = Readonly<{
  approved: number;
  other: Record<string, number>;
  seconds: number;
  latenciesMs: number[];
}>;

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

const serve = async (order: LoadOrder): Promise<LoadResult> => {
  const lines = await Promise.all(order.terminals.map(() => openLine(order.port)));
  const prepared: Uint8Array[][] = [];
  for (const [index, terminal] of order.terminals.entries()) {
    const line = lines[index];
    if (!line) continue;
    const keys = workingKeys(terminal, await line.exchange(signInRequest(terminal)));
    prepared.push(
      prepareSales(terminal, keys, {
        first: 2,
        count: order.salesEach,
        amount: '000000000100',
        date: order.date,
        pin: '123456',
      }),
    );
  }
  const beginsAt = performance.now() + order.warmUpSeconds * 1000;
  const endsAt = beginsAt + order.seconds * 1000;
  const latenciesMs: number[] = [];
  const other: Record<string, number> = {};
  let approved = 0;
  const sell = async (index: number): Promise<void> => {
    for (const frame of prepared[index] ?? []) {
      const sentAt = performance.now();
      if (sentAt >= endsAt) return;
      const answer = await lines[index]?.exchange(frame);
      const answeredAt = performance.now();
      const code = answer ? answerCode(answer) : 'none';
      if (code !== '00') other[code] = (other[code] ?? 0) + 1;
      if (code !== '00' || sentAt < beginsAt || answeredAt > endsAt) continue;
      approved += 1;
      latenciesMs.push(answeredAt - sentAt);
    }
    if (performance.now() < endsAt) other['ran-dry'] = (other['ran-dry'] ?? 0) + 1;
  };
  await Promise.all(order.terminals.map((_, index) => sell(index)));
  for (const line of lines) line.close();
  return { approved, other, seconds: order.seconds, latenciesMs };
};

process.once('message', (order: LoadOrder) => {
  serve(order).then(
    (result) => process.send?.(result, () => process.exit(0)),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
