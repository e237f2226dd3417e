import type { Wallet } from '@zhanggui/basket';
import type { Money } from '@zhanggui/money';
import type { Counter } from '../counter.ts';
import type { Attempt, OpenSale } from '../records.ts';
import { paymentCode, type ScannedCode } from '../scan/payment-code.ts';
import type { TillState } from '../till-state.ts';
import { afterInquiry, isFinished } from './attempt.ts';
import { attemptBegin } from './attempt-begin.ts';
import type { AttemptDesk } from './attempt-desk.ts';
import type { AttemptFollower } from './attempt-follower.ts';
import type { SaleKeeper } from './sale-keeper.ts';
import { isPaying } from './tender-commands.ts';

/** Payments by card and phone: stored first, asked for under one number, never asked for twice. */
export const attemptCommands = (
  counter: Counter,
  keeper: SaleKeeper,
  { follow, record }: AttemptFollower,
  desk: AttemptDesk,
) => {
  const { store, serial } = counter;
  const begin = attemptBegin(counter, keeper, desk);

  const followOpen = async (): Promise<void> => {
    const { sale } = store.getState();
    if (sale) await follow(sale.id);
  };
  const withAttempt = async (run: (sale: OpenSale, attempt: Attempt) => Promise<void>): Promise<void> => {
    const { sale } = store.getState();
    if (sale?.attempt) await run(sale, sale.attempt);
  };
  const payByCode = async (code: ScannedCode): Promise<void> => {
    await begin.byCode(code);
    await followOpen();
  };

  return {
    payCard: async (amount: Money) => {
      const terminalId = store.getState().session?.terminalId;
      if (!terminalId) return;
      await begin.byCard(terminalId, amount);
      await followOpen();
    },
    /** A scanned payment code pays at once, from wherever the goods are on the screen. */
    payByCode,
    refuseCode: () => begin.refuse({ kind: 'not-a-payment-code' }),
    /** What stands in the field for codes: typed, pasted, or seen by the camera. */
    takeCode: async (text: string): Promise<void> => {
      const code = paymentCode(text);
      if (!code) return begin.refuse({ kind: 'not-a-payment-code' });
      await payByCode(code);
    },
    showCode: async (wallet: Wallet, amount: Money) => {
      await begin.byShowing(wallet, amount);
      await followOpen();
    },
    /** From the goods straight to the customer's phone. */
    openPhone: () => {
      const { sale, session } = store.getState();
      if (sale && sale.basket.lines.length > 0 && !isPaying(sale) && session?.wallets.length)
        store.setState({ panel: 'tender', way: 'phone', line: undefined, notice: undefined });
    },
    /** The phone's part of the tender panel, or all ways again. */
    chooseWay: (way: TillState['way']) => store.setState({ way, notice: undefined }),
    cancelAttempt: () =>
      withAttempt(async (sale, attempt) => {
        const reply = await desk.cancel(attempt);
        if (reply.kind === 'answer') await record(sale.id, afterInquiry(attempt, reply));
      }),
    askAgain: () =>
      withAttempt(async (sale, attempt) => {
        await record(sale.id, afterInquiry(attempt, await desk.ask(attempt, 0)));
        await follow(sale.id);
      }),
    /** What ended without money is put away, and every way to pay is open again. */
    leaveAttempt: (way: TillState['way']) =>
      serial(async () => {
        const { sale } = store.getState();
        if (!sale?.attempt || !isFinished(sale.attempt)) return;
        await keeper.keep({ ...sale, attempt: null });
        store.setState({ way, pad: '', notice: undefined });
      }),
  };
};
