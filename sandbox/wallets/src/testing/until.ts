import assert from 'node:assert/strict';

const patienceMs = 5_000;

/** Waits as long as it takes on a busy machine, and no longer. */
export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  const giveUpAt = performance.now() + patienceMs;
  while (!(await isSo())) {
    assert.ok(performance.now() < giveUpAt, `not so after ${patienceMs} ms: ${isSo}`);
    await new Promise((done) => setTimeout(done, 3));
  }
};
