import { askDigits } from './digits.ts';
import { notice } from './notice.ts';
import { type Desk, type Job, write } from './program.ts';
import { screens } from './screens.ts';
import { type Text, texts } from './texts.ts';

const ask4 = (desk: Desk, title: Text, message: Text, masked: boolean): Job<string | undefined> =>
  askDigits(desk, {
    screen: (typed) => screens.digits('operator-sign-in', title, message, typed, masked),
    digitsMax: masked ? 8 : 2,
    isComplete: (typed) => typed.length > 0,
  });

/** Number and password of whoever stands at the terminal; the number goes on slips and into field 63. */
export function* operatorSignIn(desk: Desk): Job<void> {
  const no = yield* ask4(desk, texts.operatorSignIn, texts.operatorNo, false);
  if (no === undefined) return;
  const pin = yield* ask4(desk, texts.operatorSignIn, texts.operatorPin, true);
  if (pin === undefined) return;
  const operator = desk.parameters.operators.find((one) => one.no === no.padStart(2, '0') && one.pin === pin);
  if (!operator) return yield* notice(desk, texts.operatorWrong, 'declined');
  yield* write((book) => book.keep('operator', operator.no));
  yield* notice(desk, texts.operatorWelcome, 'approved');
}

/** Asks the present operator's password before an act that gives money back. */
export function* askOperatorPin(desk: Desk): Job<boolean> {
  const pin = yield* ask4(desk, texts.void, texts.operatorPin, true);
  if (pin === undefined) return false;
  const no = desk.journal.setting('operator') ?? '01';
  if (desk.parameters.operators.some((one) => one.no === no && one.pin === pin)) return true;
  yield* notice(desk, texts.operatorWrong, 'declined');
  return false;
}
