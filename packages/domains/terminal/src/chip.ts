import {
  type CardData as ChipCard,
  KERNEL_REASONS,
  type KernelOutcome,
  type TerminalParameters as KernelParameters,
  type KernelReply,
  type KernelRequest,
  type OnlineData,
  type TerminalTransaction,
  transaction,
} from '@zhanggui/emv';
import { decodeTlv } from '@zhanggui/tlv';
import { reversalReasons } from './answer.ts';
import { promptMsDefault } from './card.ts';
import { type Attempt, abandon, complete, ended, unsuccessful } from './ending.ts';
import { kernelClock, type OnlineResult, type Payment, sendFinancial } from './online.ts';
import type { TerminalParameters } from './parameters.ts';
import { ask, type Desk, type Job, type PinReply, write } from './program.ts';
import { type CardData, reversalField55, reversalFields } from './request.ts';
import { screens } from './screens.ts';
import { plainAttempt } from './stripe.ts';
import { type Text, texts } from './texts.ts';

/** What one run of the kernel leaves behind beside its outcome. */
type Run = { result?: OnlineResult; pin?: PinReply };

/** One attempt with the chip in the slot: the kernel talks to the card, we carry its requests to card, person and host. */
export function* chipAttempt(desk: Desk, payment: Payment, prompt: Text): Job<Attempt> {
  const { row } = payment;
  yield* ask('show', screens.processing(row, 'insert'));
  if ((yield* ask('powerCard', undefined)).kind === 'card-gone') {
    return yield* abandon(payment, 'cancelled', texts.cardRemovedEarly);
  }
  const input = yield* kernelInput(desk, payment);
  const kernel = transaction(input);
  const run: Run = {};
  let step = kernel.next();
  while (!step.done) step = kernel.next(yield* serve(desk, payment, step.value, run, prompt));
  return yield* concluded(desk, payment, step.value, run, prompt);
}

function* kernelInput(desk: Desk, { row }: Payment): Job<TerminalTransaction> {
  return {
    amountMinor: row.kind === 'balance' ? 0n : row.amount.minor,
    transactionType: row.kind === 'balance' ? '31' : '00',
    ...(yield* kernelClock()),
    terminal: kernelParameters(desk.parameters),
    flow: row.kind === 'void' ? 'read-card' : 'full',
    forceOnline: true,
    transactionCounter: Number(desk.journal.setting('stan') ?? '0') + 1,
  };
}

/** An attended online terminal: contact chip and stripe; online PIN, signature or none; SDA, DDA and CDA. */
const kernelParameters = (parameters: TerminalParameters): KernelParameters => ({
  countryCode: '156',
  currencyCode: '156',
  terminalType: '22',
  capabilities: 'E068C8',
  additionalCapabilities: '6000F0A001',
  serial: parameters.terminalId,
  aids: parameters.aids,
  capks: parameters.capks,
});

function* serve(desk: Desk, payment: Payment, request: KernelRequest, run: Run, prompt: Text): Job<KernelReply> {
  switch (request.kind) {
    case 'apdu': {
      const reply = yield* ask('apdu', request.command);
      return { kind: 'apdu', response: reply.kind === 'response' ? reply.bytes : new Uint8Array() };
    }
    case 'random': {
      return { kind: 'random', bytes: yield* ask('random', request.bytes) };
    }
    case 'select-application': {
      return yield* chooseApplication(desk, payment, request.candidates);
    }
    case 'online-pin': {
      run.pin = yield* keyPin(desk, payment, request.pan.reveal(), prompt);
      if (run.pin.kind === 'entered') return { kind: 'pin-entered' };
      return { kind: run.pin.kind === 'bypassed' ? 'pin-bypassed' : 'cancelled' };
    }
    case 'online': {
      return yield* goOnline(desk, payment, request.data, run, prompt);
    }
  }
}

function* keyPin(desk: Desk, { row }: Payment, pan: string, prompt: Text): Job<PinReply> {
  const timeoutMs = desk.parameters.promptMs ?? promptMsDefault;
  const pin = yield* ask('pin', { screen: screens.pin(row, prompt), pan, timeoutMs });
  yield* ask('show', screens.processing(row, 'insert'));
  return pin;
}

/** Whatever the card's own methods are, a balance is told against a PIN, and an issuer that answered 55 wants one. */
function* goOnline(desk: Desk, payment: Payment, card: OnlineData, run: Run, prompt: Text): Job<KernelReply> {
  const isPinWanted = payment.row.kind === 'balance' || prompt === texts.pinWrong;
  if (isPinWanted) run.pin ??= yield* keyPin(desk, payment, card.pan.reveal(), prompt);
  if (run.pin && run.pin.kind !== 'entered' && run.pin.kind !== 'bypassed') return { kind: 'online-unable' };
  const pinBlock = run.pin?.kind === 'entered' ? run.pin.block : undefined;
  run.result = yield* sendFinancial(desk, payment, chipCard(card, card.field55), pinBlock);
  return onlineReply(run.result);
}

function* chooseApplication(
  desk: Desk,
  { row }: Payment,
  candidates: readonly { aid: string; label: string }[],
): Job<KernelReply> {
  const choices = candidates.map(({ aid, label }) => ({ item: aid, label: { zh: label, en: label } }));
  let selected = 0;
  for (;;) {
    const input = yield* ask('wait', {
      screen: screens.chooseApplication(row, choices, selected),
      for: ['key', 'chosen', 'card-removed', 'cancel-requested'],
      timeoutMs: desk.parameters.promptMs ?? promptMsDefault,
    });
    if (input.kind === 'chosen') {
      const index = choices.findIndex(({ item }) => item === input.item);
      if (index >= 0) return { kind: 'selected', index };
    } else if (input.kind !== 'key' || input.key === 'cancel') return { kind: 'cancelled' };
    else if (input.key === 'confirm') return { kind: 'selected', index: selected };
    else if (input.key === 'down') selected = Math.min(selected + 1, choices.length - 1);
    else if (input.key === 'up') selected = Math.max(selected - 1, 0);
  }
}

const chipCard = (card: ChipCard, field55: Uint8Array | undefined): CardData => ({
  entryMode: 'insert',
  pan: card.pan.reveal(),
  track2: card.track2?.reveal(),
  expiry: card.expiry,
  psn: card.psn,
  field55,
});

const onlineReply = (result: OnlineResult): KernelReply => {
  if (result.kind === 'approved')
    return { kind: 'online-result', approved: true, arc: '00', field55: result.fields[55] };
  if (result.kind === 'refused' && result.code !== undefined)
    return { kind: 'online-result', approved: false, arc: result.code };
  return { kind: 'online-unable' };
};

/** Host and card have both spoken: a sale needs both; what the host approved and the card refused is reversed (96). */
function* concluded(desk: Desk, payment: Payment, outcome: KernelOutcome, run: Run, prompt: Text): Job<Attempt> {
  const { result } = run;
  if (outcome.kind === 'card-read')
    return yield* plainAttempt(desk, payment, chipCard(outcome.card, undefined), prompt);
  if (result?.kind === 'approved') {
    if (outcome.kind === 'approved') return yield* complete(desk, payment, result, outcome.tags);
    return yield* refusedByCard(
      payment,
      result,
      outcome.kind === 'fallback-to-stripe' ? undefined : outcome.field55ForReversal,
    );
  }
  if (result) return yield* unsuccessful(payment, result);
  if (outcome.kind === 'fallback-to-stripe') return { kind: 'fallback' };
  if (run.pin?.kind === 'timeout') return yield* abandon(payment, 'cancelled', texts.timedOut);
  if (run.pin?.kind === 'cancelled') return yield* abandon(payment, 'cancelled', texts.cancelled);
  if (!(yield* ask('slot', undefined))) return yield* abandon(payment, 'cancelled', texts.cardRemovedEarly);
  const { zh, en } = outcome.kind === 'approved' ? texts.declined : KERNEL_REASONS[outcome.reason];
  return yield* abandon(payment, 'declined', { zh, en });
}

function* refusedByCard(
  payment: Payment,
  result: Extract<OnlineResult, { kind: 'approved' }>,
  chipData: Uint8Array | undefined,
): Job<Attempt> {
  const { row } = payment;
  if (row.kind === 'balance') return yield* abandon(payment, 'declined', texts.cardRefused);
  const field55 = chipData && reversalField55(decodeTlv(chipData));
  const sealed = yield* ask('seal', reversalFields(result.request, field55));
  yield* write((book) =>
    book.owed(
      row.requestId,
      result.key,
      reversalReasons.notCompleted,
      { settlementDate: result.learned.settlementDate, rrn: result.learned.rrn, text: texts.cardRefused },
      sealed,
    ),
  );
  return ended({ state: 'unknown', text: texts.cardRefused, detail: texts.unknownDetail });
}
