import { consumerAccount } from './engine/accounts.ts';
import {
  type Consumer,
  chooseFunding,
  consumerById,
  fundingOf,
  isPasswordAsked,
  newestShown,
  type PasswordRule,
  paymentCode,
  promptOf,
  scanOrder,
  setPasswordRule,
  topUp,
  wallets,
} from './engine/consumers.ts';
import type { EngineRoom } from './engine/engine.ts';
import type { ConfirmRefusal, MerchantName, Order, Wallet } from './engine/words.ts';
import { type NoticeKind, openNotices } from './phone-notices.ts';
import { recordsOf } from './phone-records.ts';

export type PhoneText = Readonly<{ zh: string; en: string }>;
export type PhoneRefusal = Readonly<{ kind: 'refused'; code: string; text: PhoneText; triesLeft?: number }>;

type PhoneCard = Readonly<{ id: string; title: PhoneText; maskedPan: string }>;
export type PhoneWallet = Readonly<{
  wallet: Wallet;
  balanceMinor: bigint;
  cards: readonly PhoneCard[];
  /** 'balance' or a card's id. */
  funding: string;
}>;
/** An order on the screen: one that was scanned, or a code payment that asks for the password. */
export type PhoneOrder = Readonly<{
  orderId: string;
  wallet: Wallet;
  merchant: string;
  description: string;
  amountMinor: bigint;
  needsPassword: boolean;
}>;
export type PhoneRecord = Readonly<{
  id: string;
  kind: 'payment' | 'refund' | 'top-up';
  wallet: Wallet;
  at: number;
  /** The merchant, or the card of a top-up. */
  title: string;
  description: string;
  amountMinor: bigint;
  refundedMinor: bigint;
  state: 'done' | 'under-way' | 'failed' | 'returned';
  funding: PhoneText;
  walletTradeNo?: string;
  outTradeNo?: string;
}>;
export type PhoneNotice = Readonly<{
  id: string;
  at: number;
  kind: NoticeKind;
  wallet: Wallet;
  text: PhoneText;
  amountMinor: bigint;
  recordId: string;
}>;
export type PhoneView = Readonly<{
  consumer: Readonly<{ name: PhoneText }>;
  wallets: readonly PhoneWallet[];
  passwordRule: PasswordRule;
  /** Milliseconds since 1970, while too many wrong passwords keep it locked. */
  lockedUntil?: number;
  prompt?: PhoneOrder;
  /** Both newest first. */
  history: readonly PhoneRecord[];
  notices: readonly PhoneNotice[];
}>;

/** The consumer's side of the wallets. */
export interface Phone {
  view(): Promise<PhoneView>;
  /** A new code at every call; good once. `expiresAt` is when the phone shows the next. */
  paymentCode(wallet: Wallet): Readonly<{ code: string; expiresAt: number }>;
  /** What the camera read. */
  scan(text: string): (Readonly<{ kind: 'order' }> & PhoneOrder) | PhoneRefusal;
  /** The newest order that is shown as a QR code and can still be paid. */
  shown(): PhoneOrder | undefined;
  /** A scanned order or the prompt's; the password has six digits. `funding` is 'balance' or a card's id. */
  pay(
    request: Readonly<{ orderId: string; password?: string; funding?: string }>,
  ): Promise<Readonly<{ kind: 'paid'; recordId: string }> | PhoneRefusal>;
  decline(orderId: string): Promise<void>;
  chooseFunding(wallet: Wallet, funding: string): Promise<Readonly<{ kind: 'chosen' }> | PhoneRefusal>;
  topUp(
    order: Readonly<{ wallet: Wallet; cardId: string; amountMinor: bigint }>,
  ): Promise<Readonly<{ kind: 'done' }> | PhoneRefusal>;
  setPasswordRule(rule: PasswordRule): void;
  /** Told after every change of the view. */
  onChange(listener: () => void): () => void;
}

const texts: Readonly<Record<ConfirmRefusal | 'no-payment', PhoneText>> = {
  'no-payment': { zh: '这不是付款二维码', en: 'This is no code to pay' },
  'not-found': { zh: '订单不存在', en: 'There is no such order' },
  paid: { zh: '订单已支付', en: 'The order is paid already' },
  closed: { zh: '订单已关闭', en: 'The order is closed' },
  reversed: { zh: '订单已撤销', en: 'The order was cancelled' },
  'password-needed': { zh: '请输入支付密码', en: 'Enter the payment password' },
  'password-wrong': { zh: '支付密码错误', en: 'The password is wrong' },
  'password-locked': { zh: '密码错误次数过多，请稍后再试', en: 'Too many wrong passwords: try again later' },
  'not-enough': { zh: '余额不足', en: 'There is not enough money' },
  'card-refused': { zh: '银行卡拒绝付款', en: 'The bank refused the card' },
  'card-unknown': { zh: '没有这张银行卡', en: 'There is no such card' },
};

const refused = (reason: keyof typeof texts, triesLeft?: number): PhoneRefusal => ({
  kind: 'refused',
  code: reason,
  text: texts[reason],
  ...(triesLeft !== undefined && { triesLeft }),
});

type Room = EngineRoom & Readonly<{ consumerId: string }>;

const consumerIn = ({ core, consumerId }: Room): Consumer => {
  const consumer = consumerById(core, consumerId);
  if (!consumer) throw new Error('the phone belongs to a consumer');
  return consumer;
};

const merchantTitle = ({ engine }: Room, name: MerchantName): string => engine.merchant(name)?.title ?? name.merchantNo;

const onScreen = (room: Room, order: Order): PhoneOrder => ({
  orderId: order.id,
  wallet: order.wallet,
  merchant: merchantTitle(room, order),
  description: order.description,
  amountMinor: order.amountMinor,
  needsPassword: isPasswordAsked(consumerIn(room), order),
});

const viewOf = async (room: Room, notices: () => readonly PhoneNotice[]): Promise<PhoneView> => {
  const { core, engine, consumerId } = room;
  const cards = await core.cards.cards().catch(() => []);
  const { name, passwordRule, lockedUntil } = consumerIn(room);
  const prompt = promptOf(core, consumerId);
  return {
    consumer: { name },
    wallets: wallets.map((wallet) => ({
      wallet,
      balanceMinor: engine.balance(consumerAccount(consumerId, wallet)),
      cards: cards.map(({ id, title, maskedPan }) => ({ id, title, maskedPan })),
      funding: fundingOf(core, consumerId, wallet),
    })),
    passwordRule,
    ...(lockedUntil > engine.now() && { lockedUntil }),
    ...(prompt && { prompt: onScreen(room, prompt) }),
    history: recordsOf(core, consumerId, { cards, merchant: (named) => merchantTitle(room, named) }),
    notices: notices(),
  };
};

const scan = (room: Room, text: string): ReturnType<Phone['scan']> => {
  const order = scanOrder(room.core, room.consumerId, text.trim());
  if (!order) return refused('no-payment');
  switch (order.state) {
    case 'not-paid':
      return { kind: 'order', ...onScreen(room, order) };
    case 'paid':
    case 'reversed':
      return refused(order.state);
    case 'paying':
    case 'failed':
    case 'closed':
      return refused('closed');
  }
};

export const openPhone = (engineRoom: EngineRoom, consumerId: string): Phone => {
  const room: Room = { ...engineRoom, consumerId };
  const { core, engine } = room;
  const notices = openNotices(room, (name) => merchantTitle(room, name));
  const isCard = async (id: string): Promise<boolean> => (await core.cards.cards()).some((card) => card.id === id);
  return {
    view: () => viewOf(room, notices.list),
    paymentCode: (wallet) => paymentCode(core, consumerId, wallet),
    scan: (text) => scan(room, text),
    shown: () => {
      const order = newestShown(core);
      return order && onScreen(room, order);
    },
    pay: async (request) => {
      const outcome = await engine.confirm({ ...request, consumerId });
      if (outcome.kind === 'refused') return refused(outcome.reason, outcome.triesLeft);
      return { kind: 'paid', recordId: outcome.order.id };
    },
    decline: (orderId) => engine.decline(orderId),
    chooseFunding: async (wallet, funding) => {
      if (funding !== 'balance' && !(await isCard(funding))) return refused('card-unknown');
      chooseFunding(core, consumerId, wallet, funding);
      return { kind: 'chosen' };
    },
    topUp: async (order) => {
      if (!(await isCard(order.cardId))) return refused('card-unknown');
      const outcome = await topUp(core, { ...order, consumerId });
      if (outcome.kind === 'done') return outcome;
      return refused(outcome.code === '51' ? 'not-enough' : 'card-refused');
    },
    setPasswordRule: (rule) => setPasswordRule(core, consumerId, rule),
    onChange: engine.onEvent,
  };
};
