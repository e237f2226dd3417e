import type { QrPaymentDetail, QrPaymentRow, QrRefund } from '@zhanggui/api/contract';
import type { IconName, LocalText, StatusRole } from '@zhanggui/ui';
import { qrState } from './qr-payment-state.ts';

type StepName =
  | 'scanned'
  | 'shown'
  | 'no-answer'
  | 'password'
  | 'unscanned'
  | 'unknown'
  | 'undoing'
  | 'paid'
  | 'refused'
  | 'closed'
  | 'reversed'
  | 'refund-asked'
  | 'refunded'
  | 'refund-refused'
  | 'refund-undeliverable';

/** One thing that happened, or what is being waited for (`at` absent). */
export type QrStep = Readonly<{
  name: StepName;
  at: number | undefined;
  role: StatusRole;
  icon: IconName;
  amountMinor: string;
  /** Why, in the words of the wallet or of the person who refunded. */
  reason: LocalText | undefined;
  code: string | undefined;
  by: string | undefined;
  until: number | undefined;
}>;

type Rest = Partial<Pick<QrStep, 'at' | 'amountMinor' | 'reason' | 'code' | 'by' | 'until'>>;

const looks: Readonly<Record<StepName, readonly [StatusRole, IconName]>> = {
  scanned: ['info', 'scan'],
  shown: ['info', 'qr'],
  'no-answer': ['busy', 'clock'],
  password: ['busy', 'phone'],
  unscanned: ['busy', 'phone'],
  unknown: ['unknown', 'question'],
  undoing: ['unknown', 'undo'],
  paid: ['ok', 'check'],
  refused: ['danger', 'cross'],
  closed: ['offline', 'minus'],
  reversed: ['offline', 'undo'],
  'refund-asked': ['info', 'undo'],
  refunded: ['ok', 'check'],
  'refund-refused': ['danger', 'cross'],
  'refund-undeliverable': ['warn', 'card'],
};

const step = (name: StepName, payment: QrPaymentRow, rest: Rest = {}): QrStep => ({
  name,
  at: undefined,
  role: looks[name][0],
  icon: looks[name][1],
  amountMinor: payment.amountMinor,
  reason: undefined,
  code: undefined,
  by: undefined,
  until: undefined,
  ...rest,
});

const endOf = (payment: QrPaymentRow): QrStep[] => {
  const { endedAt: at, text: reason, code } = payment;
  const state = qrState(payment);
  if (state === 'refused') return [step('refused', payment, { at, reason, code })];
  return state === 'closed' || state === 'reversed' ? [step(state, payment, { at })] : [];
};

const waitOf = (payment: QrPaymentRow): QrStep[] => {
  const state = qrState(payment);
  if (state === 'unknown' || state === 'undoing') return [step(state, payment)];
  if (state === 'created') return [step('no-answer', payment)];
  if (state !== 'awaiting-payer') return [];
  return payment.how === 'code' || payment.expiresAt === undefined
    ? [step('password', payment)]
    : [step('unscanned', payment, { until: payment.expiresAt })];
};

/** Wallets count in whole seconds: what they did in the second of the asking was done after it all the same. */
const notBefore = (asked: number, done: number): number => Math.max(asked, done);

/** The same words for both readers: a person wrote them in one language. */
const written = (words: string): LocalText => ({ zh: words, en: words });

const refundSteps = (payment: QrPaymentRow, refund: QrRefund): QrStep[] => {
  const { amountMinor, by, at, endedAt, code, text } = refund;
  const asked = step('refund-asked', payment, { at, amountMinor, by, reason: written(refund.reason) });
  const end = { at: endedAt === undefined ? undefined : notBefore(at, endedAt), amountMinor };
  if (refund.state === 'refunded') return [asked, step('refunded', payment, end)];
  if (refund.state !== 'refused') return [asked];
  return [asked, step('refund-refused', payment, { ...end, code, reason: text })];
};

/** Everything that happened to a payment, in the order of its time, and last what is still waited for. */
export const qrStory = ({ payment, refunds }: QrPaymentDetail): readonly QrStep[] => {
  const { at, paidAt } = payment;
  const happened = [
    step(payment.how === 'code' ? 'scanned' : 'shown', payment, { at }),
    ...(paidAt === undefined ? [] : [step('paid', payment, { at: notBefore(at, paidAt) })]),
    ...endOf(payment),
    ...refunds.flatMap((refund) => refundSteps(payment, refund)),
  ];
  const inOrder = happened.sort((one, other) => (one.at ?? at) - (other.at ?? at));
  const undeliverable = refunds
    .filter(({ state }) => state === 'undeliverable')
    .map(({ amountMinor }) => step('refund-undeliverable', payment, { amountMinor }));
  return [...inOrder, ...waitOf(payment), ...undeliverable];
};
