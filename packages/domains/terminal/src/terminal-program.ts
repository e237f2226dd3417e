import { menu } from './menu.ts';
import { ask, type Desk, type Job } from './program.ts';
import { settleReversals } from './reversal.ts';
import { keyedSale, sale } from './sale.ts';
import { screens } from './screens.ts';
import { signIn } from './sign-in.ts';
import { texts } from './texts.ts';

/** Pause before a sign-in or a reversal is tried again by itself. */
const retryMsDefault = 5000;

/** The terminal's whole day: sign in, settle what is owed, wait for a person or a till, serve, and again. */
export function* terminalProgram(desk: Desk): Job<never> {
  yield* ask('show', screens.starting);
  for (;;) {
    const isSettled = yield* keepHouse(desk);
    const waiting = desk.journal.current();
    if (waiting) yield* sale(desk, waiting);
    else yield* serveNext(desk, isSettled);
  }
}

/** Signs in when needed and sends the reversals that are owed. True when nothing is left to try. */
function* keepHouse(desk: Desk): Job<boolean> {
  if (!(yield* ask('isOnline', undefined))) {
    if (!(yield* ask('hostReady', undefined))) return false;
    yield* ask('show', screens.busy(texts.signingIn));
    if ((yield* signIn(desk)).kind === 'failed') return false;
  }
  if (desk.journal.reversals().length === 0) return true;
  yield* ask('show', screens.busy(texts.reversing));
  return yield* settleReversals(desk);
}

function* serveNext(desk: Desk, isSettled: boolean): Job<void> {
  const online = yield* ask('isOnline', undefined);
  const input = yield* ask('wait', {
    screen: screens.idle(online ? texts.idleDetail : texts.connecting),
    for: ['key', 'inserted', 'sale-waiting', 'link-changed'],
    timeoutMs: isSettled ? undefined : (desk.parameters.retryMs ?? retryMsDefault),
  });
  if (input.kind === 'inserted') return yield* keyedSale(desk, 'confirm');
  if (input.kind !== 'key') return;
  if (input.key === 'menu') return yield* menu(desk);
  if (input.key !== 'cancel' && input.key !== 'clear') yield* keyedSale(desk, input.key);
}
