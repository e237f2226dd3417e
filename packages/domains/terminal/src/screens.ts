import { decimalText, type Money } from '@zhanggui/money';
import type { EpochMs } from '@zhanggui/time';
import type { Wallet } from '@zhanggui/wallet-channel';
import type { TransactionRow } from './journal-rows.ts';
import type { EntryMode } from './status.ts';
import { type Text, text, texts } from './texts.ts';
import type { Choice, Screen, Tone } from './view.ts';

type Heading = Pick<TransactionRow, 'kind' | 'amount'>;

/** What stays on top during a payment: what it is and how much. */
const heading = ({ kind, amount }: Heading): Pick<Screen, 'title' | 'amount'> => ({
  title: texts[kind],
  ...(kind === 'balance' ? {} : { amount: decimalText(amount) }),
});

export const walletNames: Readonly<Record<Wallet, Text>> = {
  wechat: text('微信支付', 'WeChat Pay'),
  alipay: text('支付宝', 'Alipay'),
  unionpay: text('云闪付', 'UnionPay QR'),
};

/** Our code instead of the customer's. */
export const showOurs: Choice = { item: 'show-code', label: texts.showCode };

const qrHeading = (amount: Money): Pick<Screen, 'title' | 'amount'> => ({
  title: texts.qr,
  amount: decimalText(amount),
});

/** Every screen of the terminal, as values. */
export const screens = {
  starting: { name: 'starting', message: texts.starting, tone: 'busy' } satisfies Screen,
  // At rest the clock is ours: when to try again is nothing a person waits for.
  idle: (detail: Text = texts.idleDetail): Screen => ({ name: 'idle', message: texts.idle, detail, deadline: null }),
  busy: (message: Text): Screen => ({ name: 'processing', message, tone: 'busy' }),
  amount: (digits: string, title: Text = texts.sale): Screen => ({
    name: 'amount',
    title,
    amount: decimalText({ minor: BigInt(digits || '0'), currency: 'CNY' }),
    message: texts.enterAmount,
  }),
  presentCard: (row: Heading, message: Text, more: Pick<Screen, 'detail' | 'other'> = {}): Screen => ({
    name: 'present-card',
    ...heading(row),
    message,
    ...more,
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
  scanCode: (amount: Money, detail?: Text): Screen => ({
    name: 'scan-code',
    ...qrHeading(amount),
    message: texts.scanCode,
    detail,
    other: showOurs,
  }),
  chooseWallet: (amount: Money, wallets: readonly Wallet[], selected: number): Screen => ({
    name: 'choose-wallet',
    ...qrHeading(amount),
    message: texts.chooseWallet,
    choices: wallets.map((wallet) => ({ item: wallet, label: walletNames[wallet] })),
    selected,
  }),
  qrAsking: (amount: Money): Screen => ({
    name: 'processing',
    ...qrHeading(amount),
    message: texts.processingStripe,
    tone: 'busy',
  }),
  showCode: (amount: Money, wallet: Wallet, qr: string, expiresAt: EpochMs | undefined): Screen => ({
    name: 'show-code',
    ...qrHeading(amount),
    message: text(`请用${walletNames[wallet].zh}扫码`, `Scan with ${walletNames[wallet].en}`),
    qr,
    deadline: expiresAt ?? null,
  }),
  awaitPayer: (amount: Money, wallet: Wallet): Screen => ({
    name: 'await-payer',
    ...qrHeading(amount),
    message: texts.awaitPayer,
    detail: walletNames[wallet],
    tone: 'busy',
    deadline: null,
  }),
  qrUnknown: (amount: Money | undefined): Screen => ({
    name: 'await-payer',
    ...(amount ? qrHeading(amount) : { title: texts.qr }),
    message: texts.unknown,
    detail: texts.qrUnknownDetail,
    tone: 'unknown',
    deadline: null,
  }),
  qrResult: (amount: Money | undefined, tone: Tone, message: Text, detail?: Text): Screen => ({
    name: 'result',
    ...(amount ? qrHeading(amount) : { title: texts.qr }),
    message,
    detail,
    tone,
  }),
  voidConfirm: (row: TransactionRow): Screen => ({
    name: 'void-confirm',
    title: texts.void,
    amount: decimalText(row.amount),
    message: texts.voidConfirm,
    detail: { zh: `凭证号 ${row.stan}  卡号 ${row.maskedPan}`, en: `Voucher ${row.stan}  card ${row.maskedPan}` },
  }),
};
