import { decimalText } from '@zhanggui/money';
import type { TransactionRow } from './journal-rows.ts';
import type { EntryMode } from './status.ts';
import { type Text, texts } from './texts.ts';
import type { Choice, Screen, Tone } from './view.ts';

type Heading = Pick<TransactionRow, 'kind' | 'amount'>;

/** What stays on top during a payment: what it is and how much. */
const heading = ({ kind, amount }: Heading): Pick<Screen, 'title' | 'amount'> => ({
  title: texts[kind],
  ...(kind === 'balance' ? {} : { amount: decimalText(amount) }),
});

/** Every screen of the terminal, as values. */
export const screens = {
  starting: { name: 'starting', message: texts.starting, tone: 'busy' } satisfies Screen,
  idle: (detail: Text = texts.idleDetail): Screen => ({ name: 'idle', message: texts.idle, detail }),
  busy: (message: Text): Screen => ({ name: 'processing', message, tone: 'busy' }),
  amount: (digits: string): Screen => ({
    name: 'amount',
    title: texts.sale,
    amount: decimalText({ minor: BigInt(digits || '0'), currency: 'CNY' }),
    message: texts.enterAmount,
  }),
  presentCard: (row: Heading, message: Text, detail?: Text): Screen => ({
    name: 'present-card',
    ...heading(row),
    message,
    detail,
  }),
  chooseApplication: (row: Heading, choices: readonly Choice[], selected: number): Screen => ({
    name: 'choose-application',
    ...heading(row),
    message: texts.chooseApplication,
    choices,
    selected,
  }),
  pin: (row: Heading, message: Text): Screen => ({
    name: 'enter-pin',
    ...heading(row),
    message,
    detail: texts.enterPinDetail,
  }),
  processing: (row: Heading, entryMode: EntryMode): Screen => ({
    name: 'processing',
    ...heading(row),
    message: entryMode === 'insert' ? texts.processing : texts.processingStripe,
    tone: 'busy',
  }),
  result: (row: Heading, tone: Tone, message: Text, detail?: Text): Screen => ({
    name: 'result',
    ...heading(row),
    message,
    detail,
    tone,
  }),
  notice: (message: Text, tone: Tone, detail?: Text): Screen => ({ name: 'result', message, detail, tone }),
  balance: (amount: string): Screen => ({
    name: 'balance-result',
    title: texts.balance,
    amount,
    message: texts.availableBalance,
    tone: 'approved',
  }),
  removeCard: (row: Heading, tone: Tone, message: Text, detail?: Text): Screen => ({
    name: 'remove-card',
    ...heading(row),
    message,
    detail,
    tone,
  }),
  menu: (choices: readonly Choice[], selected: number): Screen => ({
    name: 'menu',
    message: texts.menu,
    choices,
    selected,
  }),
  digits: (name: Screen['name'], title: Text, message: Text, typed: string, masked: boolean): Screen => ({
    name,
    title,
    message,
    entry: { text: masked ? '•'.repeat(typed.length) : typed, masked },
  }),
  voidConfirm: (row: TransactionRow): Screen => ({
    name: 'void-confirm',
    title: texts.void,
    amount: decimalText(row.amount),
    message: texts.voidConfirm,
    detail: { zh: `凭证号 ${row.stan}  卡号 ${row.maskedPan}`, en: `Voucher ${row.stan}  card ${row.maskedPan}` },
  }),
};
