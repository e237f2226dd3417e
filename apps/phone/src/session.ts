import type { PhoneNotice, PhoneOrder, PhoneView } from '@zhanggui/api/contract';

export type PhoneText = Readonly<{ zh: string; en: string }>;
export type Outcome =
  | Readonly<{ kind: 'paid'; recordId: string }>
  | Readonly<{ kind: 'refused'; code: string; text: PhoneText }>
  /** The till gave up while the password was asked for. */
  | Readonly<{ kind: 'cancelled' }>;

/** What this phone is doing beside what the wallets know: an order in hand, an ending on the screen, news not yet put away. */
export type Session = Readonly<{
  /** Notices that were there already; undefined before the first view. */
  seen: ReadonlySet<string> | undefined;
  order: PhoneOrder | undefined;
  outcome: Outcome | undefined;
  /** Payments whose ending was on the screen, so that an answer that comes late does not bring it back. */
  ended: ReadonlySet<string>;
  banners: readonly PhoneNotice[];
  /** The last view asked for the password. */
  isPrompted: boolean;
}>;

export type SessionEvent =
  | Readonly<{ kind: 'view'; view: PhoneView; isCodeShown: boolean }>
  | Readonly<{ kind: 'found'; order: PhoneOrder }>
  | Readonly<{ kind: 'ended'; outcome: Outcome }>
  | Readonly<{ kind: 'order-put-away' }>
  | Readonly<{ kind: 'outcome-put-away' }>
  | Readonly<{ kind: 'banner-put-away'; id: string }>;

const bannersMax = 3;

export const freshSession: Session = {
  seen: undefined,
  order: undefined,
  outcome: undefined,
  ended: new Set(),
  banners: [],
  isPrompted: false,
};

export const afterEvent = (session: Session, event: SessionEvent): Session => {
  switch (event.kind) {
    case 'view':
      return afterView(session, event.view, event.isCodeShown);
    case 'found':
      return { ...session, order: event.order, outcome: undefined };
    case 'ended':
      return afterEnding(session, event.outcome);
    case 'order-put-away':
      return { ...session, order: undefined, isPrompted: false };
    case 'outcome-put-away':
      return { ...session, outcome: undefined };
    case 'banner-put-away':
      return { ...session, banners: session.banners.filter(({ id }) => id !== event.id) };
  }
};

const afterEnding = (session: Session, outcome: Outcome): Session => {
  const isShownBefore = outcome.kind === 'paid' && session.ended.has(outcome.recordId);
  return {
    ...session,
    order: undefined,
    outcome: isShownBefore ? session.outcome : outcome,
    ended: outcome.kind === 'paid' ? new Set([...session.ended, outcome.recordId]) : session.ended,
  };
};

/** The first view tells nothing new; of later ones each new notice is either the ending of what is on the screen, or a banner. */
const afterView = (session: Session, view: PhoneView, isCodeShown: boolean): Session => {
  const { seen } = session;
  const isPaying = isCodeShown || session.isPrompted || session.order !== undefined;
  const next = {
    ...session,
    seen: new Set(view.notices.map(({ id }) => id)),
    isPrompted: view.prompt !== undefined,
  };
  if (!seen) return next;
  const news = view.notices.filter(({ id }) => !seen.has(id)).reverse();
  const told = news.reduce<Session>((before, notice) => afterNotice(before, notice, isPaying), next);
  const isGivenUp = session.isPrompted && !told.isPrompted && told.outcome === session.outcome;
  return isGivenUp && !told.outcome ? { ...told, outcome: { kind: 'cancelled' } } : told;
};

const afterNotice = (session: Session, notice: PhoneNotice, isPaying: boolean): Session => {
  const outcome = isPaying ? endingOf(notice) : undefined;
  if (outcome) return afterEnding(session, outcome);
  if (notice.kind === 'paid' && notice.recordId !== undefined && session.ended.has(notice.recordId)) return session;
  return { ...session, banners: [notice, ...session.banners].slice(0, bannersMax) };
};

const endingOf = ({ kind, recordId, text }: PhoneNotice): Outcome | undefined => {
  if (kind === 'paid' && recordId !== undefined) return { kind: 'paid', recordId };
  return kind === 'refused' ? { kind: 'refused', code: '', text } : undefined;
};
