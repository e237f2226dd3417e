import type { QrPaymentRow, QrRefund } from '@zhanggui/api/contract';
import type { IconName, StatusRole } from '@zhanggui/ui';

/** What became of a payment, as the office says it: a wallet’s refusal, a part gone back and giving up have words of their own. */
export type QrState = QrPaymentRow['state'] | 'refused' | 'partly-refunded' | 'undoing';

export const qrState = ({
  state,
  code,
  undoing,
  refundedMinor,
}: Pick<QrPaymentRow, 'state' | 'code' | 'undoing' | 'refundedMinor'>): QrState => {
  if (undoing && state === 'unknown') return 'undoing';
  if (state === 'closed' && code !== undefined) return 'refused';
  return state === 'paid' && refundedMinor !== '0' ? 'partly-refunded' : state;
};

type Look = Readonly<{ role: StatusRole; icon?: IconName }>;

/** How each state looks; unknown and what is being undone never look like success. */
export const qrStateLook: Readonly<Record<QrState, Look>> = {
  created: { role: 'busy' },
  'awaiting-payer': { role: 'busy', icon: 'phone' },
  paid: { role: 'ok' },
  'partly-refunded': { role: 'ok', icon: 'undo' },
  closed: { role: 'offline', icon: 'minus' },
  refused: { role: 'danger' },
  reversed: { role: 'offline', icon: 'undo' },
  refunding: { role: 'busy', icon: 'undo' },
  refunded: { role: 'offline', icon: 'undo' },
  unknown: { role: 'unknown' },
  undoing: { role: 'unknown', icon: 'undo' },
};

export const refundLook: Readonly<Record<QrRefund['state'], Look>> = {
  created: { role: 'busy' },
  refunding: { role: 'busy' },
  undeliverable: { role: 'warn' },
  refunded: { role: 'ok' },
  refused: { role: 'danger' },
  unknown: { role: 'unknown' },
};

/** Nothing more happens by itself to a payment that stands still. */
export const isStill = ({ state }: Pick<QrPaymentRow, 'state'>): boolean =>
  state === 'paid' || state === 'closed' || state === 'reversed' || state === 'refunded';
