import { HsmError } from '@zhanggui/hsm';
import { type InterchangeMessage, type RequestOutcome, reversalOf } from '@zhanggui/interchange-link';
import { interchange, posField44 } from '@zhanggui/iso8583';
import { maskPan } from '@zhanggui/secret';
import { type Card, cardOf, isPanPlausible } from './card.ts';
import type { Host } from './host.ts';
import type { Beginning, TransactionKey } from './journal.ts';
import { kindOf, kinds, lacks, type TransactionKind } from './kinds.ts';
import { originalOf } from './original.ts';
import { batchOf, isApproval, type PosMessage, posAnswer } from './pos.ts';
import type { TransactionRecord } from './records.ts';
import { Refusal } from './refusal.ts';
import type { Terminal } from './registry.ts';
import { keyRefs } from './settings.ts';
import { encodeAnswer } from './signing.ts';
import { upstreamRequest } from './upstream.ts';

type Original = Readonly<{ key: TransactionKey; record: TransactionRecord }>;

/** A request that was found in order, on its way through this host. `message` is what the centre gets, but for the PIN block. */
type Work = Readonly<{
  host: Host;
  terminal: Terminal;
  request: PosMessage;
  kind: TransactionKind;
  key: TransactionKey;
  original: Original | undefined;
  card: Card;
  message: InterchangeMessage;
  receivedAt: number;
}>;

/**
 * Does a sale, a void or a balance inquiry for an authentic terminal. Returns the answer's bytes without their MAC, after they are
 * committed; nothing when no answer may be given, because the terminal has reversed the transaction meanwhile.
 */
export const authorise = async (
  host: Host,
  terminal: Terminal,
  request: PosMessage,
): Promise<Uint8Array | Refusal | undefined> => {
  const work = await prepare(host, terminal, request);
  if (work instanceof Refusal) return work;
  const began = await host.journal.begin(await beginning(work));
  switch (began.outcome) {
    case 'repeat':
      if (began.answer) return host.hsm.open({ key: keyRefs.panData, data: began.answer });
      if (began.code === '98') return new Refusal('98', 'given up after a crash, and reversed');
      return undefined; // under way at another replica, or about to be resolved by the sweep: silence until then
    case 'clash':
      return new Refusal('94', 'another transaction has its number');
    case 'reversed':
      return new Refusal('12', 'reversed before it came');
    case 'held':
      return conclude(work, { code: '12', undo: false });
    case 'new':
      return conclude(work, await forward(work));
  }
};

/** Checks all that can be checked before the request is journaled. */
const prepare = async (host: Host, terminal: Terminal, request: PosMessage): Promise<Work | Refusal> => {
  const receivedAt = host.clock();
  const kind = kindOf(request);
  if (!kind) return new Refusal('40', 'kind of transaction');
  if (lacks(request, kinds[kind].mandatory)) return new Refusal('30', 'a field is missing');
  if (isTrackEnciphered(request)) return new Refusal('40', 'enciphered track');
  if (kind !== 'balance' && Number(request.fields[4]) === 0) return new Refusal('13', 'no amount');
  const key = { terminalId: terminal.terminalId, batch: batchOf(request), stan: request.fields[11] ?? '' };
  const original = kind === 'void' ? await originalOf(host, request, terminal.terminalId) : undefined;
  if (original instanceof Refusal) return original;
  const card = await cardFor(host, request, original);
  if (card instanceof Refusal) return card;
  const { rrn, stan } = await host.numbers();
  const { institution } = host;
  const part = { institution, terminal, card, stamp: host.now(), rrn, stan, original: original?.record };
  const message = upstreamRequest(kind, request, part);
  return { host, terminal, request, kind, key, original, card, message, receivedAt };
};

/** Field 53, third digit: the track was enciphered under the terminal's track key, which this host does not undo yet. */
const isTrackEnciphered = ({ fields }: PosMessage): boolean => fields[53]?.[2] === '1';

/** The card of the request; a void done without the card has its original's. Else 30, 14, 25. */
const cardFor = async (host: Host, request: PosMessage, original: Original | undefined): Promise<Card | Refusal> => {
  const presented = cardOf(request);
  if (presented && !isPanPlausible(presented.pan)) return new Refusal('14', 'card number');
  if (!original) return presented ?? new Refusal('30', 'no card');
  const { reversal } = original.record;
  const { fields } = interchange.decode(await host.hsm.open({ key: keyRefs.panData, data: reversal }));
  const card = { pan: fields[2] ?? '', expiry: fields[14], panSequence: fields[23] };
  return presented && presented.pan !== card.pan
    ? new Refusal('25', 'the original is of another card')
    : (presented ?? card);
};

const beginning = async ({
  host,
  terminal,
  kind,
  key,
  original,
  card,
  message,
  receivedAt,
}: Work): Promise<Beginning> => {
  const { fields } = message;
  const [panHash, reversal] = await Promise.all([
    host.hsm.hashPan({ key: keyRefs.panHash, pan: card.pan }),
    host.hsm.seal({ key: keyRefs.panData, data: interchange.encode(reversalOf(message)) }),
  ]);
  return {
    ...key,
    merchantId: terminal.merchantId,
    kind,
    amountMinor: BigInt(fields[4] ?? '0'),
    currency: fields[49] ?? '',
    entryMode: fields[22] ?? '',
    panMasked: maskPan(card.pan),
    panHash,
    reversal,
    rrn: fields[37] ?? '',
    transmittedAt: fields[7] ?? '',
    upstreamStan: fields[11] ?? '',
    originalStan: original?.key.stan,
    receivedAt,
  };
};

/** What the way upstream came to. `undo`: it may have been carried out without our knowing the answer. */
type Verdict = Readonly<{ code: string; undo: boolean; answer?: InterchangeMessage }>;

const forward = async ({ host, terminal, request, card, message }: Work): Promise<Verdict> => {
  const { 26: pinLengthMax, 52: block } = request.fields;
  const timeoutMs = host.timers.switchMs;
  if (!block) return verdictOf(await host.member.request(message, { timeoutMs }));
  if (host.member.state !== 'ready') return verdictOf({ kind: 'unavailable' });
  const pin = await translatedPin(host, terminal, { block, pan: card.pan });
  if (!pin) return { code: '99', undo: false };
  const fields = { ...message.fields, 26: pinLengthMax, 52: pin, 53: pinWithPan };
  return verdictOf(await host.member.request({ mti: message.mti, fields }, { timeoutMs }));
};

/** Field 53: a PIN block of format 0, made with the PAN, under a double-length key. */
const pinWithPan = '2600000000000000';

/** The PIN block under the centre's key, clear nowhere outside the key store; undefined when the terminal's key does not open it. */
const translatedPin = async (
  { hsm, member }: Host,
  { keys }: Terminal,
  { block, pan }: { block: Uint8Array; pan: string },
): Promise<Uint8Array | undefined> => {
  if (!keys) return undefined;
  try {
    return await hsm.translatePin({ from: keys.pin, to: member.pinKey(), block, pan });
  } catch (error) {
    if (error instanceof HsmError && error.code === 'pin-format') return undefined;
    throw error;
  }
};

/** Codes of the centre's about our own link or message, which would tell a terminal something else. */
const codeForTerminal: Readonly<Record<string, string>> = { A0: 'A7', '30': '96', '97': '96' };

const verdictOf = (outcome: RequestOutcome): Verdict => {
  switch (outcome.kind) {
    case 'answer': {
      const code = outcome.message.fields[39] ?? '96';
      return { code: codeForTerminal[code] ?? code, undo: false, answer: outcome.message };
    }
    case 'timeout':
      return { code: '98', undo: true };
    case 'bad-mac':
      return { code: 'A7', undo: true };
    case 'unavailable':
      return { code: '92', undo: false };
  }
};

/** Commits the final answer, and only then gives it out. */
const conclude = async (work: Work, verdict: Verdict): Promise<Uint8Array | undefined> => {
  const { host, kind, key } = work;
  const { code } = verdict;
  const { 15: settlementDate, 38: authCode } = verdict.answer?.fields ?? {};
  const body = encodeAnswer(answerOf(work, verdict), isApproval(code));
  const undo = verdict.undo && kinds[kind].reversible;
  const answer = await host.hsm.seal({ key: keyRefs.panData, data: body });
  const outcome = await host.journal.finish({ ...key, code, authCode, settlementDate, answer, undo });
  if (undo) host.kickAdvices();
  if (settlementDate) host.settlementDates.learn(settlementDate);
  const latencyMs = host.clock() - work.receivedAt;
  host.figures.transactions.add({ kind, code });
  host.figures.seconds.observe(latencyMs / 1000);
  host.log.info({ ...key, kind, rrn: work.message.fields[37], code, outcome, latencyMs }, 'transaction');
  return outcome === 'final' ? body : undefined;
};

/** Field 63.1: the card scheme. */
const scheme = 'CUP';

const answerOf = ({ host, kind, request, card, message }: Work, { code, answer }: Verdict): PosMessage => {
  const stamp = host.now();
  const upstream = answer?.fields ?? {};
  return posAnswer(request, 'transaction', {
    2: card.pan,
    12: stamp.hhmmss,
    13: stamp.mmdd,
    14: card.expiry,
    15: kind === 'balance' ? undefined : upstream[15],
    32: host.institution,
    37: message.fields[37],
    38: upstream[38],
    39: code,
    44: posField44.encode({ issuer: upstream[100] ?? '', acquirer: host.institution }),
    54: upstream[54],
    55: upstream[55],
    63: scheme,
  });
};
