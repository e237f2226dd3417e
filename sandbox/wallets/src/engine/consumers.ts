import { readScan } from '@zhanggui/paycode';
import { consumerAccount, outside } from './accounts.ts';
import { type Core, digits } from './core.ts';
import { numberOf, textOf } from './store.ts';
import type { Wallet } from './words.ts';

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

export const needsPassword = (core: Core, consumer: Consumer, amountMinor: bigint): boolean => {
  if (core.faults.take('password-always')) return true;
  switch (consumer.passwordRule) {
    case 'always':
      return true;
    case 'over-1000':
      return amountMinor > overMinor;
    case 'never':
      return false;
  }
};

/** Three wrong ones in a row, and none is right for a minute. */
export const checkPassword = (
  core: Core,
  id: string,
  password: string,
): 'right' | 'password-wrong' | 'password-locked' => {
  const row = core.store.row('select * from consumers where id = :id', { id });
  if (!row) return 'password-wrong';
  if (core.now() < numberOf(row, 'locked_until')) return 'password-locked';
  const isRight = textOf(row, 'password') === password;
  const wrong = isRight ? 0 : numberOf(row, 'wrong_passwords') + 1;
  const isLocked = wrong >= wrongMax;
  core.store.run('update consumers set wrong_passwords = :wrong, locked_until = :until where id = :id', {
    wrong: isLocked ? 0 : wrong,
    until: isLocked ? core.now() + lockMs : 0,
    id,
  });
  core.emit({ kind: 'consumer', consumerId: id });
  if (isLocked) return 'password-locked';
  return isRight ? 'right' : 'password-wrong';
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

export const topUp = (core: Core, consumerId: string, wallet: Wallet, amountMinor: bigint): void => {
  const to = consumerAccount(consumerId, wallet);
  core.ledger.move([{ id: `top-up/${core.serial()}`, from: outside, to, amountMinor, why: 'top-up', orderId: null }]);
  core.emit({ kind: 'consumer', consumerId });
};

const prefixes: Readonly<Record<Wallet, string>> = { wechat: '13', alipay: '28', unionpay: '62' };
const codeDigits: Readonly<Record<Wallet, number>> = { wechat: 18, alipay: 18, unionpay: 19 };

const freshCode = (core: Core, wallet: Wallet): string => {
  for (;;) {
    const code = prefixes[wallet] + digits(core, codeDigits[wallet] - 2);
    const scan = readScan(code);
    const isNew = !core.store.row('select 1 as found from codes where code = :code', { code });
    if (isNew && scan.kind === 'payment-code' && scan.wallet === wallet) return code;
  }
};

export type PaymentCode = Readonly<{ code: string; expiresAt: number }>;

/** The code of this minute; a new one when that was used. `expiresAt` is when the phone shows the next. */
export const paymentCode = (core: Core, consumerId: string, wallet: Wallet): PaymentCode => {
  const now = core.now();
  const row = core.store.row(
    `select code, issued_at from codes where consumer_id = :consumerId and wallet = :wallet and used_by is null
     and issued_at > :since order by issued_at desc limit 1`,
    { consumerId, wallet, since: now - freshMs },
  );
  if (row) return { code: textOf(row, 'code'), expiresAt: numberOf(row, 'issued_at') + freshMs };
  const code = freshCode(core, wallet);
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
  if (scan.kind !== 'payment-code' || scan.wallet !== wallet) return { kind: 'refused', reason: 'code-malformed' };
  const row = core.store.row('select * from codes where code = :code', { code });
  if (!row) return { kind: 'refused', reason: 'code-unknown' };
  if (row.used_by !== null) return { kind: 'refused', reason: 'code-used' };
  if (core.now() >= numberOf(row, 'expires_at')) return { kind: 'refused', reason: 'code-expired' };
  core.store.run('update codes set used_by = :usedBy where code = :code', { usedBy, code });
  return { kind: 'consumer', consumerId: textOf(row, 'consumer_id') };
};
