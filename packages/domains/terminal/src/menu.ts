import { balance } from './balance.ts';
import { promptMsDefault } from './card.ts';
import { notice } from './notice.ts';
import { operatorSignIn } from './operator.ts';
import { ask, type Desk, type Job } from './program.ts';
import { lastQrSlip } from './qr-sale.ts';
import { keyedQrSale, keyedSale } from './sale.ts';
import { screens } from './screens.ts';
import { echo, signIn } from './sign-in.ts';
import { type KeptQrSlip, type PrintedSlip, printedQrSlip, printedSlip } from './slip.ts';
import { type Text, texts } from './texts.ts';
import { voidSale } from './void.ts';

type MenuItem = Readonly<{ item: string; label: Text; job(desk: Desk): Job<void> }>;

/** The functions of the terminal, in the order of the screen; the digit before each is its key. */
const menuItems: readonly MenuItem[] = [
  { item: 'sale', label: texts.sale, job: (desk) => keyedSale(desk, 'confirm') },
  { item: 'void', label: texts.void, job: voidSale },
  { item: 'balance', label: texts.balance, job: balance },
  { item: 'reprint', label: texts.reprint, job: reprint },
  { item: 'sign-in', label: texts.signIn, job: askedSignIn },
  { item: 'echo', label: texts.echo, job: askedEcho },
  { item: 'operator', label: texts.operatorSignIn, job: operatorSignIn },
  { item: 'qr', label: texts.qr, job: keyedQrSale },
];

/** Choose by digit, by arrows and confirm, or by touch. */
export function* menu(desk: Desk): Job<void> {
  let selected = 0;
  for (;;) {
    const input = yield* ask('wait', {
      screen: screens.menu(menuItems, selected),
      for: ['key', 'chosen', 'sale-waiting'],
      timeoutMs: desk.parameters.promptMs ?? promptMsDefault,
    });
    if (input.kind === 'chosen') {
      const chosen = menuItems.find(({ item }) => item === input.item);
      return chosen ? yield* chosen.job(desk) : undefined;
    }
    if (input.kind !== 'key' || input.key === 'cancel') return;
    if (input.key === 'down') selected = Math.min(selected + 1, menuItems.length - 1);
    if (input.key === 'up') selected = Math.max(selected - 1, 0);
    const chosen = input.key === 'confirm' ? menuItems[selected] : menuItems[Number(input.key) - 1];
    if (chosen) return yield* chosen.job(desk);
  }
}

function* reprint(desk: Desk): Job<void> {
  const last = lastSlip(desk);
  if (!last) return yield* notice(desk, texts.nothingToPrint, 'neutral');
  yield* ask('print', last);
  yield* notice(desk, texts.printed, 'approved');
}

/** The later of the last card slip and the last slip of a payment by QR code, marked as printed again. */
const lastSlip = ({ journal }: Desk): PrintedSlip | undefined => {
  const card = journal.lastPrinted()?.slip;
  const kept = journal.setting(lastQrSlip);
  const qr = kept === undefined ? undefined : (JSON.parse(kept) as KeptQrSlip);
  if (qr && (!card || qr.at > card.at)) return printedQrSlip(qr, true);
  return card && printedSlip(card, true);
};

function* askedSignIn(desk: Desk): Job<void> {
  yield* ask('show', screens.busy(texts.signingIn));
  const result = (yield* ask('hostReady', undefined)) ? yield* signIn(desk) : undefined;
  if (result?.kind === 'signed-in') return yield* notice(desk, texts.signedIn, 'approved');
  yield* notice(desk, texts.signInFailed, 'declined', result?.text ?? texts.noHost);
}

function* askedEcho(desk: Desk): Job<void> {
  yield* ask('show', screens.busy(texts.echo));
  const good = (yield* ask('hostReady', undefined)) && (yield* echo(desk));
  yield* notice(desk, good ? texts.echoGood : texts.noHost, good ? 'approved' : 'declined');
}
