import { uuidv7 } from '@zhanggui/ids';
import { ask, type Job } from './program.ts';

/** Identity of a transaction begun at the terminal; a till brings its own. */
export function* newRequest(): Job<string> {
  const { at } = yield* ask('clock', undefined);
  return uuidv7(at, yield* ask('random', 10));
}
