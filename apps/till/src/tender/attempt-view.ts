import type { IconName, StatusRole } from '@zhanggui/ui';
import type { AttemptState, CardAttempt } from '../records.ts';

export type AttemptAction = 'cancel' | 'retry' | 'ask-again' | 'set-aside';

/** How each state of a card payment looks and what may be done about it: one table, no state left out. */
export const attemptLooks = {
  asking: { role: 'busy', icon: 'clock', actions: [] },
  'waiting-card': { role: 'busy', icon: 'card', actions: ['cancel'] },
  processing: { role: 'busy', icon: 'clock', actions: [] },
  approved: { role: 'ok', icon: 'check', actions: [] },
  declined: { role: 'danger', icon: 'cross', actions: ['retry'] },
  cancelled: { role: 'offline', icon: 'cross', actions: ['retry'] },
  refused: { role: 'danger', icon: 'cross', actions: ['retry'] },
  'not-sent': { role: 'offline', icon: 'cloud-off', actions: ['retry'] },
  unknown: { role: 'unknown', icon: 'question', actions: ['ask-again', 'set-aside'] },
  // Money did not move, so it must not look like a payment.
  reversed: { role: 'offline', icon: 'undo', actions: ['retry'] },
} as const satisfies Record<AttemptState, { role: StatusRole; icon: IconName; actions: readonly AttemptAction[] }>;

/** From here on a wait names its length, so that nobody thinks the till is frozen. */
const waitNamedAfterMs = 10_000;

/** Whole seconds waited, once they are worth saying. */
export const waitedSeconds = ({ state, startedAt }: CardAttempt, now: number): number | undefined => {
  const isWaiting = attemptLooks[state].role === 'busy' || state === 'unknown';
  const waitedMs = now - startedAt;
  return isWaiting && waitedMs >= waitNamedAfterMs ? Math.floor(waitedMs / 1000) : undefined;
};
