import { parentPort, workerData } from 'node:worker_threads';
import { hex } from '@zhanggui/bytes';
import { chanceOf, damaged } from './fuzz-input.ts';
import { type FuzzTarget, fuzzTargets, isExpected } from './fuzz-targets.ts';

const { inputs, seed, target: wanted } = workerData as { inputs: number; seed: number; target: string };
const tell = (message: object): void => parentPort?.postMessage(message);

const inputMsMax = 500;
/** Well below the silence after which a decoder counts as hanging, however slow its inputs are. */
const signMs = 1000;

/** What went wrong with an input, or nothing. */
const faultOf = async (
  target: FuzzTarget,
  bytes: Uint8Array,
  counts: { taken: number },
): Promise<string | undefined> => {
  const startedAt = performance.now();
  try {
    await target.run(bytes);
    counts.taken += 1;
  } catch (error) {
    if (!isExpected(error)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const tookMs = performance.now() - startedAt;
  return tookMs > inputMsMax && (await isSlow(target, bytes)) ? `${Math.round(tookMs)} ms for one input` : undefined;
};

/** Slow each time, since on a busy machine any input can be kept waiting once. */
const isSlow = async (target: FuzzTarget, bytes: Uint8Array): Promise<boolean> => {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const startedAt = performance.now();
    try {
      await target.run(bytes);
    } catch {
      // What it throws was looked at before.
    }
    if (performance.now() - startedAt <= inputMsMax) return false;
  }
  return true;
};

/** The number of inputs that failed: one, since the rest of a target says little after it. */
const fuzz = async (target: FuzzTarget, count: number): Promise<number> => {
  const chance = chanceOf(seed);
  const counts = { taken: 0 };
  const startedAt = performance.now();
  let signedAt = -signMs;
  for (let number = 0; number < count; number += 1) {
    if (performance.now() - signedAt >= signMs) {
      tell({ doing: `${target.name}, input ${number}` });
      signedAt = performance.now();
    }
    const bytes = damaged(target.seeds, chance);
    const fault = await faultOf(target, bytes, counts);
    if (fault === undefined) continue;
    tell({ failure: `${target.name}, seed ${seed}, input ${number}: ${fault}\n${hex(bytes)}` });
    return 1;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  tell({
    line: JSON.stringify({
      target: target.name,
      inputs: count,
      taken: counts.taken,
      seconds: Number(seconds.toFixed(1)),
    }),
  });
  return 0;
};

const targets = fuzzTargets.filter(({ name }) => name.includes(wanted));
const shares = targets.map(({ costs = 1 }) => 1 / costs);
const whole = shares.reduce((sum, share) => sum + share, 0);
const countOf = (index: number): number => Math.ceil((inputs * (shares[index] ?? 0)) / whole);
let failures = 0;
for (const [index, target] of targets.entries()) failures += await fuzz(target, countOf(index));
const total = targets.reduce((sum, _target, index) => sum + countOf(index), 0);
tell({ line: JSON.stringify({ fuzz: 'all', targets: targets.length, inputs: total, seed, failures }) });
