import { promptMsDefault } from './card.ts';
import { type Attempt, abandon, complete, unsuccessful } from './ending.ts';
import { type Payment, sendFinancial } from './online.ts';
import { ask, type Desk, type Job } from './program.ts';
import type { CardData } from './request.ts';
import { screens } from './screens.ts';
import { type Text, texts } from './texts.ts';

/**
 * One attempt with card data that carries no cryptogram: a stripe, or a chip that was only read (void). The PIN is asked
 * for; the cardholder may confirm without one.
 */
export function* plainAttempt(desk: Desk, payment: Payment, card: CardData, prompt: Text): Job<Attempt> {
  const { row } = payment;
  const pin = yield* ask('pin', {
    screen: screens.pin(row, prompt),
    pan: card.pan,
    timeoutMs: desk.parameters.promptMs ?? promptMsDefault,
  });
  if (pin.kind === 'cancelled') return yield* abandon(payment, 'cancelled', texts.cancelled);
  if (pin.kind === 'timeout') return yield* abandon(payment, 'cancelled', texts.timedOut);
  if (pin.kind === 'card-gone') return yield* abandon(payment, 'cancelled', texts.cardRemovedEarly);
  yield* ask('show', screens.processing(row, card.entryMode));
  const result = yield* sendFinancial(desk, payment, card, pin.kind === 'entered' ? pin.block : undefined);
  if (result.kind !== 'approved') return yield* unsuccessful(payment, result);
  return yield* complete(desk, payment, result);
}
