import type { Hop, PaymentRow } from '@zhanggui/api/contract';
import type { LocalText } from '@zhanggui/ui';
import { paymentState } from './payment-state.ts';

const knownRoles = ['terminal', 'acquirer', 'switch', 'issuer'] as const;
export type Role = (typeof knownRoles)[number];
const isKnown = (role: string): role is Role => knownRoles.some((known) => known === role);

/** What a part of the journey was about. */
export type Errand = 'sale' | 'reversal' | 'void';

/** Why a code is missing or came too late, as the roles note it down. */
const remarks = {
  'no answer in time': 'noAnswer',
  'the line is down': 'lineDown',
  'reversal not confirmed': 'notConfirmed',
  'MAC does not match': 'badMac',
  'approved without MAC': 'badMac',
  'answer differs from the request': 'differs',
  'partial approval not offered': 'partial',
} as const;
type Remark = (typeof remarks)[keyof typeof remarks] | 'late' | 'pending';

export type Step = Readonly<{
  role: Role | undefined;
  /** As the server names it, for a role this office does not know. */
  roleName: string;
  mti: string;
  errand: Errand;
  at: number;
  code: string | undefined;
  codeText: LocalText | undefined;
  isGood: boolean;
  /** Whole milliseconds; undefined while there is no answer. */
  latencyMs: number | undefined;
  remark: Remark | undefined;
}>;

/** Consecutive steps of one errand under one heading: the sale, the reversal that followed it, the void of later. */
export type Chapter = Readonly<{ errand: Errand; steps: readonly Step[] }>;

const errandOf = ({ mti, voiding }: Hop): Errand => {
  if (mti === '0400' || mti === '0420') return 'reversal';
  return voiding ? 'void' : 'sale';
};

const isRemark = (note: string): note is keyof typeof remarks => Object.hasOwn(remarks, note);

const remarkOf = ({ note = '', code }: Hop): Remark | undefined => {
  if (isRemark(note)) return remarks[note];
  if (note.startsWith('late ')) return 'late';
  return code === null ? 'pending' : undefined;
};

const stepOf = (hop: Hop): Step => ({
  role: isKnown(hop.role) ? hop.role : undefined,
  roleName: hop.role,
  mti: hop.mti,
  errand: errandOf(hop),
  at: hop.at,
  code: hop.code ?? undefined,
  codeText: hop.codeText,
  isGood: hop.code === '00',
  latencyMs: hop.latencyMs === null ? undefined : Math.round(hop.latencyMs),
  remark: remarkOf(hop),
});

/** The hops as a story in chapters; hops come in the order of their time. */
export const chapters = (hops: readonly Hop[]): readonly Chapter[] => {
  const told: { errand: Errand; steps: Step[] }[] = [];
  for (const step of hops.map(stepOf)) {
    const last = told.at(-1);
    if (last?.errand === step.errand) last.steps.push(step);
    else told.push({ errand: step.errand, steps: [step] });
  }
  return told;
};

/** How long the terminal waited for the answer that counted; undefined when none came. */
export const waitedMs = (hops: readonly Hop[]): number | undefined =>
  hops.map(stepOf).findLast(({ role, errand, code }) => role === 'terminal' && errand === 'sale' && code !== undefined)
    ?.latencyMs;

/** The whole story in a sentence: the text's name and the figures it needs. */
export const outcome = (payment: PaymentRow, hops: readonly Hop[]) => {
  const state = paymentState(payment);
  const ms = waitedMs(hops);
  if (state === 'approved' && ms === undefined) return { text: 'told.approvedNoTime', ms: 0 } as const;
  return { text: `told.${state}`, ms: ms ?? 0 } as const;
};
