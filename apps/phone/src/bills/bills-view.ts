import type { PhoneRecord } from '@zhanggui/api/contract';
import type { StatusRole } from '@zhanggui/ui';

export type RecordWords = Readonly<{
  /** Signed minor units: what left the phone is negative. */
  signedMinor: bigint;
  /** Money moved, so the amount carries its sign. */
  isMoved: boolean;
  state: RecordState;
  role: StatusRole;
}>;
type RecordState =
  | 'paid'
  | 'paying'
  | 'failed'
  | 'returned'
  | 'partly'
  | 'refunded'
  | 'refunding'
  | 'refund-failed'
  | 'topped-up';

const roles: Record<RecordState, StatusRole> = {
  paid: 'ok',
  paying: 'busy',
  failed: 'danger',
  returned: 'info',
  partly: 'info',
  refunded: 'ok',
  refunding: 'busy',
  'refund-failed': 'danger',
  'topped-up': 'ok',
};

export const recordWords = (record: PhoneRecord): RecordWords => {
  const state = stateOf(record);
  const isMoved = record.state !== 'failed';
  const minor = BigInt(record.amountMinor);
  return { signedMinor: isMoved && record.kind === 'payment' ? -minor : minor, isMoved, state, role: roles[state] };
};

const stateOf = ({ kind, state, refundedMinor }: PhoneRecord): RecordState => {
  switch (kind) {
    case 'payment':
      if (state === 'done') return BigInt(refundedMinor) > 0n ? 'partly' : 'paid';
      return state === 'under-way' ? 'paying' : state;
    case 'refund':
      if (state === 'failed') return 'refund-failed';
      return state === 'under-way' ? 'refunding' : 'refunded';
    case 'top-up':
      return 'topped-up';
  }
};

export type BillDay = Readonly<{
  day: string;
  when: 'today' | 'yesterday' | 'earlier';
  records: readonly PhoneRecord[];
}>;

const dayMs = 86_400_000;

/** Records as they come, newest first, in groups of one day; `dayOf` knows the phone's time zone. */
export const billDays = (
  records: readonly PhoneRecord[],
  { now, dayOf }: { now: number; dayOf: (at: number) => string },
): BillDay[] => {
  const today = dayOf(now);
  const yesterday = dayOf(now - dayMs);
  const groups = new Map<string, PhoneRecord[]>();
  for (const record of records) {
    const day = dayOf(record.at);
    groups.set(day, [...(groups.get(day) ?? []), record]);
  }
  return Array.from(groups, ([day, grouped]) => ({
    day,
    when: day === today ? 'today' : day === yesterday ? 'yesterday' : 'earlier',
    records: grouped,
  }));
};
