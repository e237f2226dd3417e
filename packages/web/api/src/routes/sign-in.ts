import type { Face, SignInOutcome } from '@zhanggui/shop';
import { type ApiErrorCode, Refusal } from '../errors.ts';

/** A till asks for a staff number and a PIN, the office for a user name and a password. */
const wrong = { till: 'sign-in-refused', office: 'office-sign-in-refused' } as const satisfies Record<
  Face,
  ApiErrorCode
>;

/** What somebody who may not enter is told; never whether the name or the secret was wrong. */
export const signInRefusal = (face: Face, outcome: SignInOutcome): Refusal => {
  if (outcome.kind === 'signed-in') return new Refusal('not-allowed');
  if (outcome.reason === 'locked') return new Refusal('locked', { lockedUntil: outcome.lockedUntil });
  return new Refusal(outcome.reason === 'wrong' ? wrong[face] : 'not-allowed');
};
