import { readScan } from '@zhanggui/paycode';
import type { CardOutcome } from '../cards.ts';
import { consumerAccount, outside } from './accounts.ts';
import { chargeCard } from './charges.ts';
import { type Core, digits, orderByLink, orderOf } from './core.ts';
import { numberOf, textOf } from './store.ts';
import type { Order, Wallet } from './words.ts';

export type PasswordRule = 'always' | 'over-1000' | 'never';
export type Consumer = Readonly<{
  id: string;
  name: Readonly<{ zh: string; en: string }>;
  passwordRule: PasswordRule;
  lockedUntil: number;
}>;
export type NewConsumer = Readonly<{
  id: string;
  name: Readonly<{ zh: string; en: string }>;
  /** Six digits; kept in the clear, because it guards nobody's money. */
  password: string;
  balanceMinor: bigint;
}>;

export const wallets = ['wechat', 'alipay', 'unionpay'] as const satisfies readonly Wallet[];

const wrongMax = 3;
const lockMs = 60_000;
const freshMs = 60_000;
/** A code shown at the end of its minute is still read. */
const graceMs = 60_000;
const overMinor = 100_000n;

export const addConsumer = (core: Core, consumer: NewConsumer): void => {
  const { id, name, password, balanceMinor } = consumer;
  core.store.atomically(() => {
    core.store.run(
      `insert into consumers (id, name_zh, name_en, password, password_rule) values (:id, :zh, :en, :password, 'over-1000')
       on conflict do nothing`,
      { id, zh: name.zh, en: name.en, password },
    );
    for (const wallet of wallets) {
      const to = consumerAccount(id, wallet);
      const movement = {
        id: `opening/${wallet}/${id}`,
        from: outside,
        to,
        amountMinor: balanceMinor,
        why: 'top-up',
        orderId: null,
      };
      core.ledger.move([movement]);
    }
  });
};

export const consumerById = (core: Core, id: string): Consumer | undefined => {
  const row = core.store.row('select * from consumers where id = :id', { id });
  if (!row) return undefined;
  return {
    id,
    name: { zh: textOf(row, 'name_zh'), en: textOf(row, 'name_en') },
    passwordRule: textOf(row, 'password_rule') as PasswordRule,
    lockedUntil: numberOf(row, 'locked_until'),
  };
};

export const setPasswordRule = (core: Core, id: string, rule: PasswordRule): void => {
  core.store.run('update consumers set password_rule = :rule where id = :id', { id, rule });
  core.emit({ kind: 'consumer', consumerId: id });
};

const ruleAsks = ({ passwordRule }: Consumer, amountMinor: bigint): boolean => {
  switch (passwordRule) {
    case 'always':
      return true;
    case 'over-1000':
      return amountMinor > overMinor;
    case 'never':
      return false;
  }
};

/** Whether this order is paid with the password only; a code payment that came to the phone is. */
export const isPasswordAsked = (consumer: Consumer, order: Order): boolean =>
  order.state === 'paying' || ruleAsks(consumer, order.amountMinor);

/** Whether a code payment waits for the password. */
export const needsPassword = (core: Core, consumer: Consumer, order: Order): boolean =>
  core.faults.take('password-always') || ruleAsks(consumer, order.amountMinor);

type PasswordCheck =
  | Readonly<{ kind: 'right' }>
  | Readonly<{ kind: 'password-wrong' | 'password-locked'; triesLeft: number }>;

/** Three wrong ones in a row, and none is right for a minute. */
export const checkPassword = (core: Core, id: string, password: string): PasswordCheck => {
  const row = core.store.row('select * from consumers where id = :id', { id });
  if (!row || core.now() < numberOf(row, 'locked_until')) return { kind: 'password-locked', triesLeft: 0 };
  const isRight = textOf(row, 'password') === password;
  const wrong = isRight ? 0 : numberOf(row, 'wrong_passwords') + 1;
  const isLocked = wrong >= wrongMax;
  core.store.run('update consumers set wrong_passwords = :wrong, locked_until = :until where id = :id', {
    wrong: isLocked ? 0 : wrong,
    until: isLocked ? core.now() + lockMs : 0,
    id,
  });
  core.emit({ kind: 'consumer', consumerId: id });
  if (isRight) return { kind: 'right' };
  return isLocked ? { kind: 'password-locked', triesLeft: 0 } : { kind: 'password-wrong', triesLeft: wrongMax - wrong };
};

export const fundingOf = (core: Core, consumerId: string, wallet: Wallet): string => {
  const row = core.store.row('select funding from funding where consumer_id = :consumerId and wallet = :wallet', {
    consumerId,
    wallet,
  });
  return row ? textOf(row, 'funding') : 'balance';
};

export const chooseFunding = (core: Core, consumerId: string, wallet: Wallet, funding: string): void => {
  core.store.run(
    `insert into funding (consumer_id, wallet, funding) values (:consumerId, :wallet, :funding)
     on conflict (consumer_id, wallet) do update set funding = excluded.funding`,
    { consumerId, wallet, funding },
  );
  core.emit({ kind: 'consumer', consumerId });
};

export type TopUp = Readonly<{ consumerId: string; wallet: Wallet; cardId: string; amountMinor: bigint }>;

/** Money of a card becomes balance. */
export const topUp = async (core: Core, order: TopUp): Promise<CardOutcome> => {
  const { consumerId, wallet, cardId, amountMinor } = order;
  const id = `top-up/${core.serial()}`;
  const to = consumerAccount(consumerId, wallet);
  const movement = { id, from: outside, to, amountMinor, why: `top-up ${cardId}`, orderId: null };
  const charged = await chargeCard(core, { orderId: id, consumerId, cardId, amountMinor }, () =>
    core.ledger.move([movement]),
  );
  if (charged.kind === 'refused') return charged;
  core.emit({ kind: 'consumer', consumerId });
  return { kind: 'done' };
};

/** The consumer looks at a scanned order. */
export const scanOrder = (core: Core, consumerId: string, link: string): Order | undefined => {
  const order = orderByLink(core, link);
  if (order?.state !== 'not-paid') return order;
  core.store.run('update orders set consumer_id = :consumerId where id = :id', { consumerId, id: order.id });
  return { ...order, consumerId };
};

/** The newest order that is shown and can still be paid. */
export const newestShown = (core: Core): Order | undefined => {
  const row = core.store.row(
    `select * from orders where way = 'shown' and state = 'not-paid' and expires_at > :now
     order by created_at desc, rowid desc limit 1`,
    { now: core.now() },
  );
  return row && orderOf(row);
};

/** The code payment that waits for this consumer's password. */
export const promptOf = (core: Core, consumerId: string): Order | undefined => {
  const row = core.store.row(
    `select * from orders where consumer_id = :consumerId and state = 'paying' and expires_at > :now
     order by asked_at desc limit 1`,
    { consumerId, now: core.now() },
  );
  return row && orderOf(row);
};

/** WeChat's codes of the mainland begin with 10 to 14. */
const prefixes: Readonly<Record<Wallet, readonly string[]>> = {
  wechat: ['10', '11', '12', '13', '14'],
  alipay: ['28'],
  unionpay: ['62'],
};
const codeDigits: Readonly<Record<Wallet, number>> = { wechat: 18, alipay: 18, unionpay: 19 };

const prefixOf = (core: Core, wallet: Wallet): string => {
  const [one, ...more] = prefixes[wallet];
  return [one, ...more][Number(digits(core, 1)) % (more.length + 1)] ?? '';
};

const freshCode = (core: Core, wallet: Wallet): string => {
  for (;;) {
    const code = prefixOf(core, wallet) + digits(core, codeDigits[wallet] - 2);
    const scan = readScan(code);
    const isNew = !core.store.row('select 1 as found from codes where code = :code', { code });
    if (isNew && scan.kind === 'payment-code' && scan.wallet === wallet) return code;
  }
};

export type PaymentCode = Readonly<{ code: string; expiresAt: number }>;

/** A new code, good once and a while longer than the minute it is shown. `expiresAt` is when the phone shows the next. */
export const paymentCode = (core: Core, consumerId: string, wallet: Wallet): PaymentCode =>
  issued(core, { code: freshCode(core, wallet), consumerId, wallet });

const faceDigits = 33;

/** What a camera at the counter has when it knows Alipay's consumer by the face (刷脸): good once, as a payment code is. */
export const faceToken = (core: Core, consumerId: string): PaymentCode =>
  issued(core, { code: `fp${digits(core, faceDigits)}`, consumerId, wallet: 'alipay' });

const issued = (
  core: Core,
  { code, consumerId, wallet }: Readonly<{ code: string; consumerId: string; wallet: Wallet }>,
): PaymentCode => {
  const now = core.now();
  core.store.run(
    `insert into codes (code, wallet, consumer_id, issued_at, expires_at, used_by)
     values (:code, :wallet, :consumerId, :now, :until, null)`,
    { code, wallet, consumerId, now, until: now + freshMs + graceMs },
  );
  return { code, expiresAt: now + freshMs };
};

export type CodeUse =
  | Readonly<{ kind: 'consumer'; consumerId: string }>
  | Readonly<{ kind: 'refused'; reason: 'code-malformed' | 'code-unknown' | 'code-expired' | 'code-used' }>;

/** A code is good for one order. */
export const useCode = (core: Core, wallet: Wallet, code: string, usedBy: string): CodeUse => {
  const scan = readScan(code);
  const isCode = scan.kind === 'payment-code' || scan.kind === 'face-token';
  if (!isCode || scan.wallet !== wallet) return { kind: 'refused', reason: 'code-malformed' };
  const row = core.store.row('select * from codes where code = :code', { code });
  if (!row) return { kind: 'refused', reason: 'code-unknown' };
  if (row.used_by !== null) return { kind: 'refused', reason: 'code-used' };
  if (core.now() >= numberOf(row, 'expires_at')) return { kind: 'refused', reason: 'code-expired' };
  core.store.run('update codes set used_by = :usedBy where code = :code', { usedBy, code });
  return { kind: 'consumer', consumerId: textOf(row, 'consumer_id') };
};
