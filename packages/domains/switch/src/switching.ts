import { HsmError } from '@zhanggui/hsm';
import { isLuhnValid } from '@zhanggui/ids';
import { type InterchangeMessage, type RequestOutcome, reversalOf } from '@zhanggui/interchange-link';
import { interchange } from '@zhanggui/iso8583';
import { maskPan } from '@zhanggui/secret';
import type { CentreHost } from './centre-host.ts';
import type { Beginning } from './journal.ts';
import { forwarded, isComplete, refused, relayed, requestKey } from './messages.ts';
import { keyRefs } from './settings.ts';

/** A journaled request on its way through the centre. `message` is what its issuer gets, but for the PIN block. */
type Work = Readonly<{ host: CentreHost; key: string; message: InterchangeMessage; receivedAt: number }>;

/** How the centre's part ended. `undo`: the issuer may have carried it out without our knowing the answer. */
type Verdict = Readonly<{ code: string; undo: boolean; answer?: InterchangeMessage }>;

/**
 * Switches a request: journaled, forwarded to the card's issuer, answered after the answer is committed. Returns nothing while the same
 * request is under way already.
 */
export const switchRequest = async (
  host: CentreHost,
  acquirer: string,
  request: InterchangeMessage,
): Promise<InterchangeMessage | undefined> => {
  const receivedAt = host.clock();
  if (!isComplete(request) || request.fields[33] !== acquirer) return refused(request, '30');
  const pan = request.fields[2] ?? '';
  const issuer = host.issuerOf(pan);
  const message = forwarded(request, { settlementDate: host.day.mmdd(), issuer });
  const { 7: transmittedAt = '', 11: stan = '' } = message.fields;
  const key = requestKey({ forwarder: acquirer, transmittedAt, stan }, host.day.date());
  const work: Work = { host, key, message, receivedAt };
  const began = await host.journal.begin(await beginning(work, acquirer));
  switch (began.outcome) {
    case 'repeat': {
      if (began.answer) return interchange.decode(await host.hsm.open({ key: keyRefs.panData, data: began.answer }));
      return began.code === null ? undefined : refused(message, began.code);
    }
    case 'clash':
      return refused(message, '94');
    case 'reversed':
      return refused(message, '12');
    case 'new':
      return conclude(work, await verdictOn(work, acquirer, issuer));
  }
};

const beginning = async ({ host, key, message, receivedAt }: Work, acquirer: string): Promise<Beginning> => {
  const { fields } = message;
  const pan = fields[2] ?? '';
  const [panHash, reversal] = await Promise.all([
    host.hsm.hashPan({ key: keyRefs.panHash, pan }),
    host.hsm.seal({ key: keyRefs.panData, data: interchange.encode(reversalOf(message)) }),
  ]);
  return {
    key,
    mti: message.mti,
    acquirer,
    issuer: fields[100],
    rrn: fields[37] ?? '',
    processingCode: fields[3] ?? '',
    amountMinor: BigInt(fields[4] ?? '0'),
    panMasked: maskPan(pan),
    panHash,
    reversal,
    settlementDate: fields[15] ?? '',
    receivedAt,
  };
};

/** Forwards to the issuer, unless the centre must refuse by itself: 15 no such issuer, 14 card number, 91 issuer away, 99 PIN block. */
const verdictOn = async (work: Work, acquirer: string, issuer: string | undefined): Promise<Verdict> => {
  const { host, message } = work;
  if (!issuer) return { code: '15', undo: false };
  if (!isLuhnValid(message.fields[2] ?? '')) return { code: '14', undo: false };
  if (!host.links.isReady(issuer)) return { code: '91', undo: false };
  const block = message.fields[52];
  const pin = block && (await translated(host, { acquirer, issuer, block, pan: message.fields[2] ?? '' }));
  if (block && !pin) return { code: '99', undo: false };
  const toIssuer = pin ? { mti: message.mti, fields: { ...message.fields, 52: pin } } : message;
  return verdictOf(await host.links.request(issuer, toIssuer, { timeoutMs: host.timers.issuerMs }));
};

/** The PIN block under the issuer's key, clear nowhere outside the key store; undefined when no key of the acquirer's opens it. */
const translated = async (
  { hsm, links }: CentreHost,
  part: { acquirer: string; issuer: string; block: Uint8Array; pan: string },
): Promise<Uint8Array | undefined> => {
  const [to = ''] = links.pinKeys(part.issuer);
  for (const from of links.pinKeys(part.acquirer)) {
    try {
      return await hsm.translatePin({ from, to, block: part.block, pan: part.pan });
    } catch (error) {
      if (!(error instanceof HsmError && error.code === 'pin-format')) throw error;
    }
  }
  return undefined;
};

const verdictOf = (outcome: RequestOutcome): Verdict => {
  switch (outcome.kind) {
    case 'answer': {
      const code = outcome.message.fields[39] ?? '96';
      // A0 is about the issuer's own link; to the acquirer it would mean its own.
      if (code === 'A0') return { code: 'A7', undo: false };
      return { code, undo: false, answer: outcome.message };
    }
    case 'timeout':
      return { code: '98', undo: true };
    case 'bad-mac':
      return { code: 'A7', undo: true };
    case 'unavailable':
      return { code: '91', undo: false };
  }
};

/** Commits the final answer, and only then gives it out. */
const conclude = async (work: Work, verdict: Verdict): Promise<InterchangeMessage | undefined> => {
  const { host, key, message } = work;
  const answer = verdict.answer ? relayed(message, verdict.answer) : refused(message, verdict.code);
  const outcome = await host.journal.finish({
    key,
    code: verdict.code,
    answer: await host.hsm.seal({ key: keyRefs.panData, data: interchange.encode(answer) }),
    undo: verdict.undo,
  });
  if (verdict.undo) host.kickAdvices();
  record(work, verdict.code);
  return outcome === 'final' ? answer : undefined;
};

const record = ({ host, key, message, receivedAt }: Work, code: string): void => {
  const latencyMs = host.clock() - receivedAt;
  const { 37: rrn, 100: issuer = 'none' } = message.fields;
  host.figures.transactions.add({ issuer, code });
  host.figures.seconds.observe(latencyMs / 1000);
  host.log.info({ key, rrn, issuer, code, latencyMs }, 'switched');
};
