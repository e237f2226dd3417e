import type { PaymentRow, SaleState } from '@zhanggui/api/contract';
import type { IconName, StatusRole } from '@zhanggui/ui';

/** What became of a payment, as the office says it: approved money that went back is `voided`. */
export type PaymentState = SaleState | 'voided';

export const paymentState = ({ state, voided }: Pick<PaymentRow, 'state' | 'voided'>): PaymentState =>
  voided && state === 'approved' ? 'voided' : state;

/** How each state looks; unknown never looks like success. */
export const stateLook: Readonly<Record<PaymentState, { role: StatusRole; icon?: IconName }>> = {
  'waiting-card': { role: 'busy' },
  processing: { role: 'busy' },
  approved: { role: 'ok' },
  declined: { role: 'danger' },
  cancelled: { role: 'offline', icon: 'minus' },
  unknown: { role: 'unknown' },
  reversed: { role: 'offline', icon: 'undo' },
  voided: { role: 'offline', icon: 'undo' },
};
