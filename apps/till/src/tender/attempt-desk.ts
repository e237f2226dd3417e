import type { QrPayment, SaleStatusView } from '@zhanggui/api/contract';
import type { Reply, TillPorts } from '../ports.ts';
import type { Attempt, CardAttempt, WalletAttempt } from '../records.ts';
import { withCardStatus, withPayment } from './attempt.ts';

export type AttemptDesk = ReturnType<typeof attemptDesk>;

const told = <Word>(reply: Reply<Word>, apply: (word: Word) => Attempt): Reply<Attempt> =>
  reply.kind === 'answer' ? { kind: 'answer', value: apply(reply.value) } : reply;

type OwnWord = 'asking' | 'not-sent' | 'refused' | 'undoing';
const ownWords: readonly string[] = ['asking', 'not-sent', 'refused', 'undoing'] satisfies OwnWord[];

/** What a state is called where it is asked about; the till's own words mean nothing there. */
const heardState = <State extends string>(state: State): Exclude<State, OwnWord> | undefined =>
  ownWords.includes(state) ? undefined : (state as Exclude<State, OwnWord>);

/** Where payments are asked for: the card terminal, or the server for the customer's phone. Each answer is the attempt after it. */
export const attemptDesk = ({ terminal, wallets }: Pick<TillPorts, 'terminal' | 'wallets'>) => {
  // A payment code is good once, for a minute, and money to whoever holds it: it is kept while it is sent, and nowhere else.
  const codes = new Map<string, string>();

  const card = (attempt: CardAttempt) => (reply: Reply<SaleStatusView>) =>
    told(reply, (status) => withCardStatus(attempt, status));
  const wallet = (attempt: WalletAttempt) => (reply: Reply<QrPayment>) =>
    told(reply, (payment) => withPayment(attempt, payment));

  const startWallet = async (attempt: WalletAttempt): Promise<Reply<Attempt>> => {
    const { requestId, amount, how } = attempt;
    const paidBy = how === 'code' ? { authCode: codes.get(requestId) } : { wallet: attempt.wallet };
    const reply = await wallets.startPayment({ requestId, amountMinor: String(amount.minor), ...paidBy });
    if (reply.kind !== 'unreachable') codes.delete(requestId);
    return wallet(attempt)(reply);
  };

  return {
    holdCode: (requestId: string, authCode: string) => void codes.set(requestId, authCode),
    start: (attempt: Attempt): Promise<Reply<Attempt>> => {
      if (attempt.kind === 'wallet') return startWallet(attempt);
      const { requestId, terminalId, amount } = attempt;
      return terminal.startSale(terminalId, { requestId, amountMinor: String(amount.minor) }).then(card(attempt));
    },
    ask: (attempt: Attempt, waitMs: number): Promise<Reply<Attempt>> => {
      const { requestId } = attempt;
      if (attempt.kind === 'wallet')
        return wallets.payment(requestId, { knownState: heardState(attempt.state), waitMs }).then(wallet(attempt));
      const wait = { knownState: heardState(attempt.state), waitMs };
      return terminal.saleStatus(attempt.terminalId, requestId, wait).then(card(attempt));
    },
    cancel: (attempt: Attempt): Promise<Reply<Attempt>> =>
      attempt.kind === 'wallet'
        ? wallets.cancelPayment(attempt.requestId).then(wallet(attempt))
        : terminal.cancelSale(attempt.terminalId, attempt.requestId).then(card(attempt)),
  };
};
