import type { PhoneNotice, PhoneOrder, PhoneRecord, Wallet } from './contract.ts';
import type { SandboxWallets } from './index.ts';

type Phone = SandboxWallets['phone'];
type State = Awaited<ReturnType<Phone['view']>>;
type Order = State extends { prompt?: infer Prompt } ? NonNullable<Prompt> : never;

const password = '123456';
const triesMax = 3;
const lockMs = 60_000;
const codePrefix: Record<Wallet, string> = { wechat: '13', alipay: '28', unionpay: '62' };
const codeDigits: Record<Wallet, number> = { wechat: 18, alipay: 18, unionpay: 19 };
const cards = [
  { id: 'debit', title: { zh: '借记卡', en: 'Debit card' }, maskedPan: '622500******0014' },
  { id: 'credit', title: { zh: '信用卡', en: 'Credit card' }, maskedPan: '628800******0022' },
];

/** A phone that does what a wallet would, in a few lines and without books; `show`, `pushPrompt` and `giveBack` are the merchant. */
export type FakeWallets = SandboxWallets & {
  show(order: PhoneOrder): void;
  pushPrompt(order: PhoneOrder): void;
  giveBack(recordId: string, amountMinor: bigint): void;
  change(change: Partial<State>): void;
};

const freshState: State = {
  consumer: { name: { zh: '林晓', en: 'Lin Xiao' } },
  wallets: (['wechat', 'alipay', 'unionpay'] as const).map((wallet, index) => ({
    wallet,
    balanceMinor: [1_288_50n, 356_20n, 0n][index] ?? 0n,
    cards,
    funding: wallet === 'unionpay' ? 'debit' : 'balance',
  })),
  passwordRule: 'always',
  history: [],
  notices: [],
};

const orderOf = (order: PhoneOrder): Order => ({ ...order, amountMinor: BigInt(order.amountMinor) });

const refused = (code: string, text: PhoneNotice['text'], triesLeft?: number) =>
  ({ kind: 'refused', code, text, triesLeft }) as const;

const createMemory = (clock: () => number) => {
  const listeners = new Set<() => void>();
  let count = 0;
  const next = (): string => String((count += 1)).padStart(4, '0');
  const memory = {
    state: freshState,
    shown: undefined as Order | undefined,
    tries: triesMax,
    clock,
    listeners,
    become: (change: Partial<State>): void => {
      memory.state = { ...memory.state, ...change };
      for (const listener of listeners) listener();
    },
    record: (order: Order, kind: PhoneRecord['kind']): State['history'][number] => ({
      id: next(),
      kind,
      wallet: order.wallet,
      at: clock(),
      title: order.merchant,
      description: order.description,
      amountMinor: order.amountMinor,
      refundedMinor: 0n,
      state: 'done',
      funding: { zh: '余额', en: 'Balance' },
      walletTradeNo: `4200002026${next()}`,
      outTradeNo: `ZG${order.orderId}`,
    }),
    notice: (kind: PhoneNotice['kind'], record: State['history'][number], text: PhoneNotice['text']) => ({
      id: next(),
      at: clock(),
      kind,
      wallet: record.wallet,
      text,
      recordId: record.id,
    }),
  };
  return memory;
};
type Memory = ReturnType<typeof createMemory>;

const settle = (memory: Memory, order: Order): string => {
  const paid = memory.record(order, 'payment');
  const told = memory.notice('paid', paid, { zh: `已付款给${order.merchant}`, en: `Paid to ${order.merchant}` });
  memory.shown = undefined;
  const { history, notices } = memory.state;
  memory.become({ history: [paid, ...history], notices: [told, ...notices], prompt: undefined });
  return paid.id;
};

const payWith =
  (memory: Memory): Phone['pay'] =>
  (payment) => {
    const { state, shown, clock } = memory;
    const order = [state.prompt, shown].find((known) => known?.orderId === payment.orderId);
    if (!order) return refused('ORDER_CLOSED', { zh: '订单已关闭', en: 'The order is closed' });
    const locked = refused('PASSWORD_LOCKED', { zh: '密码已锁定', en: 'The password is locked' }, 0);
    if (state.lockedUntil !== undefined && state.lockedUntil > clock()) return locked;
    if (order.needsPassword && payment.password !== password) {
      memory.tries -= 1;
      if (memory.tries > 0) return refused('PASSWORD_WRONG', { zh: '密码不对', en: 'Wrong password' }, memory.tries);
      memory.tries = triesMax;
      memory.become({ lockedUntil: clock() + lockMs });
      return locked;
    }
    if (payment.funding === 'credit')
      return refused('CARD_REFUSED', { zh: '银行卡余额不足', en: 'The card has not enough' });
    return { kind: 'paid', recordId: settle(memory, order) };
  };

const moneyOf = (memory: Memory): Pick<Phone, 'chooseFunding' | 'topUp' | 'setPasswordRule'> => ({
  chooseFunding: (wallet, funding) => {
    if (funding !== 'balance' && !cards.some(({ id }) => id === funding))
      return refused('NO_CARD', { zh: '没有这张卡', en: 'No such card' });
    const { wallets } = memory.state;
    memory.become({ wallets: wallets.map((kept) => (kept.wallet === wallet ? { ...kept, funding } : kept)) });
    return { kind: 'chosen' };
  },
  topUp: ({ wallet, cardId, amountMinor }) => {
    if (cardId !== 'debit') return refused('CARD_REFUSED', { zh: '这张卡不能充值', en: 'This card cannot top up' });
    const wallets = memory.state.wallets.map((kept) =>
      kept.wallet === wallet ? { ...kept, balanceMinor: BigInt(kept.balanceMinor) + amountMinor } : kept,
    );
    memory.become({ wallets });
    return { kind: 'done' };
  },
  setPasswordRule: (rule) => memory.become({ passwordRule: rule }),
});

const giveBackOf =
  (memory: Memory): FakeWallets['giveBack'] =>
  (recordId, amountMinor) => {
    const paid = memory.state.history.find(({ id }) => id === recordId);
    if (!paid) return;
    const order = { ...paid, orderId: paid.id, merchant: paid.title, needsPassword: false, amountMinor };
    const back = memory.record(order, 'refund');
    const told = memory.notice('refund', back, { zh: `${paid.title}退款到账`, en: `Refund from ${paid.title}` });
    const history = memory.state.history.map((kept) =>
      kept.id === recordId ? { ...kept, refundedMinor: amountMinor } : kept,
    );
    memory.become({ history: [back, ...history], notices: [told, ...memory.state.notices] });
  };

export const fakeWallets = (clock: () => number): FakeWallets => {
  const memory = createMemory(clock);
  let isBroken = false;
  return {
    phone: {
      view: () => memory.state,
      paymentCode: (wallet) => {
        const digits = Array.from({ length: codeDigits[wallet] - 2 }, () => Math.floor(Math.random() * 10)).join('');
        return { code: `${codePrefix[wallet]}${digits}`, expiresAt: clock() + 60_000 };
      },
      scan: (text) =>
        memory.shown && text === `weixin://wxpay/bizpayurl?pr=${memory.shown.orderId}`
          ? { kind: 'order', ...memory.shown }
          : refused('CODE_UNKNOWN', { zh: '这不是收款码', en: 'This is no code to pay' }),
      shown: () => memory.shown,
      pay: payWith(memory),
      decline: () => memory.become({ prompt: undefined }),
      ...moneyOf(memory),
      onChange: (listener) => {
        memory.listeners.add(listener);
        return () => void memory.listeners.delete(listener);
      },
    },
    faults: {
      list: () => [{ id: 'mute', title: { zh: '通知永不到达', en: 'The notification never comes' }, active: isBroken }],
      set: (id, active) => {
        if (id === 'mute') isBroken = active;
        return id === 'mute';
      },
    },
    show: (order) => {
      memory.shown = orderOf(order);
    },
    pushPrompt: (order) => memory.become({ prompt: orderOf(order) }),
    giveBack: giveBackOf(memory),
    change: memory.become,
  };
};
