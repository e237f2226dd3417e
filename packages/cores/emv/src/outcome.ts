/** How a session is told to the terminal. */
import { hex } from '@zhanggui/bytes';
import { pan, Secret } from '@zhanggui/secret';
import type { CardData, ChipTags, KernelOutcome } from './conversation.ts';
import { reversalField55, scriptNoticeField55 } from './field55.ts';
import { KERNEL_REASONS, type KernelReason } from './reasons.ts';
import { type CardFault, panDigits, type Session, text } from './session.ts';

/** What the last step found; `outcomeOf` adds the rest. */
export type Ending =
  | Readonly<{ kind: 'approved'; online: boolean }>
  | Readonly<{ kind: 'declined' | 'terminated'; reason: KernelReason }>;

export const outcomeOf = (session: Session, ending: Ending): KernelOutcome => {
  const common = { tags: chipTags(session), field55ForScriptNotice: scriptNoticeField55(session) };
  if (ending.kind === 'approved') return { ...ending, ...common, cvm: session.method };
  return { ...ending, ...common, reversalNeeded: session.hostApproved, field55ForReversal: reversalField55(session) };
};

/** A chip that could not be read before an application was selected leaves the stripe to try. */
export const outcomeOfFault = (session: Session, { reason }: CardFault): KernelOutcome =>
  !session.application && KERNEL_REASONS[reason].stripe
    ? { kind: 'fallback-to-stripe', reason }
    : outcomeOf(session, { kind: 'terminated', reason });

export const cardData = (session: Session): CardData => {
  const track2 = session.data.get('57');
  return {
    pan: pan(panDigits(session)),
    psn: session.data.has('5F34') ? text(session, '5F34') : undefined,
    track2: track2 && new Secret('track', hex(track2).replace(/F$/, '').replace('D', '=')),
    expiry: text(session, '5F24').slice(0, 4),
    aid: text(session, '9F06'),
    label: session.application?.label ?? '',
  };
};

const chipTags = (session: Session): ChipTags => ({
  aid: text(session, '9F06'),
  label: session.application?.label ?? '',
  cryptogramType: session.cryptogramType,
  cryptogram: text(session, '9F26'),
  tvr: hex(session.tvr),
  tsi: hex(session.tsi),
  atc: text(session, '9F36'),
  cvmResults: text(session, '9F34'),
});
