import { tenderRefusal, type Wallet } from '@zhanggui/basket';
import { type Money, parseMoney } from '@zhanggui/money';
import type { Counter } from '../counter.ts';
import type { Attempt, OpenSale } from '../records.ts';
import type { ScannedCode } from '../scan/payment-code.ts';
import type { Notice, TillState } from '../till-state.ts';
import { tenderOf } from './attempt.ts';
import type { AttemptDesk } from './attempt-desk.ts';
import type { SaleKeeper } from './sale-keeper.ts';
import { isPaying } from './tender-commands.ts';

/** Why a scanned payment code cannot pay now, if anything. */
const codeRefusal = ({ phase, panel, sale, session, connection }: TillState, code: ScannedCode): Notice | undefined => {
  if (phase !== 'selling' || panel === 'close-shift' || panel === 'z-report') return { kind: 'not-selling' };
  if (sale && isPaying(sale)) return { kind: 'code-while-paying' };
  // A line under change may still wait for its weight.
  if (panel === 'line') return { kind: 'line-open' };
  if (!sale || sale.basket.lines.length === 0) return { kind: 'code-without-sale' };
  if (!code.wallet || !session?.wallets.includes(code.wallet)) return { kind: 'wallet-not-taken' };
  return connection === 'offline' ? { kind: 'phone-offline' } : undefined;
};

/** The beginning of a payment: it is stored here, and sent by whoever follows it. */
export const attemptBegin = (
  { store, ports, serial, newId }: Counter,
  { standing, keep }: SaleKeeper,
  { holdCode }: AttemptDesk,
) => {
  const refuse = (notice: Notice): void => {
    ports.sound('refuse');
    store.setState({ notice });
  };

  const begin = async (attempt: Attempt): Promise<void> => {
    const { sale } = store.getState();
    if (!sale || isPaying(sale)) return;
    const reason = tenderRefusal(standing(sale), tenderOf(attempt));
    if (reason) return refuse({ kind: 'refused', reason });
    await keep({ ...sale, attempt });
    store.setState({ pad: '', notice: undefined, panel: 'tender', line: undefined });
  };

  const head = (amount: Money) =>
    ({ requestId: newId(), amount, startedAt: ports.now(), state: 'asking', code: null, text: null }) as const;
  const walletAttempt = (wallet: Wallet, how: 'code' | 'show', amount: Money): Attempt => ({
    ...head(amount),
    kind: 'wallet',
    wallet,
    how,
    qr: null,
    expiresAt: null,
    trace: {},
  });

  /** What the pad says, if that is a part; else all that is left. */
  const amountByCode = ({ panel, pad }: TillState, sale: OpenSale): Money => {
    const { leftCashless } = standing(sale);
    const typed = panel === 'tender' && pad !== '' ? parseMoney(pad, leftCashless.currency) : undefined;
    return typed && typed.minor > 0n && typed.minor < leftCashless.minor ? typed : leftCashless;
  };

  const beginByCode = async (code: ScannedCode): Promise<void> => {
    const state = store.getState();
    const notice = codeRefusal(state, code);
    if (notice || !state.sale || !code.wallet) return refuse(notice ?? { kind: 'wallet-not-taken' });
    const attempt = walletAttempt(code.wallet, 'code', amountByCode(state, state.sale));
    holdCode(attempt.requestId, code.authCode);
    await begin(attempt);
  };

  return {
    refuse,
    byCard: (terminalId: string, amount: Money) =>
      serial(() => begin({ ...head(amount), kind: 'card', terminalId, trace: {} })),
    byCode: (code: ScannedCode) => serial(() => beginByCode(code)),
    byShowing: (wallet: Wallet, amount: Money) => serial(() => begin(walletAttempt(wallet, 'show', amount))),
  };
};
