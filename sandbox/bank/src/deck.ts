/** The sandbox's deck: one card for every answer a cashier should have seen once. */
import { luhnCheckDigit } from '@zhanggui/ids';
import type { SandboxBank } from './bank.ts';
import type { CardOrder } from './card.ts';
import { issueCard, type SandboxCard } from './card.ts';
import { BIN_TABLE, type CardKind } from './identity.ts';

/** Account and card as the issuer is to open them; money in minor units of CNY. Statuses are those of the issuing core. */
export type DeckCard = Readonly<{
  key: string;
  kind: CardKind;
  title: Readonly<{ zh: string; en: string }>;
  cardholder: string;
  pin: string;
  balanceMinor: bigint;
  creditLimitMinor?: bigint;
  status: 'active' | 'lost' | 'stolen' | 'blocked';
  /** Months from the minting to the last month of validity; negative: expired already. */
  expiryMonths: number;
  chip?: CardOrder['chip'];
  sm2?: CardOrder['sm2'];
  verification?: CardOrder['verification'];
}>;

const usual = { pin: '123456', status: 'active', expiryMonths: 48, balanceMinor: 0n } as const;

export const SANDBOX_CARDS: readonly DeckCard[] = [
  {
    ...usual,
    key: 'debit',
    kind: 'debit',
    title: { zh: '储蓄卡', en: 'Debit card' },
    cardholder: 'ZHANG/WEI',
    balanceMinor: 888_800n,
    chip: 'dda',
  },
  {
    ...usual,
    key: 'credit',
    kind: 'credit',
    title: { zh: '信用卡', en: 'Credit card' },
    cardholder: 'LI/NA',
    creditLimitMinor: 2_000_000n,
    chip: 'cda',
  },
  {
    ...usual,
    key: 'credit-signature',
    kind: 'credit',
    title: { zh: '签名信用卡', en: 'Credit card, signature' },
    cardholder: 'CHEN/JING',
    creditLimitMinor: 1_000_000n,
    chip: 'cda',
    verification: 'signature',
  },
  {
    ...usual,
    key: 'debit-static',
    kind: 'debit',
    title: { zh: '旧款芯片储蓄卡', en: 'Debit card, old static chip' },
    cardholder: 'WANG/LEI',
    balanceMinor: 100_000n,
    chip: 'sda',
  },
  {
    ...usual,
    key: 'debit-poor',
    kind: 'debit',
    title: { zh: '余额不足的储蓄卡', en: 'Debit card, nearly empty' },
    cardholder: 'LIU/YANG',
    balanceMinor: 500n,
    chip: 'dda',
  },
  {
    ...usual,
    key: 'debit-stripe',
    kind: 'debit',
    title: { zh: '磁条储蓄卡', en: 'Debit card, stripe only' },
    cardholder: 'ZHAO/MIN',
    balanceMinor: 300_000n,
  },
  {
    ...usual,
    key: 'debit-dead-chip',
    kind: 'debit',
    title: { zh: '芯片损坏的储蓄卡', en: 'Debit card, broken chip' },
    cardholder: 'SUN/JIE',
    balanceMinor: 300_000n,
    chip: 'dead',
  },
  {
    ...usual,
    key: 'credit-expired',
    kind: 'credit',
    title: { zh: '过期信用卡', en: 'Credit card, expired' },
    cardholder: 'ZHOU/TING',
    creditLimitMinor: 1_000_000n,
    expiryMonths: -2,
    chip: 'dda',
  },
  {
    ...usual,
    key: 'debit-lost',
    kind: 'debit',
    title: { zh: '挂失储蓄卡', en: 'Debit card, reported lost' },
    cardholder: 'WU/GANG',
    balanceMinor: 300_000n,
    status: 'lost',
    chip: 'dda',
  },
  {
    ...usual,
    key: 'credit-stolen',
    kind: 'credit',
    title: { zh: '被窃信用卡', en: 'Credit card, stolen' },
    cardholder: 'XU/HUI',
    creditLimitMinor: 1_000_000n,
    status: 'stolen',
    chip: 'dda',
  },
  {
    ...usual,
    key: 'debit-pin-blocked',
    kind: 'debit',
    title: { zh: '密码锁定的储蓄卡', en: 'Debit card, PIN blocked' },
    cardholder: 'MA/CHAO',
    balanceMinor: 300_000n,
    status: 'blocked',
    chip: 'dda',
  },
  {
    ...usual,
    key: 'debit-sm',
    kind: 'debit',
    title: { zh: '国密芯片储蓄卡', en: 'Debit card, SM2 chip' },
    cardholder: 'HE/XIN',
    balanceMinor: 300_000n,
    chip: 'cda',
    sm2: true,
  },
];

/** Issues the whole deck as of `today` (YYMMDD), in the order of `SANDBOX_CARDS`; a card's `id` is its `key`. */
export const issueDeck = (bank: SandboxBank, { today }: { today: string }): Promise<SandboxCard[]> =>
  Promise.all(
    SANDBOX_CARDS.map((card, row) =>
      issueCard(bank, {
        id: card.key,
        pan: panOf(card.kind, row + 1),
        expiry: monthsAfter(today, card.expiryMonths),
        cardholder: card.cardholder,
        kind: card.kind,
        label: card.title,
        chip: card.chip,
        sm2: card.sm2,
        verification: card.verification,
      }),
    ),
  );

/** The `serial`-th test PAN of a kind. */
export const panOf = (kind: CardKind, serial: number): string => {
  const row = BIN_TABLE.find((candidate) => candidate.kind === kind) ?? BIN_TABLE[0];
  const payload = row.bin + String(serial).padStart(row.panLength - row.bin.length - 1, '0');
  return payload + luhnCheckDigit(payload);
};

const monthsAfter = (yymmdd: string, months: number): string => {
  const count = Number(yymmdd.slice(0, 2)) * 12 + Number(yymmdd.slice(2, 4)) - 1 + months;
  return [Math.floor(count / 12), (count % 12) + 1].map((part) => String(part).padStart(2, '0')).join('');
};
