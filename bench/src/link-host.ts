import { parentPort, workerData } from 'node:worker_threads';
import { FRAMINGS, listen } from '@zhanggui/link';
import { echoes } from './link-echo.ts';

/** The answering end, on a thread of its own: tells its port, and lives until it is ended. */
const { answer } = echoes[(workerData as { kind: keyof typeof echoes }).kind];
const { port } = await listen({
  host: '127.0.0.1',
  port: 0,
  framing: FRAMINGS.binary2,
  onConnection: (connection) => connection.onFrame((frame) => void connection.send(answer(frame))),
});
parentPort?.postMessage(port);
