import type { FundingCard, FundingCards } from './cards.ts';

const cards: readonly FundingCard[] = [
  {
    id: 'own-debit',
    title: { zh: '沙箱储蓄卡', en: 'Sandbox debit card' },
    maskedPan: '621000******0001',
    kind: 'debit',
  },
  {
    id: 'own-poor',
    title: { zh: '余额不足的卡', en: 'Card without money' },
    maskedPan: '621000******0002',
    kind: 'debit',
  },
  {
    id: 'own-refusing',
    title: { zh: '被拒绝的卡', en: 'Card that is refused' },
    maskedPan: '621000******0003',
    kind: 'credit',
  },
];

const codes: Readonly<Record<string, string>> = { 'own-poor': '51', 'own-refusing': '05' };

/** Cards of no bank, for a sandbox that runs by itself: the first pays, one has no money, one is refused. */
export const ownCards = (): FundingCards => ({
  cards: () => Promise.resolve(cards),
  debit: ({ cardId }) => {
    const code = codes[cardId];
    return Promise.resolve(code === undefined ? { kind: 'done' } : { kind: 'refused', code });
  },
  credit: () => Promise.resolve({ kind: 'done' }),
});
