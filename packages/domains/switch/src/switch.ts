import { ensureKey } from '@zhanggui/hsm';
import { defaultCentre, type InterchangeMessage, listenCentre, stampClock } from '@zhanggui/interchange-link';
import type { CentreHost } from './centre-host.ts';
import { createFigures } from './figures.ts';
import { createJournal } from './journal.ts';
import { type Hop, journeyOf } from './journey.ts';
import { refused } from './messages.ts';
import { forwardReversals, noteLate, takeReversal } from './reversals.ts';
import { createRoutes } from './routes.ts';
import { defaultTimers, keyRefs, type SwitchOptions } from './settings.ts';
import { openSettlementDay } from './settlement-day.ts';
import { switchRequest } from './switching.ts';

export interface Switch {
  /** Where members call. */
  readonly port: number;
  /** Members signed on. */
  isReady(institution: string): boolean;
  journey(rrn: string): Promise<Hop[]>;
  /** MMDD of what is switched now. */
  settlementDate(): string;
  stop(): Promise<void>;
}

/** Starts the centre. Before it takes calls it has resolved what an earlier run of this replica left without an answer. */
export const startSwitch = async (options: SwitchOptions): Promise<Switch> => {
  const { store, hsm, clock, log, settings } = options;
  const timers = { ...defaultTimers, ...settings.timers };
  const centre = settings.centre ?? defaultCentre;
  await ensureOwnKeys(options);
  const journal = createJournal({ store, clock, instance: settings.instance ?? 'switch' });
  const left = await journal.resolveUnanswered({ own: clock(), any: clock() - 2 * timers.issuerMs });
  if (left > 0) log.warn({ transactions: left }, 'left without an answer by an earlier run: reversed');
  const day = await openSettlementDay({
    store,
    clock,
    centre,
    cutOver: settings.cutOver ?? '23:00',
    graceMs: timers.settlementGraceMs,
  });
  const acquirers = new Set(withRole(options, 'acquirer'));
  const links = await listenCentre({
    centre,
    host: settings.host,
    port: settings.port,
    hsm,
    members: settings.members,
    log,
    clock,
    timers: timers.link,
    onRequest: async (institution, message) =>
      acquirers.has(institution) ? serve(host, institution, message) : refused(message, '40'),
    onLate: (_institution, message) => {
      noteLate(host, message).catch((error: unknown) => log.error({ err: error }, 'late answer not noted'));
    },
  });
  const forwarder = forwardReversals({ ...options, timers, journal, links }, withRole(options, 'issuer'));
  const host: CentreHost = {
    ...options,
    figures: createFigures(options.metrics),
    now: stampClock(clock),
    timers,
    journal,
    day,
    links,
    issuerOf: createRoutes(settings.routes),
    kickAdvices: forwarder.kick,
  };
  const sweep = startSweep(host);
  return {
    port: links.port,
    isReady: links.isReady,
    journey: (rrn) => journeyOf(store, rrn),
    settlementDate: day.mmdd,
    stop: async () => {
      clearInterval(sweep);
      // What still waits for an issuer times out now: refused, its reversal stored for the next run.
      await links.close();
      await forwarder.stop();
      await journal.drain();
    },
  };
};

const withRole = ({ settings }: SwitchOptions, role: 'acquirer' | 'issuer'): string[] =>
  settings.members.filter(({ roles }) => roles.includes(role)).map(({ institution }) => institution);

const serve = async (
  host: CentreHost,
  institution: string,
  message: InterchangeMessage,
): Promise<InterchangeMessage | undefined> => {
  try {
    switch (message.mti) {
      case '0100':
      case '0200':
        return await switchRequest(host, institution, message);
      case '0420':
        return await takeReversal(host, institution, message);
      default:
        return refused(message, '40');
    }
  } catch (error) {
    host.log.error({ err: error, mti: message.mti, rrn: message.fields[37] }, 'request failed');
    return refused(message, '96');
  }
};

const ensureOwnKeys = async ({ hsm }: SwitchOptions): Promise<void> => {
  await ensureKey(hsm, { ref: keyRefs.panHash, use: 'pan-hash', bytes: 32 });
  await ensureKey(hsm, { ref: keyRefs.panData, use: 'data', bytes: 32 });
};

/** Turns the settlement day, and finds what a replica that died left behind. */
const startSweep = (host: CentreHost): NodeJS.Timeout => {
  const { journal, clock, timers, log, day, links, kickAdvices } = host;
  const look = async (): Promise<void> => {
    const mmdd = await day.turn();
    if (mmdd) {
      log.info({ settlementDate: mmdd }, 'cut-over');
      await links.announceCutOver(mmdd);
    }
    const found = await journal.resolveUnanswered({ own: 0, any: clock() - 2 * timers.issuerMs });
    if (found === 0) return;
    log.warn({ transactions: found }, 'left without an answer: reversed');
    kickAdvices();
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => log.error({ err: error }, 'sweep failed'));
  }, timers.sweepMs);
  return timer.unref();
};
