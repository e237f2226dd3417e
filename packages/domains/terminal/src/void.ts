import { promptMsDefault } from './card.ts';
import { askDigits } from './digits.ts';
import type { TransactionRow } from './journal-rows.ts';
import { notice } from './notice.ts';
import { askOperatorPin } from './operator.ts';
import { pay } from './payment.ts';
import { ask, type Desk, type Job, write } from './program.ts';
import { newRequest } from './request-id.ts';
import { screens } from './screens.ts';
import { texts } from './texts.ts';

/** Void: the operator's password, the voucher number, a look at the original, then the same card again. */
export function* voidSale(desk: Desk): Job<void> {
  if (!(yield* askOperatorPin(desk))) return;
  const original = yield* findOriginal(desk);
  if (!original || !(yield* confirmed(desk, original))) return;
  const requestId = yield* newRequest();
  const { at } = yield* ask('clock', undefined);
  yield* write((book) =>
    book.open({ requestId, kind: 'void', amount: original.amount, at, voids: original.requestId }),
  );
  const row = desk.journal.find(requestId);
  if (row) yield* pay(desk, { row, original });
}

/** Only an approved sale of the present batch can be voided. */
function* findOriginal(desk: Desk): Job<TransactionRow | undefined> {
  const stan = yield* askDigits(desk, {
    screen: (typed) => screens.digits('void-voucher', texts.void, texts.voucherNo, typed, false),
    digitsMax: 6,
    isComplete: (typed) => typed.length > 0,
  });
  if (stan === undefined) return undefined;
  const batch = desk.journal.setting('batch') ?? '';
  const original = desk.journal.byVoucher({ batch, stan: stan.padStart(6, '0') });
  if (original?.kind !== 'sale' || original.state !== 'approved') {
    yield* notice(desk, texts.voucherUnknown, 'declined');
    return undefined;
  }
  if (original.voidedBy === undefined) return original;
  yield* notice(desk, texts.voucherVoided, 'declined');
  return undefined;
}

function* confirmed(desk: Desk, original: TransactionRow): Job<boolean> {
  for (;;) {
    const input = yield* ask('wait', {
      screen: screens.voidConfirm(original),
      for: ['key', 'sale-waiting'],
      timeoutMs: desk.parameters.promptMs ?? promptMsDefault,
    });
    if (input.kind !== 'key' || input.key === 'cancel') return false;
    if (input.key === 'confirm') return true;
  }
}
