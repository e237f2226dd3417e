import { cny } from '@zhanggui/money';
import type { Terminal } from '@zhanggui/terminal';
import type { Sold } from './audit.ts';
import type { CardWorld } from './card-world.ts';
import { type Manner, newRequestId, operate, sell } from './cardholder.ts';
import { diceOf } from './dice.ts';

type Mischief = Readonly<{
  world: CardWorld;
  terminalId: string;
  seed: number;
  acts: number;
  people: readonly Manner[];
  sold: Sold[];
}>;

/** A share of all acts, in the order they are tried. */
const shares = { sale: 0.65, void: 0.85, balance: 0.95 } as const;

/** Sells, voids and inquires at one terminal while lines break by the dice: up to two faults at a time. */
export const makeMischief = async ({ world, terminalId, seed, acts, people, sold }: Mischief): Promise<void> => {
  const { next, pick } = diceOf(seed);
  const faults = world.faults.list().map(({ id }) => id);
  const terminal = (): Terminal => world.terminal(terminalId);
  const breakSomething = (): void => {
    for (const share of [0.6, 0.3]) if (next() < share) world.faults.set(pick(faults), true);
    // A silent issuer stays silent until somebody mends it.
    setTimeout(() => world.faults.set('issuer-silent', false), 200 + next() * 1000).unref();
  };
  const buy = async (): Promise<void> => {
    const order = { ...pick(people), amountMinor: BigInt(1 + Math.floor(next() * 500)), requestId: newRequestId() };
    const { card, requestId, amountMinor } = order;
    const asked = (id: string) => sold.push({ terminalId, requestId: id, card, amountMinor });
    asked(requestId);
    const sale = sell(world, terminal(), {
      ...order,
      cancelAfterMs: next() < 0.2 ? Math.floor(next() * 300) : undefined,
    });
    if (next() < 0.3) terminal().startSale({ requestId, amount: cny(amountMinor) });
    if (next() < 0.2) {
      const second = newRequestId();
      asked(second);
      terminal().startSale({ requestId: second, amount: cny(amountMinor) });
    }
    await sale;
  };
  const undo = async (): Promise<void> => {
    const mine = sold.filter((sale) => sale.terminalId === terminalId);
    const approved = mine.filter(({ requestId }) => terminal().saleStatus(requestId)?.state === 'approved');
    if (approved.length === 0) return;
    const sale = pick(approved);
    const person = people.find(({ card }) => card === sale.card) ?? pick(people);
    await operate(world, terminal(), { ...person, item: 'void', voucher: terminal().saleStatus(sale.requestId)?.stan });
  };
  for (let act = 0; act < acts; act += 1) {
    breakSomething();
    const dice = next();
    if (dice < shares.sale) await buy();
    else if (dice < shares.void) await undo();
    else await operate(world, terminal(), { ...pick(people), item: dice < shares.balance ? 'balance' : 'sign-in' });
  }
};
