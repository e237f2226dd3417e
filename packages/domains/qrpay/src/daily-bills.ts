import type { Store } from '@zhanggui/store';
import type { Log } from '@zhanggui/telemetry';
import { type BusinessDate, businessDateAt, type Clock, type EpochMs, epochMs } from '@zhanggui/time';
import type { Wallet } from '@zhanggui/wallet-channel';
import type { SetTimer } from './poller.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A day's bill is there from 10:00 of the next, in Beijing (WeChat Pay, 下载交易账单; the others are earlier). */
const billAgeMs = dayMs + 10 * hourMs;
/** A server that was off catches up on a week. */
const daysMax = 7;
const lookMs = 10 * 60_000;
/** Some wallets make no bill of a day without payments: what cannot be had is asked for ever more rarely, at least this often. */
const restMaxMs = 6 * hourMs;

export type Bill = Readonly<{ wallet: Wallet; date: BusinessDate }>;

/** The days of the last week whose bill is there, since the first payment; oldest first. */
export const billDays = (now: EpochMs, firstPaymentAt: EpochMs): BusinessDate[] => {
  const first = businessDateAt(firstPaymentAt);
  return Array.from({ length: daysMax }, (_, back) => businessDateAt(epochMs(now - billAgeMs - back * dayMs)))
    .filter((day) => day >= first)
    .reverse();
};

type Options = Readonly<{
  store: Store;
  merchantId: string;
  clock: Clock;
  log: Log;
  setTimer: SetTimer;
  wallets: () => readonly Wallet[];
  reconcile: (bill: Bill) => Promise<unknown>;
}>;

const firstPaymentAt = async ({ store, merchantId }: Options): Promise<EpochMs | undefined> => {
  const [row] = await store.query<{ at: bigint | null }>(
    'select min(asked_at) as at from qrpay.payments where merchant_id = $1',
    [merchantId],
  );
  return row?.at == null ? undefined : epochMs(Number(row.at));
};

/** Bills that are there and that nobody has compared yet. */
const dueBills = async (options: Options): Promise<Bill[]> => {
  const first = await firstPaymentAt(options);
  if (first === undefined) return [];
  const days = billDays(options.clock(), first);
  const rows = await options.store.query<{ wallet: Wallet; date: BusinessDate }>(
    'select wallet, bill_date::text as date from qrpay.reconciliations where merchant_id = $1 and bill_date = any($2::date[])',
    [options.merchantId, days],
  );
  const done = new Set(rows.map(({ wallet, date }) => `${wallet}/${date}`));
  return days.flatMap((date) =>
    options.wallets().flatMap((wallet) => (done.has(`${wallet}/${date}`) ? [] : [{ wallet, date }])),
  );
};

type Rest = Readonly<{ ms: number; until: number }>;

/** Compares every day's bill once it is there; one that cannot be had or used is tried again, first ten minutes later. */
export const createDailyBills = (options: Options) => {
  const { clock, log, setTimer, reconcile } = options;
  let isRunning = false;
  let looking: Promise<void> | undefined;
  let callOff: () => void = () => undefined;
  let rests: ReadonlyMap<string, Rest> = new Map();

  /** How long it is to rest, if it is. */
  const compared = async (bill: Bill, before: Rest | undefined): Promise<Rest | undefined> => {
    if (before && clock() < before.until) return before;
    try {
      await reconcile(bill);
      return undefined;
    } catch (error) {
      log.warn({ err: error, ...bill }, 'a bill could not be compared');
      const ms = Math.min(restMaxMs, (before?.ms ?? lookMs / 2) * 2);
      return { ms, until: clock() + ms };
    }
  };
  const compareDue = async (): Promise<void> => {
    const resting = new Map<string, Rest>();
    for (const bill of await dueBills(options)) {
      if (!isRunning) return;
      const name = `${bill.wallet}/${bill.date}`;
      const rest = await compared(bill, rests.get(name));
      if (rest) resting.set(name, rest);
    }
    rests = resting;
  };
  const look = (): void => {
    looking = compareDue()
      .catch((error: unknown) => log.error({ err: error }, 'bills that are due could not be looked for'))
      .finally(() => {
        looking = undefined;
        if (isRunning) callOff = setTimer(look, lookMs);
      });
  };

  return {
    start: (): void => {
      isRunning = true;
      callOff = setTimer(look, 0);
    },
    stop: async (): Promise<void> => {
      isRunning = false;
      callOff();
      await looking;
    },
  };
};
