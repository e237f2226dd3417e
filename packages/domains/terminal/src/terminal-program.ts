import { menu } from './menu.ts';
import { retryMsDefault } from './parameters.ts';
import { ask, type Desk, type Job, write } from './program.ts';
import { settleReversals } from './reversal.ts';
import { keyedSale, resumedQrSale, sale } from './sale.ts';
import { screens } from './screens.ts';
import { signIn } from './sign-in.ts';
import { type Text, texts, withCode } from './texts.ts';

const doublingsMax = 4;

/** How the house stands: in order, or what is the matter and how often in a row that was so. */
type Order = Readonly<{ kind: 'in-order' }> | Readonly<{ kind: 'trouble'; text: Text; times: number }>;

/** The terminal's whole day: sign in, settle what is owed, wait for a person or a till, serve, and again. */
export function* terminalProgram(desk: Desk): Job<never> {
  yield* ask('show', screens.starting);
  yield* resumedQrSale(desk);
  let order: Order = { kind: 'in-order' };
  for (;;) {
    order = yield* keepHouse(desk, order);
    const waiting = desk.journal.current();
    if (waiting) yield* sale(desk, waiting);
    else yield* serveNext(desk, order);
  }
}

/** Signs in when needed and sends the reversals that are owed. */
function* keepHouse(desk: Desk, before: Order): Job<Order> {
  const times = before.kind === 'trouble' ? before.times + 1 : 1;
  if (!(yield* ask('isOnline', undefined))) {
    if (!(yield* ask('hostReady', undefined))) return { kind: 'trouble', text: texts.connecting, times: 1 };
    if (times === 1) yield* ask('show', screens.busy(texts.signingIn));
    const result = yield* signIn(desk);
    if (result.kind === 'failed') return { kind: 'trouble', text: withCode(result.text, result.code), times };
  }
  if (desk.journal.reversals().length > 0) {
    yield* ask('show', screens.busy(texts.reversing));
    if (!(yield* settleReversals(desk))) return { kind: 'trouble', text: texts.reversalWaits, times: 1 };
  }
  return desk.journal.reversalsPending() > 0
    ? { kind: 'trouble', text: texts.reversalWaits, times: doublingsMax + 1 }
    : { kind: 'in-order' };
}

function* serveNext(desk: Desk, order: Order): Job<void> {
  const input = yield* ask('wait', {
    screen: screens.idle(order.kind === 'trouble' ? order.text : texts.idleDetail),
    for: ['key', 'inserted', 'sale-waiting', 'link-changed'],
    timeoutMs: order.kind === 'trouble' ? pauseMs(desk, order.times) : undefined,
  });
  // A host that came back an hour later must not leave a payment unknown until somebody signs in.
  if (input.kind === 'timeout') yield* write((book) => book.resumeReversals());
  if (input.kind === 'inserted') return yield* keyedSale(desk, 'confirm');
  if (input.kind !== 'key') return;
  if (input.key === 'menu') return yield* menu(desk);
  if (input.key !== 'cancel' && input.key !== 'clear') yield* keyedSale(desk, input.key);
}

const pauseMs = ({ parameters }: Desk, times: number): number =>
  (parameters.retryMs ?? retryMsDefault) * 2 ** Math.min(times - 1, doublingsMax);
