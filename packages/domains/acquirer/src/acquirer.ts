import { ensureKey } from '@zhanggui/hsm';
import { connectMember, stampClock } from '@zhanggui/interchange-link';
import { FRAMINGS, listen } from '@zhanggui/link';
import { forwardAdvices } from './advices.ts';
import { createFigures } from './figures.ts';
import type { Host } from './host.ts';
import { createJournal, type TransactionKey } from './journal.ts';
import { createNumbers } from './numbers.ts';
import { type Hop, journeyOf } from './records.ts';
import { createRegistry, type MerchantDetails, type TerminalDetails } from './registry.ts';
import { type AcquirerOptions, defaultTimers, keyRefs } from './settings.ts';
import { createSettlementDates } from './settlement-dates.ts';
import { createTerminalLine } from './terminal-line.ts';

export interface Acquirer {
  /** Where terminals call. */
  readonly port: number;
  /** Signed on at the centre. */
  ready(): Promise<void>;
  isReady(): boolean;
  registerMerchant(details: MerchantDetails): Promise<void>;
  registerTerminal(details: TerminalDetails): Promise<{ kcv: string }>;
  journey(key: TransactionKey): Promise<{ rrn: string | null; hops: Hop[] } | undefined>;
  stop(): Promise<void>;
}

/** Starts the acquiring host. Before it takes calls it has resolved what an earlier run of this replica left without an answer. */
export const startAcquirer = async (options: AcquirerOptions): Promise<Acquirer> => {
  const { store, clock, log, settings } = options;
  const timers = { ...defaultTimers, ...settings.timers };
  await ensureOwnKeys(options);
  const journal = createJournal({ store, clock, instance: settings.instance ?? 'acquirer' });
  const left = await journal.resolveUnanswered({ own: clock(), any: clock() - 2 * timers.switchMs });
  if (left > 0) log.warn({ transactions: left }, 'left without an answer by an earlier run: reversed');
  const settlementDates = createSettlementDates(clock, timers.settlementGraceMs);
  const figures = createFigures(options.metrics);
  const member = connectMember({
    institution: settings.institution,
    centre: settings.switch.centre,
    host: settings.switch.host,
    port: settings.switch.port,
    hsm: options.hsm,
    zmk: settings.zmk,
    log,
    clock,
    onRequest: async () => undefined, // the centre asks an acquirer for nothing but management
    onLate: ({ mti, fields }) => {
      figures.lateAnswers.add();
      log.warn({ mti, rrn: fields[37], code: fields[39] }, 'answer came too late');
    },
    onCutOver: settlementDates.learn,
  });
  const forwarder = forwardAdvices({ ...options, timers, journal, member });
  const host: Host = {
    ...options,
    institution: settings.institution,
    figures,
    now: stampClock(clock),
    timers,
    macKeyBytes: settings.macKeyBytes ?? 8,
    registry: createRegistry(options),
    journal,
    numbers: createNumbers(store, clock),
    member,
    settlementDates,
    kickAdvices: forwarder.kick,
  };
  const line = createTerminalLine(host);
  const sweep = startSweep(host);
  const listener = await listen({
    host: settings.host,
    port: settings.port,
    framing: FRAMINGS.binary2,
    onConnection: line.serve,
  });
  return {
    port: listener.port,
    ready: () => member.ready(),
    isReady: () => member.state === 'ready',
    registerMerchant: host.registry.registerMerchant,
    registerTerminal: host.registry.registerTerminal,
    journey: (key) => journeyOf(store, key),
    stop: async () => {
      clearInterval(sweep);
      await Promise.race([line.drain(), pause(timers.drainMs)]);
      // What still waits for the centre times out now: refused, its reversal stored for the next run.
      await member.stop();
      await line.drain();
      await listener.close();
      await forwarder.stop();
      await journal.drain();
    },
  };
};

const ensureOwnKeys = async ({ hsm }: AcquirerOptions): Promise<void> => {
  await ensureKey(hsm, { ref: keyRefs.panHash, use: 'pan-hash', bytes: 32 });
  await ensureKey(hsm, { ref: keyRefs.panData, use: 'data', bytes: 32 });
};

/** Finds what a replica that died left behind: transactions older than any answer may take. */
const startSweep = ({ journal, clock, timers, log, kickAdvices }: Host): NodeJS.Timeout => {
  const look = async (): Promise<void> => {
    const found = await journal.resolveUnanswered({ own: 0, any: clock() - 2 * timers.switchMs });
    if (found === 0) return;
    log.warn({ transactions: found }, 'left without an answer: reversed');
    kickAdvices();
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => log.error({ err: error }, 'sweep failed'));
  }, timers.sweepMs);
  return timer.unref();
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
