import type { Shop } from '@zhanggui/shop';
import type { Log } from '@zhanggui/telemetry';
import type { SaleStatus } from '@zhanggui/terminal';
import type { TerminalPort, Terminals } from './ports.ts';

/** Keeps the shop's list of card payments at the terminals' latest word. */
export interface PaymentRecord {
  /** Resolves when what this terminal said, and all it said before, is written. */
  write(terminalId: string, status: SaleStatus): Promise<void>;
  /** Listens from now on, and catches up on payments that moved while nobody listened. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

type Payments = Readonly<{ payments: Pick<Shop['payments'], 'record' | 'unsettled'> }>;

/** What could not be written, because the database was away, is asked of its terminal again until it is. */
export const createPaymentRecord = (shop: Payments, terminals: Terminals, log: Log, againMs = 1000): PaymentRecord => {
  let last: Promise<void> = Promise.resolve();
  const unsubscribe: (() => void)[] = [];
  const owed = new Map<string, string>();
  // One after another: a later word never loses to an earlier one that was slower to write.
  const write = (terminalId: string, status: SaleStatus): Promise<void> => {
    const written = last.then(() => shop.payments.record(paymentOf(terminalId, status)));
    last = written.catch((error: unknown) => {
      owed.set(status.requestId, terminalId);
      log.error({ err: error, requestId: status.requestId }, 'payment not recorded, tried again soon');
    });
    return written;
  };
  const writeOwed = async (): Promise<void> => {
    for (const [requestId, terminalId] of owed) {
      owed.delete(requestId);
      const status = terminals.get(terminalId)?.saleStatus(requestId);
      if (status) await write(terminalId, status);
    }
  };
  const again = setInterval(() => void writeOwed().catch(() => undefined), againMs).unref();
  const listen = (terminal: TerminalPort) =>
    unsubscribe.push(terminal.onSale((status) => void write(terminal.id, status).catch(() => undefined)));
  return {
    write,
    start: async () => {
      for (const terminal of terminals.all()) listen(terminal);
      for (const { id, terminalId } of await shop.payments.unsettled()) {
        const status = terminals.get(terminalId)?.saleStatus(id);
        if (status) await write(terminalId, status);
      }
    },
    stop: () => {
      clearInterval(again);
      for (const off of unsubscribe.splice(0)) off();
      return last;
    },
  };
};

const paymentOf = (terminalId: string, status: SaleStatus) => ({
  id: status.requestId,
  at: status.at,
  terminalId,
  amountMinor: status.amount.minor,
  state: status.state,
  code: status.code ?? null,
  text: status.text ?? null,
  maskedPan: status.maskedPan ?? null,
  entryMode: status.entryMode ?? null,
  rrn: status.rrn ?? null,
  authCode: status.authCode ?? null,
  batch: status.batch ?? null,
  stan: status.stan ?? null,
  voided: status.voidedBy !== undefined,
});
