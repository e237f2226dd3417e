import type { Core } from './core.ts';
import { minorOf, textOf } from './store.ts';

/** What is asked of a card: for an order, or for a top-up of its own. */
type Charge = Readonly<{ orderId: string; consumerId: string; cardId: string; amountMinor: bigint }>;
type Charged<Booked> = Readonly<{ kind: 'booked'; booked: Booked }> | Readonly<{ kind: 'refused'; code: string }>;

/** As ISO 8583 says it: the card's bank does not answer, and a refusal of no kind. */
const inoperative = '91';
const unbooked = '05';

const setCharge = (core: Core, id: string, state: string): void => {
  core.store.run('update charges set state = :state where id = :id', { state, id });
};

/**
 * Asks a card for money and books it in one step with the end of the charge. The charge is written before the card is asked: after a
 * crash, without an answer, or when `book` finds that it is not wanted any more (undefined), the money goes back to the card.
 */
export const chargeCard = async <Booked>(
  core: Core,
  charge: Charge,
  book: () => Booked | undefined,
): Promise<Charged<Booked>> => {
  const { orderId, consumerId, cardId, amountMinor } = charge;
  const id = `${orderId}-${core.serial()}`;
  core.store.run(
    `insert into charges (id, order_id, consumer_id, card_id, minor, state)
     values (:id, :orderId, :consumerId, :cardId, :minor, 'asked')`,
    { id, orderId, consumerId, cardId, minor: amountMinor },
  );
  const outcome = await core.cards.debit({ cardId, amountMinor, id }).catch(() => undefined);
  if (outcome?.kind !== 'done') {
    setCharge(core, id, outcome ? 'refused' : 'lost');
    return { kind: 'refused', code: outcome?.code ?? inoperative };
  }
  const booked = core.store.atomically(() => {
    const done = book();
    setCharge(core, id, done === undefined ? 'returning' : 'done');
    return done;
  });
  return booked === undefined ? { kind: 'refused', code: unbooked } : { kind: 'booked', booked };
};

/** What was taken for nothing, or is not wanted any more, goes back to its card. */
export const returnCharges = async (core: Core): Promise<void> => {
  for (const row of core.store.rows(`select id, card_id, minor from charges where state = 'returning'`)) {
    const id = textOf(row, 'id');
    const credit = { cardId: textOf(row, 'card_id'), amountMinor: minorOf(row, 'minor'), id: `${id}-back` };
    const outcome = await core.cards.credit(credit).catch(() => undefined);
    if (outcome?.kind === 'done') setCharge(core, id, 'returned');
  }
};

/** What a card may have paid for nothing goes back to it, as soon as the card's bank answers. */
export const returnLost = async (core: Core): Promise<void> => {
  for (const row of core.store.rows(`select id, card_id, minor from charges where state = 'lost'`)) {
    const id = textOf(row, 'id');
    const debit = { cardId: textOf(row, 'card_id'), amountMinor: minorOf(row, 'minor'), id };
    const outcome = await core.cards.debit(debit).catch(() => undefined);
    if (outcome) setCharge(core, id, outcome.kind === 'done' ? 'returning' : 'refused');
  }
  await returnCharges(core);
};

/** After a crash nobody waits for the answer of a card any more. */
export const resumeCharges = (core: Core): Promise<void> => {
  core.store.run(`update charges set state = 'lost' where state = 'asked'`);
  return returnLost(core);
};
