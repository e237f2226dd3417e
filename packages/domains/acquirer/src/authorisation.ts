import { type InterchangeMessage, type RequestOutcome, reversalOf } from '@zhanggui/interchange-link';
import { fixedText, interchange, posField44 } from '@zhanggui/iso8583';
import { maskPan } from '@zhanggui/secret';
import { type Card, cardOf, isPanPlausible } from './card.ts';
import { encodeAnswer, type Host } from './host.ts';
import type { Beginning, TransactionKey } from './journal.ts';
import { kindOf, kinds, lacks, type TransactionKind } from './kinds.ts';
import { batchOf, isApproval, type PosMessage, posAnswer } from './pos.ts';
import { findTransaction, type TransactionRecord } from './records.ts';
import { Refusal } from './refusal.ts';
import type { Terminal } from './registry.ts';
import { keyRefs } from './settings.ts';
import { type UpstreamPart, upstreamRequest } from './upstream.ts';

/** An authentic request on its way through this host. */
type Work = Readonly<{
  host: Host;
  terminal: Terminal;
  request: PosMessage;
  kind: TransactionKind;
  key: TransactionKey;
  receivedAt: number;
}>;

/**
 * Does a sale, a void or a balance inquiry. Returns the answer's bytes without their MAC, after they are committed; `undefined` when
 * no answer may be given: the terminal has reversed it meanwhile. Throws `Refusal` for what is refused before it is journaled.
 */
export const authorise = async (
  host: Host,
  terminal: Terminal,
  request: PosMessage,
): Promise<Uint8Array | undefined> => {
  const receivedAt = host.clock();
  const kind = kindOf(request);
  if (!kind) throw new Refusal('40', 'kind of transaction');
  if (lacks(request, kinds[kind].mandatory)) throw new Refusal('30', 'a field is missing');
  const key = { terminalId: terminal.terminalId, batch: batchOf(request), stan: request.fields[11] ?? '' };
  const work: Work = { host, terminal, request, kind, key, receivedAt };
  const original = kind === 'void' ? await originalOf(work) : undefined;
  const card = await cardFor(work, original);
  const message = await upstreamFor(work, card, original);
  const began = await host.journal.begin(await beginning(work, card, message, original));
  switch (began.outcome) {
    case 'repeat':
      if (began.answer) return host.hsm.open({ key: keyRefs.panData, data: began.answer });
      if (began.code === '98') throw new Refusal('98', 'given up after a crash, and reversed');
      return undefined; // under way at another replica, or about to be resolved by the sweep: silence until then
    case 'reversed':
      throw new Refusal('12', 'reversed before it came');
    case 'held':
      return conclude(work, card, message, { code: '12', undo: false });
    case 'new':
      return conclude(work, card, message, verdictOf(await forward(work, message)));
  }
};

/** The sale a void is for. Throws `Refusal` 25, 12, 64. */
const originalOf = async ({ host, request, key, terminal }: Work): Promise<TransactionRecord> => {
  const { 61: reference = '', 37: rrn, 4: amount = '' } = request.fields;
  const batch = reference.slice(0, 6);
  if (batch !== terminal.batch) throw new Refusal('25', 'the original is of another batch');
  const original = await findTransaction(host.store, { ...key, stan: reference.slice(6, 12) });
  if (!original?.rrn || original.rrn !== rrn) throw new Refusal('25', 'no original');
  if (original.kind !== 'sale') throw new Refusal('12', 'only a sale is voided');
  if (original.code === null || !isApproval(original.code) || original.reversedAt !== null)
    throw new Refusal('25', 'the original was not approved');
  if (original.voidedBy !== null && original.voidedBy !== key.stan) throw new Refusal('12', 'voided already');
  if (original.amountMinor !== BigInt(amount)) throw new Refusal('64', 'amount');
  return original;
};

/** The card of the request; a void done without the card has its original's. Throws `Refusal` 30, 14, 25. */
const cardFor = async ({ host, request }: Work, original: TransactionRecord | undefined): Promise<Card> => {
  const presented = cardOf(request);
  if (!presented && !original) throw new Refusal('30', 'no card');
  if (presented && !isPanPlausible(presented.pan)) throw new Refusal('14', 'card number');
  if (!original) return presented as Card;
  const { fields } = interchange.decode(await host.hsm.open({ key: keyRefs.panData, data: original.reversal }));
  const pan = fields[2] ?? '';
  if (presented && presented.pan !== pan) throw new Refusal('25', 'the original is of another card');
  return presented ?? { pan, expiry: fields[14], panSequence: fields[23] };
};

const upstreamFor = async (
  { host, terminal, request, kind }: Work,
  card: Card,
  original: TransactionRecord | undefined,
): Promise<InterchangeMessage> => {
  if (kind !== 'balance' && BigInt(request.fields[4] ?? '0') === 0n) throw new Refusal('13', 'no amount');
  const part: UpstreamPart = {
    institution: host.institution,
    terminal,
    card,
    stamp: host.now(),
    ...(await host.numbers()),
    ...(request.fields[52] && { pinBlock: await translatedPin(host, terminal, request.fields[52], card) }),
    ...(original && {
      original: {
        mti: '0200',
        stan: original.upstreamStan,
        transmittedAt: original.transmittedAt,
        authCode: original.authCode,
      },
    }),
  };
  return upstreamRequest(kind, request, part);
};

/** The PIN block under the centre's key; it is clear nowhere outside the key store. Throws `Refusal` 99 by way of `HsmError`. */
const translatedPin = async (host: Host, terminal: Terminal, block: Uint8Array, card: Card): Promise<Uint8Array> => {
  if (!terminal.keys) throw new Refusal('A0', 'not signed in');
  if (host.member.state !== 'ready') return block.fill(0); // refused as unavailable before it could leave
  return host.hsm.translatePin({ from: terminal.keys.pin, to: host.member.pinKey(), block, pan: card.pan });
};

const beginning = async (
  { host, terminal, request, kind, key, receivedAt }: Work,
  card: Card,
  message: InterchangeMessage,
  original: TransactionRecord | undefined,
): Promise<Beginning> => {
  const { fields } = message;
  const [panHash, reversal] = await Promise.all([
    host.hsm.hashPan({ key: keyRefs.panHash, pan: card.pan }),
    host.hsm.seal({ key: keyRefs.panData, data: interchange.encode(reversalOf(message)) }),
  ]);
  return {
    ...key,
    merchantId: terminal.merchantId,
    kind,
    amountMinor: BigInt(request.fields[4] ?? '0'),
    currency: request.fields[49] ?? '',
    entryMode: request.fields[22] ?? '',
    panMasked: maskPan(card.pan),
    panHash,
    reversal,
    rrn: fields[37] ?? '',
    transmittedAt: fields[7] ?? '',
    upstreamStan: fields[11] ?? '',
    ...(original && { originalStan: (request.fields[61] ?? '').slice(6, 12) }),
    receivedAt,
  };
};

const forward = ({ host }: Work, message: InterchangeMessage): Promise<RequestOutcome> =>
  host.member.request(message, { timeoutMs: host.timers.switchMs });

/** What the way upstream came to. `undo`: it may have been carried out without our knowing the answer. */
type Verdict = Readonly<{ code: string; undo: boolean; answer?: InterchangeMessage }>;

/** Codes of the centre about our own link, which would mean something else to a terminal. */
const codeForTerminal: Readonly<Record<string, string>> = { A0: 'A7', '30': '96', '97': '96', '03': '03' };

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
const conclude = async (
  work: Work,
  card: Card,
  message: InterchangeMessage,
  verdict: Verdict,
): Promise<Uint8Array | undefined> => {
  const { host, kind, key, request } = work;
  const upstream = verdict.answer?.fields ?? {};
  const stamp = host.now();
  const body = encodeAnswer(
    posAnswer(request, 'transaction', {
      2: card.pan,
      12: stamp.hhmmss,
      13: stamp.mmdd,
      14: card.expiry,
      15: kind === 'balance' ? undefined : upstream[15],
      32: host.institution,
      37: message.fields[37],
      38: upstream[38],
      39: verdict.code,
      44: posField44.encode({ issuer: upstream[100] ?? '', acquirer: host.institution }),
      54: upstream[54],
      55: upstream[55],
      63: scheme,
    }),
    isApproval(verdict.code),
  );
  if (upstream[15]) host.settlementDates.learn(upstream[15]);
  const undo = verdict.undo && kinds[kind].reversible;
  const outcome = await host.journal.finish({
    ...key,
    code: verdict.code,
    ...(upstream[38] && { authCode: upstream[38] }),
    ...(upstream[15] && { settlementDate: upstream[15] }),
    answer: await host.hsm.seal({ key: keyRefs.panData, data: body }),
    undo,
  });
  if (undo) host.kickAdvices();
  record(work, message, verdict.code, outcome);
  return outcome === 'final' ? body : undefined;
};

/** Field 63.1: the card scheme. */
const scheme = fixedText('CUP', 3);

const record = (
  { host, kind, key, receivedAt }: Work,
  message: InterchangeMessage,
  code: string,
  outcome: string,
): void => {
  const latencyMs = host.clock() - receivedAt;
  host.metrics
    .counter('acquirer_transactions_total', 'Transactions finished, by kind and answer', ['kind', 'code'])
    .add({ kind, code });
  host.metrics
    .histogram('acquirer_transaction_seconds', 'From request in to answer committed')
    .observe(latencyMs / 1000);
  host.log.info({ ...key, kind, rrn: message.fields[37], code, outcome, latencyMs }, 'transaction');
};
