import type { SaleState } from '@zhanggui/api/contract';
import type { StatusRole } from '@zhanggui/ui';

/** How each state of a payment looks; unknown never looks like success. */
export const stateRole: Readonly<Record<SaleState, StatusRole>> = {
  'waiting-card': 'busy',
  processing: 'busy',
  approved: 'ok',
  declined: 'danger',
  cancelled: 'offline',
  unknown: 'unknown',
  reversed: 'offline',
};
