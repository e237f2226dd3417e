import { createForwarder, type Forwarder } from '@zhanggui/interchange-link';
import { interchange } from '@zhanggui/iso8583';
import { epochMs, isoFields, wallClock } from '@zhanggui/time';
import type { Host } from './host.ts';
import type { Advice } from './journal.ts';
import { keyRefs } from './settings.ts';

const batchRows = 64;
/** From this many sends on an unacknowledged reversal is an alarm. */
const alarmAttempts = 3;

/** Codes that say the centre could not deal with it now, rather than that it has. */
const notNow: ReadonlySet<string> = new Set(['90', '91', '92', '96', '98', 'A0', 'A7']);

type Parts = Pick<Host, 'hsm' | 'journal' | 'member' | 'clock' | 'timers' | 'log'>;

/** Sends reversals to the centre until it acknowledges each. */
export const forwardAdvices = (host: Parts): Forwarder =>
  createForwarder<Advice>({
    pollMs: host.timers.sweepMs,
    log: host.log,
    take: async () =>
      host.member.state === 'ready'
        ? host.journal.takeAdvices(host.clock() + host.timers.adviceRepeatMs, batchRows)
        : [],
    deliver: (advice) => deliver(host, advice),
  });

const deliver = async (host: Parts, advice: Advice): Promise<void> => {
  const { terminalId, batch, stan, attempts, reason } = advice;
  const image = interchange.decode(await host.hsm.open({ key: keyRefs.panData, data: advice.reversal }));
  // Field 7 is that of the first send, so that a repeat is recognised as one.
  const transmittedAt = isoFields(wallClock(epochMs(Number(advice.createdAt)))).mmddhhmmss;
  const outcome = await host.member.request(
    { mti: image.mti, fields: { ...image.fields, 7: transmittedAt } },
    { timeoutMs: host.timers.switchMs },
  );
  const code = outcome.kind === 'answer' ? (outcome.message.fields[39] ?? '96') : outcome.kind;
  const facts = { terminalId, batch, stan, rrn: image.fields[37], reason, attempts, code };
  if (outcome.kind === 'answer' && !notNow.has(code)) {
    await host.journal.settleAdvice(advice, code === '00' ? 'done' : 'refused', code);
    host.log[code === '00' ? 'info' : 'error'](facts, 'reversal answered by the centre');
  } else if (attempts >= alarmAttempts) {
    host.log.error(facts, 'reversal not acknowledged');
  }
};
