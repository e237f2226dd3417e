import { interchange } from '@zhanggui/iso8583';
import { encodeAnswer, type Host } from './host.ts';
import { lacks, reversalMandatory } from './kinds.ts';
import { batchOf, type PosMessage, posAnswer } from './pos.ts';
import { Refusal } from './refusal.ts';
import type { Terminal } from './registry.ts';
import { keyRefs } from './settings.ts';

/** The original's settlement date is over: a case for the back office (22: more days than allowed). */
const tooLate = '22';

/**
 * Takes in a reversal (0400). Once it is committed this host owns it: the terminal is told so at once, and the centre is told until it
 * acknowledges. A repeat is the same reversal; one whose request was never seen makes that request be refused should it still come.
 */
export const reverse = async (host: Host, terminal: Terminal, request: PosMessage): Promise<Uint8Array> => {
  if (lacks(request, reversalMandatory)) throw new Refusal('30', 'a field is missing');
  const key = { terminalId: terminal.terminalId, batch: batchOf(request), stan: request.fields[11] ?? '' };
  const reason = request.fields[39] ?? '';
  const reversed = await host.journal.reverse({
    ...key,
    merchantId: terminal.merchantId,
    reason,
    openDates: host.settlementDates.open(),
  });
  const isDone = reversed.outcome === 'reversed';
  if (isDone) host.kickAdvices();
  const code = isDone ? '00' : tooLate;
  host.log.info({ ...key, rrn: reversed.rrn, reason, code, isOriginalKnown: reversed.rrn !== null }, 'reversal');
  host.metrics.counter('acquirer_reversals_total', 'Reversals by terminals, by reason', ['reason']).add({ reason });
  const stamp = host.now();
  return encodeAnswer(
    posAnswer(request, 'reversal', {
      2: request.fields[2] ?? (await panOf(host, reversed)),
      12: stamp.hhmmss,
      13: stamp.mmdd,
      15: reversed.settlementDate ?? undefined,
      32: host.institution,
      37: reversed.rrn ?? (await host.numbers()).rrn,
      39: code,
    }),
    isDone,
  );
};

const panOf = async ({ hsm }: Host, { rrn, reversal }: { rrn: string | null; reversal: Uint8Array }) =>
  rrn === null ? undefined : interchange.decode(await hsm.open({ key: keyRefs.panData, data: reversal })).fields[2];
