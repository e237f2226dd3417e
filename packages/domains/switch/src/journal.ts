import { column, groupCommit, type Statement, type Store } from '@zhanggui/store';
import type { Clock } from '@zhanggui/time';

export type Beginning = Readonly<{
  key: string;
  mti: string;
  acquirer: string;
  issuer: string | undefined;
  rrn: string;
  processingCode: string;
  amountMinor: bigint;
  panMasked: string;
  panHash: Uint8Array;
  /** The sealed reversal this request would need. Sealing never gives the same bytes twice: they tell this attempt from a repeat. */
  reversal: Uint8Array;
  settlementDate: string;
  receivedAt: number;
}>;

/** `answer` is sealed, and null while there is none; `code` may stand without one after a crash. */
export type BeginOutcome = Readonly<{
  outcome: 'new' | 'repeat' | 'clash' | 'reversed';
  answer: Uint8Array | null;
  code: string | null;
}>;

export type Finish = Readonly<{
  key: string;
  code: string;
  answer: Uint8Array;
  /** Puts the reversal on its way in the same commit. */
  undo: boolean;
}>;

export type FinishOutcome = 'final' | 'answered';

export type Reversal = Readonly<{ key: string; acquirer: string; openDates: readonly string[] }>;

export type ReversalOutcome = 'reversed' | 'too-late';

export type Advice = Readonly<{
  key: string;
  issuer: string;
  reversal: Uint8Array;
  reason: string;
  createdAt: bigint;
  attempts: number;
}>;

const statements = {
  begin: {
    name: 'switch.begin',
    text: 'select outcome, answer, code from switch.begin_transactions($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)',
  },
  finish: { name: 'switch.finish', text: 'select outcome from switch.finish_transactions($1,$2,$3,$4,$5)' },
  reverse: { name: 'switch.reverse', text: 'select outcome from switch.reverse_transactions($1,$2,$3,$4,$5)' },
  resolve: { name: 'switch.resolve', text: 'select switch.resolve_unanswered($1,$2,$3,$4) as resolved' },
  noteLate: { name: 'switch.note-late', text: 'select switch.note_late($1,$2,$3)' },
  takeAdvices: {
    name: 'switch.take-advices',
    text: `select key, issuer, reversal, reason, created_at as "createdAt", attempts from switch.take_advices($1,$2,$3,$4)`,
  },
  settleAdvice: {
    name: 'switch.settle-advice',
    text: `update switch.advices set state = $2, code = $3, answered_at = $4 where key = $1 and state = 'queued'`,
  },
} as const satisfies Record<string, Statement>;

type Options = Readonly<{ store: Store; clock: Clock; instance: string }>;

/** The centre's record of what it switched; concurrent writes of a kind share one statement and one commit. */
export const createJournal = (options: Options) => {
  const { store, clock, instance } = options;
  const begin = beginnings(options);
  const finish = finishes(options);
  const reverse = reversals(options);

  return {
    begin,
    finish,
    reverse,
    /** Refuses as timed out, with a reversal, what was left without an answer. Returns how many. */
    resolveUnanswered: async (before: { own: number; any: number }): Promise<number> => {
      const [row] = await store.query<{ resolved: bigint }>(statements.resolve, [
        instance,
        before.own,
        before.any,
        clock(),
      ]);
      return Number(row?.resolved ?? 0n);
    },
    noteLate: async (key: string, code: string): Promise<void> => {
      await store.query(statements.noteLate, [key, code, clock()]);
    },
    takeAdvices: (reachable: readonly string[], againAt: number, maxRows: number): Promise<Advice[]> =>
      store.query<Advice>(statements.takeAdvices, [reachable, clock(), againAt, maxRows]),
    settleAdvice: async (key: string, state: 'done' | 'refused', code: string): Promise<void> => {
      await store.query(statements.settleAdvice, [key, state, code, clock()]);
    },
    drain: async (): Promise<void> => {
      await Promise.all([begin.drain(), finish.drain(), reverse.drain()]);
    },
  };
};

export type Journal = ReturnType<typeof createJournal>;

const isNew: BeginOutcome = { outcome: 'new', answer: null, code: null };

/** The usual group, all new, costs no row on the way back; nor does the usual group of final answers. */
const beginnings = ({ store, instance }: Options) =>
  groupCommit<Beginning, BeginOutcome>({
    run: async (items) => {
      const rows = await store.query<BeginOutcome>(statements.begin, [
        column(items, ({ key }) => key),
        column(items, ({ mti }) => mti),
        column(items, ({ acquirer }) => acquirer),
        column(items, ({ issuer }) => issuer),
        column(items, ({ rrn }) => rrn),
        column(items, ({ processingCode }) => processingCode),
        column(items, ({ amountMinor }) => amountMinor),
        column(items, ({ panMasked }) => panMasked),
        column(items, ({ panHash }) => panHash),
        column(items, ({ reversal }) => reversal),
        column(items, ({ settlementDate }) => settlementDate),
        column(items, ({ receivedAt }) => receivedAt),
        instance,
      ]);
      return rows.length > 0 ? rows : items.map(() => isNew);
    },
  });

const finishes = ({ store, clock }: Options) =>
  groupCommit<Finish, FinishOutcome>({
    run: async (items) => {
      const rows = await store.query<{ outcome: FinishOutcome }>(statements.finish, [
        column(items, ({ key }) => key),
        column(items, ({ code }) => code),
        column(items, ({ answer }) => answer),
        column(items, ({ undo }) => undo),
        clock(),
      ]);
      return rows.length > 0 ? rows.map(({ outcome }) => outcome) : items.map(() => 'final');
    },
  });

const reversals = ({ store, clock, instance }: Options) =>
  groupCommit<Reversal, ReversalOutcome>({
    lanes: 1,
    run: async (items) => {
      const rows = await store.query<{ outcome: ReversalOutcome }>(statements.reverse, [
        column(items, ({ key }) => key),
        column(items, ({ acquirer }) => acquirer),
        items[0]?.openDates ?? [],
        instance,
        clock(),
      ]);
      return rows.map(({ outcome }) => outcome);
    },
  });
