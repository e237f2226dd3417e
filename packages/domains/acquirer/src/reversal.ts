import { interchange } from '@zhanggui/iso8583';
import type { Host } from './host.ts';
import type { ReversalOutcome } from './journal.ts';
import { lacks, reversalMandatory } from './kinds.ts';
import { batchOf, type PosMessage, posAnswer } from './pos.ts';
import { Refusal } from './refusal.ts';
import type { Terminal } from './registry.ts';
import { keyRefs } from './settings.ts';
import { encodeAnswer } from './signing.ts';

/** The original's settlement date is over: a case for the back office (22: more days than allowed). */
const tooLate = '22';

/**
 * Takes in a reversal (0400) of an authentic terminal. Once it is committed this host owns it: the terminal is told so at once, and the
 * centre is told until it acknowledges. A repeat is the same reversal; one whose request was never seen makes that request be refused
 * should it still come.
 */
export const reverse = async (host: Host, terminal: Terminal, request: PosMessage): Promise<Uint8Array | Refusal> => {
  if (lacks(request, reversalMandatory)) return new Refusal('30', 'a field is missing');
  const { 11: stan = '', 39: reason = '' } = request.fields;
  const { terminalId, merchantId } = terminal;
  const key = { terminalId, batch: batchOf(request), stan };
  const openDates = host.settlementDates.open();
  const reversed = await host.journal.reverse({ ...key, merchantId, reason, openDates });
  const isDone = reversed.outcome === 'reversed';
  const code = isDone ? '00' : tooLate;
  if (isDone) host.kickAdvices();
  host.figures.reversals.add({ reason });
  host.log.info({ ...key, rrn: reversed.rrn, reason, code, wasOriginalSeen: reversed.rrn !== null }, 'reversal');
  const stamp = host.now();
  const answer = posAnswer(request, 'reversal', {
    2: request.fields[2] ?? (await panOf(host, reversed)),
    12: stamp.hhmmss,
    13: stamp.mmdd,
    15: reversed.settlementDate ?? undefined,
    32: host.institution,
    37: reversed.rrn ?? (await host.numbers()).rrn,
    39: code,
  });
  return encodeAnswer(answer, isDone);
};

const panOf = async ({ hsm }: Host, { rrn, reversal }: ReversalOutcome): Promise<string | undefined> => {
  if (rrn === null) return undefined;
  return interchange.decode(await hsm.open({ key: keyRefs.panData, data: reversal })).fields[2];
};
