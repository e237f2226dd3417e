import { randomBytes } from 'node:crypto';
import { uuidv7 } from '@zhanggui/ids';
import { cny } from '@zhanggui/money';
import type { SaleStatus, Terminal, TerminalCommand, TerminalView } from '@zhanggui/terminal';
import { type CardWorld, until } from './card-world.ts';

/** How somebody stands at a terminal: with which card, read how, knowing which PIN. */
export type Manner = Readonly<{ card: string; by?: 'chip' | 'stripe'; pin?: string }>;

const keysOf = (text: string): TerminalCommand[] =>
  [...text.split(''), 'confirm'].map((key) => ({ kind: 'key', key }) as TerminalCommand);

const cardCommand = async (world: CardWorld, { card, by = 'chip' }: Manner): Promise<TerminalCommand[]> => {
  if (by === 'stripe') {
    const track2 = await world.tray.stripe(card);
    return track2 === undefined ? [] : [{ kind: 'swipe', track2 }];
  }
  const session = await world.tray.chip(card);
  return session ? [{ kind: 'insert', card: session }] : [];
};

/** What a person does at each screen. A stripe that is sent to the slot goes there; a chip that fails is swiped. */
const obey = async (
  world: CardWorld,
  view: TerminalView,
  manner: Manner & { voucher?: string; item?: string },
): Promise<TerminalCommand[]> => {
  switch (view.screen) {
    case 'menu':
      return [{ kind: 'choose', item: manner.item ?? 'sale' }];
    case 'operator-sign-in':
      return keysOf('0000');
    case 'void-voucher':
      return keysOf(manner.voucher ?? '');
    case 'void-confirm':
      return [{ kind: 'key', key: 'confirm' }];
    case 'present-card': {
      const says = (word: string): boolean => view.message.en.toLowerCase().includes(word);
      if (says('swipe') && !says('insert'))
        return [{ kind: 'remove-card' }, ...(await cardCommand(world, { ...manner, by: 'stripe' }))];
      if (view.cardInSlot) return [];
      return cardCommand(world, says('insert') && !says('swipe') ? { ...manner, by: 'chip' } : manner);
    }
    case 'enter-pin':
      return keysOf(manner.pin ?? '123456');
    case 'result':
    case 'remove-card':
    case 'balance-result':
      return view.cardInSlot ? [{ kind: 'remove-card' }] : [{ kind: 'key', key: 'confirm' }];
    default:
      return [];
  }
};

/** Stands at the terminal and does what it asks, until told to leave. */
const stand = (
  world: CardWorld,
  terminal: Terminal,
  manner: Manner & { voucher?: string; item?: string },
): { leave(): void; seen(): readonly string[] } => {
  const seen: string[] = [];
  let asked = '';
  let here = true;
  let acting = Promise.resolve();
  const look = async (): Promise<void> => {
    if (!here) return;
    const view = terminal.view();
    const isWaiting = view.deadline !== undefined;
    const question = `${view.screen} ${view.message.en} ${isWaiting} ${view.screen === 'enter-pin' || view.cardInSlot}`;
    if (question === asked) return;
    asked = question;
    seen.push(`${view.screen}: ${view.message.en} ${view.detail?.en ?? ''}`);
    for (const command of await obey(world, view, manner)) terminal.command(command);
  };
  // A hand does one thing after the other, and looks again before each.
  const lookSoon = (): void => {
    acting = acting.then(() => new Promise((resolve) => setImmediate(resolve))).then(look);
  };
  const unsubscribe = terminal.onView(lookSoon);
  lookSoon();
  const leave = (): void => {
    here = false;
    unsubscribe();
  };
  return { leave, seen: () => seen };
};

export const newRequestId = (): string => uuidv7(Date.now(), new Uint8Array(randomBytes(10)));

/** Nothing on the counter: no sale, no question, no card. */
export const atRest = (terminal: Terminal): boolean => {
  const { screen, cardInSlot } = terminal.view();
  return screen === 'idle' && !cardInSlot;
};

const isOver = ({ state }: SaleStatus): boolean => !['waiting-card', 'processing', 'unknown'].includes(state);

/** A till's sale from the request until it is settled and the card is back with its owner. */
export const sell = async (
  world: CardWorld,
  terminal: Terminal,
  order: Manner & { amountMinor: bigint; requestId?: string; cancelAfterMs?: number },
): Promise<SaleStatus> => {
  const requestId = order.requestId ?? newRequestId();
  const person = stand(world, terminal, order);
  terminal.startSale({ requestId, amount: cny(order.amountMinor) });
  const cancelling =
    order.cancelAfterMs === undefined
      ? undefined
      : setTimeout(() => terminal.cancelSale(requestId), order.cancelAfterMs);
  try {
    return await settled(terminal, requestId, person.seen);
  } finally {
    clearTimeout(cancelling);
    person.leave();
  }
};

const settled = async (
  terminal: Terminal,
  requestId: string,
  seen: () => readonly string[] = () => [],
): Promise<SaleStatus> => {
  const status = (): SaleStatus => {
    const now = terminal.saleStatus(requestId);
    if (!now) throw new Error('the terminal does not know the sale');
    return now;
  };
  await until('the sale is settled', () => isOver(status()) && atRest(terminal)).catch((error: Error) => {
    throw new Error(`${error.message}: ${status().state}, ${seen().join(' | ')}`);
  });
  return status();
};

/** Walks through the menu: a void of a voucher number, or a balance inquiry. */
export const operate = async (
  world: CardWorld,
  terminal: Terminal,
  order: Manner & { item: 'void' | 'balance' | 'sign-in'; voucher?: string },
): Promise<readonly string[]> => {
  await until('the terminal is at rest', () => atRest(terminal));
  const person = stand(world, terminal, order);
  try {
    terminal.command({ kind: 'key', key: 'menu' });
    await until('the menu opens', () => terminal.view().screen !== 'idle', 2000).catch(() => undefined);
    await until('the terminal is at rest again', () => atRest(terminal)).catch((error: Error) => {
      throw new Error(`${error.message}: ${person.seen().join(' | ')}`);
    });
    return person.seen();
  } finally {
    person.leave();
  }
};
