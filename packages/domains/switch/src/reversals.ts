import { createForwarder, type Forwarder, type InterchangeMessage } from '@zhanggui/interchange-link';
import { field90, interchange } from '@zhanggui/iso8583';
import { epochMs, isoFields, wallClock } from '@zhanggui/time';
import type { CentreHost } from './centre-host.ts';
import type { Advice } from './journal.ts';
import { refused, requestKey } from './messages.ts';
import { keyRefs } from './settings.ts';

/**
 * Takes in a reversal (0420). Once it is committed the centre owns it: the acquirer is told so at once, and the issuer is told until it
 * acknowledges. A repeat is the same reversal; one whose request was never seen makes that request be refused should it still come.
 */
export const takeReversal = async (
  host: CentreHost,
  acquirer: string,
  reversal: InterchangeMessage,
): Promise<InterchangeMessage> => {
  const reference = reversal.fields[90];
  if (reference === undefined) return refused(reversal, '30');
  const original = field90.decode(reference);
  // A member reverses what it forwarded itself, and nothing else.
  if (original.forwarder !== acquirer) return refused(reversal, '30');
  const key = requestKey(original, host.day.date());
  const outcome = await host.journal.reverse({ key, acquirer, openDates: host.day.open() });
  if (outcome === 'reversed') host.kickAdvices();
  const code = outcome === 'reversed' ? '00' : tooLate;
  host.log.info({ key, rrn: reversal.fields[37], code }, 'reversal');
  host.figures.reversals.add({ code });
  return refused(reversal, code);
};

/** The original's settlement date is over: a case for the back office (22: more days than allowed). */
const tooLate = '22';

const batchRows = 64;
/** From this many sends on an unacknowledged reversal is an alarm. */
const alarmAttempts = 3;

/** Codes that say the issuer could not deal with it now, rather than that it has. */
const notNow: ReadonlySet<string> = new Set(['90', '91', '92', '96', '98', 'A0', 'A7']);

type Parts = Pick<CentreHost, 'hsm' | 'journal' | 'links' | 'clock' | 'timers' | 'log'>;

/** Sends reversals to their issuers until each acknowledges. */
export const forwardReversals = (host: Parts, issuers: readonly string[]): Forwarder =>
  createForwarder<Advice>({
    pollMs: host.timers.sweepMs,
    log: host.log,
    take: async () => {
      const reachable = issuers.filter((issuer) => host.links.isReady(issuer));
      if (reachable.length === 0) return [];
      return host.journal.takeAdvices(reachable, host.clock() + host.timers.adviceRepeatMs, batchRows);
    },
    deliver: (advice) => deliver(host, advice),
  });

const deliver = async (host: Parts, advice: Advice): Promise<void> => {
  const { key, issuer, attempts, reason } = advice;
  const image = interchange.decode(await host.hsm.open({ key: keyRefs.panData, data: advice.reversal }));
  // Field 7 is that of the first send, so that a repeat is recognised as one.
  const transmittedAt = isoFields(wallClock(epochMs(Number(advice.createdAt)))).mmddhhmmss;
  const message = { mti: image.mti, fields: { ...image.fields, 7: transmittedAt } };
  const outcome = await host.links.request(issuer, message, { timeoutMs: host.timers.issuerMs });
  const code = outcome.kind === 'answer' ? (outcome.message.fields[39] ?? '96') : outcome.kind;
  const facts = { key, rrn: image.fields[37], issuer, reason, attempts, code };
  if (outcome.kind === 'answer' && !notNow.has(code)) {
    await host.journal.settleAdvice(key, code === '00' ? 'done' : 'refused', code);
    host.log[code === '00' ? 'info' : 'error'](facts, 'reversal answered by the issuer');
  } else if (attempts >= alarmAttempts) {
    host.log.error(facts, 'reversal not acknowledged');
  }
};

/** An issuer's answer that came after the centre had given its request up. */
export const noteLate = async (host: CentreHost, answer: InterchangeMessage): Promise<void> => {
  const { 7: transmittedAt = '', 11: stan = '', 33: forwarder = '', 37: rrn, 39: code = '' } = answer.fields;
  host.figures.lateAnswers.add();
  host.log.warn({ mti: answer.mti, rrn, code }, 'answer came too late');
  if (answer.mti.startsWith('04')) return;
  // An approval stays undone by its reversal; a refusal left nothing to undo.
  await host.journal.noteLate(requestKey({ forwarder, transmittedAt, stan }, host.day.date()), code);
};
