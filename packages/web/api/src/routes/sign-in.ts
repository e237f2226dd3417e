import type { SignInOutcome } from '@zhanggui/shop';
import { Refusal } from '../errors.ts';

/** What somebody who may not enter is told; never whether the name or the secret was wrong. */
export const signInRefusal = (outcome: SignInOutcome): Refusal => {
  if (outcome.kind === 'signed-in') return new Refusal('not-allowed');
  if (outcome.reason === 'locked') return new Refusal('locked', { lockedUntil: outcome.lockedUntil });
  return new Refusal(outcome.reason === 'wrong' ? 'sign-in-refused' : 'not-allowed');
};
