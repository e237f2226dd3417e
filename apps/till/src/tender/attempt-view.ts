import type { IconName, StatusRole } from '@zhanggui/ui';
import type { Attempt, CardState, WalletAttempt } from '../records.ts';

export type AttemptAction = 'cancel' | 'retry' | 'other-way' | 'ask-again' | 'set-aside';

type Look = Readonly<{ role: StatusRole; icon: IconName; actions: readonly AttemptAction[] }>;

/** How each state of a card payment looks and what may be done about it: one table, no state left out. */
export const cardLooks = {
  asking: { role: 'busy', icon: 'clock', actions: [] },
  'waiting-card': { role: 'busy', icon: 'card', actions: ['cancel'] },
  processing: { role: 'busy', icon: 'clock', actions: [] },
  approved: { role: 'ok', icon: 'check', actions: [] },
  declined: { role: 'danger', icon: 'cross', actions: ['retry', 'other-way'] },
  cancelled: { role: 'offline', icon: 'cross', actions: ['retry', 'other-way'] },
  refused: { role: 'danger', icon: 'cross', actions: ['retry', 'other-way'] },
  'not-sent': { role: 'offline', icon: 'cloud-off', actions: ['retry', 'other-way'] },
  unknown: { role: 'unknown', icon: 'question', actions: ['ask-again', 'set-aside'] },
  // Money did not move, so it must not look like a payment.
  reversed: { role: 'offline', icon: 'undo', actions: ['retry', 'other-way'] },
} as const satisfies Record<CardState, Look>;

/** What a payment from a phone looks like: its state, told apart where the cashier has to do or to say something else. */
export type PhoneFace = keyof typeof phoneLooks;

export const phoneLooks = {
  asking: { role: 'busy', icon: 'clock', actions: [] },
  created: { role: 'busy', icon: 'clock', actions: ['cancel'] },
  password: { role: 'busy', icon: 'phone', actions: ['cancel'] },
  shown: { role: 'busy', icon: 'qr', actions: ['cancel'] },
  paid: { role: 'ok', icon: 'check', actions: [] },
  closed: { role: 'offline', icon: 'cross', actions: ['retry', 'other-way'] },
  'wallet-refused': { role: 'danger', icon: 'cross', actions: ['retry', 'other-way'] },
  refused: { role: 'danger', icon: 'cross', actions: ['retry', 'other-way'] },
  'not-sent': { role: 'offline', icon: 'cloud-off', actions: ['retry', 'other-way'] },
  unknown: { role: 'unknown', icon: 'question', actions: ['ask-again', 'set-aside'] },
  reversed: { role: 'offline', icon: 'undo', actions: ['retry', 'other-way'] },
  undoing: { role: 'offline', icon: 'undo', actions: ['retry', 'other-way'] },
  refunded: { role: 'offline', icon: 'undo', actions: ['retry', 'other-way'] },
} as const satisfies Record<string, Look>;

export const phoneFace = ({
  state,
  how,
  code,
  qr,
}: Pick<WalletAttempt, 'state' | 'how' | 'code' | 'qr'>): PhoneFace => {
  switch (state) {
    case 'awaiting-payer':
      if (how === 'code') return 'password';
      return qr === null ? 'created' : 'shown';
    case 'closed':
      return code === null ? 'closed' : 'wallet-refused';
    case 'refunding':
      return 'refunded';
    default:
      return state;
  }
};

export const attemptLook = (attempt: Attempt): Look =>
  attempt.kind === 'card' ? cardLooks[attempt.state] : phoneLooks[phoneFace(attempt)];

/** From here on a wait names its length, so that nobody thinks the till is frozen. */
const waitNamedAfterMs = 10_000;

/** Whole seconds waited, once they are worth saying; a shown code has a countdown of its own. */
export const waitedSeconds = (attempt: Attempt, now: number): number | undefined => {
  const { role } = attemptLook(attempt);
  const waitedMs = now - attempt.startedAt;
  return (role === 'busy' || role === 'unknown') && waitedMs >= waitNamedAfterMs
    ? Math.floor(waitedMs / 1000)
    : undefined;
};
