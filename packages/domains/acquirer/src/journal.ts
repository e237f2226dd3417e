import { column, groupCommit, type Statement, type Store } from '@zhanggui/store';
import type { Clock } from '@zhanggui/time';
import type { TransactionKind } from './kinds.ts';

/** A transaction's identity on this host (Q/CUP 009.1): its reversal shares it. */
export type TransactionKey = Readonly<{ terminalId: string; batch: string; stan: string }>;

export type Beginning = TransactionKey &
  Readonly<{
    merchantId: string;
    kind: TransactionKind;
    amountMinor: bigint;
    currency: string;
    entryMode: string;
    panMasked: string;
    panHash: Uint8Array;
    /** The sealed reversal this transaction would need. */
    reversal: Uint8Array;
    rrn: string;
    transmittedAt: string;
    upstreamStan: string;
    /** The sale a void is for. */
    originalStan: string | undefined;
    receivedAt: number;
  }>;

/** `answer` is sealed, and null while there is none; `code` may stand without one after a crash. */
export type BeginOutcome = Readonly<{
  outcome: 'new' | 'repeat' | 'clash' | 'reversed' | 'held';
  answer: Uint8Array | null;
  code: string | null;
}>;

export type Finish = TransactionKey &
  Readonly<{
    code: string;
    authCode: string | undefined;
    settlementDate: string | undefined;
    answer: Uint8Array;
    /** Puts the reversal on its way in the same commit. */
    undo: boolean;
  }>;

export type FinishOutcome = 'final' | 'reversed' | 'answered';

export type Reversal = TransactionKey & Readonly<{ merchantId: string; reason: string }>;

export type ReversalOutcome = Readonly<{
  outcome: 'reversed' | 'too-late';
  rrn: string | null;
  settlementDate: string | null;
  reversal: Uint8Array;
}>;

export type Advice = TransactionKey &
  Readonly<{ reversal: Uint8Array; reason: string; createdAt: bigint; attempts: number }>;

const statements = {
  begin: {
    name: 'acquirer.begin',
    text: 'select outcome, answer, code from acquirer.begin_transactions($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)',
  },
  finish: {
    name: 'acquirer.finish',
    text: 'select outcome from acquirer.finish_transactions($1,$2,$3,$4,$5,$6,$7,$8,$9)',
  },
  reverse: {
    name: 'acquirer.reverse',
    text: `select outcome, rrn, settlement_date as "settlementDate", reversal
           from acquirer.reverse_transactions($1,$2,$3,$4,$5,$6,$7,$8)`,
  },
  resolve: { name: 'acquirer.resolve', text: 'select acquirer.resolve_unanswered($1,$2,$3,$4) as resolved' },
  takeAdvices: {
    name: 'acquirer.take-advices',
    text: `select terminal_id as "terminalId", batch, stan, reversal, reason, created_at as "createdAt", attempts
           from acquirer.take_advices($1,$2,$3)`,
  },
  settleAdvice: {
    name: 'acquirer.settle-advice',
    text: `update acquirer.advices set state = $4, code = $5, answered_at = $6
           where terminal_id = $1 and batch = $2 and stan = $3 and state = 'queued'`,
  },
} as const satisfies Record<string, Statement>;

const keyColumns = (items: readonly TransactionKey[]): string[][] => [
  column(items, ({ terminalId }) => terminalId),
  column(items, ({ batch }) => batch),
  column(items, ({ stan }) => stan),
];

type Options = Readonly<{ store: Store; clock: Clock; instance: string }>;

/** The acquirer's record of its transactions; concurrent writes of a kind share one statement and one commit. */
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
    takeAdvices: (againAt: number, maxRows: number): Promise<Advice[]> =>
      store.query<Advice>(statements.takeAdvices, [clock(), againAt, maxRows]),
    settleAdvice: async (advice: TransactionKey, state: 'done' | 'refused', code: string): Promise<void> => {
      await store.query(statements.settleAdvice, [advice.terminalId, advice.batch, advice.stan, state, code, clock()]);
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
        ...keyColumns(items),
        column(items, ({ merchantId }) => merchantId),
        column(items, ({ kind }) => kind),
        column(items, ({ amountMinor }) => amountMinor),
        column(items, ({ currency }) => currency),
        column(items, ({ entryMode }) => entryMode),
        column(items, ({ panMasked }) => panMasked),
        column(items, ({ panHash }) => panHash),
        column(items, ({ reversal }) => reversal),
        column(items, ({ rrn }) => rrn),
        column(items, ({ transmittedAt }) => transmittedAt),
        column(items, ({ upstreamStan }) => upstreamStan),
        column(items, ({ originalStan }) => originalStan),
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
        ...keyColumns(items),
        column(items, ({ code }) => code),
        column(items, ({ authCode }) => authCode),
        column(items, ({ settlementDate }) => settlementDate),
        column(items, ({ answer }) => answer),
        column(items, ({ undo }) => undo),
        clock(),
      ]);
      return rows.length > 0 ? rows.map(({ outcome }) => outcome) : items.map(() => 'final');
    },
  });

const reversals = ({ store, clock, instance }: Options) =>
  groupCommit<Reversal & { openDates: readonly string[] }, ReversalOutcome>({
    lanes: 1,
    run: (items) =>
      store.query<ReversalOutcome>(statements.reverse, [
        ...keyColumns(items),
        column(items, ({ merchantId }) => merchantId),
        column(items, ({ reason }) => reason),
        items[0]?.openDates ?? [],
        instance,
        clock(),
      ]),
  });
