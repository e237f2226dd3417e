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

/** Compares every day's bill once it is there; one that cannot be had or used is tried again ten minutes later. */
export const createDailyBills = (options: Options) => {
  const { log, setTimer, reconcile } = options;
  let isRunning = false;
  let looking: Promise<void> | undefined;
  let callOff: () => void = () => undefined;

  const compareDue = async (): Promise<void> => {
    for (const bill of await dueBills(options)) {
      if (!isRunning) return;
      await reconcile(bill).catch((error: unknown) =>
        log.warn({ err: error, ...bill }, 'a bill could not be compared'),
      );
    }
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
