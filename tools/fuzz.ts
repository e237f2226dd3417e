import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

/**
 * `npm run fuzz [-- --inputs 10000000 --seed 8583 --target name]`: damaged and random bytes for every decoder. Each must succeed
 * within a law of its own or throw one of our typed errors, in bounded time and memory. The inputs follow from the seed.
 */
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '8583' },
    target: { type: 'string', default: '' },
  },
});

const heapMegabytesMax = 192;
const silenceMsMax = 20_000;

const worker = new Worker(new URL('./fuzz-worker.ts', import.meta.url), {
  workerData: { inputs: Number(values.inputs), seed: Number(values.seed), target: values.target },
  resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
  execArgv: ['--disable-warning=ExperimentalWarning'],
});

const fail = (message: string): void => {
  console.error(`fuzz: ${message}`);
  process.exitCode = 1;
};

let doing = 'nothing yet';
const heard = (): NodeJS.Timeout =>
  setTimeout(() => {
    fail(`no answer for ${silenceMsMax / 1000} s in ${doing}`);
    void worker.terminate();
  }, silenceMsMax);
let silence = heard();

worker.on('message', (message: { doing?: string; line?: string; failure?: string }) => {
  clearTimeout(silence);
  silence = heard();
  doing = message.doing ?? doing;
  if (message.line !== undefined) console.log(message.line);
  if (message.failure !== undefined) fail(message.failure);
});
worker.on('error', (error: Error) => fail(`${doing}: ${error.message}`));
worker.on('exit', () => clearTimeout(silence));
