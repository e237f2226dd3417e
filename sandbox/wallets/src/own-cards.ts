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
];

/** Cards of no bank, for a sandbox that runs by itself: the first always pays, the second never. */
export const ownCards = (): FundingCards => ({
  cards: () => Promise.resolve(cards),
  debit: ({ cardId }) => Promise.resolve(cardId === 'own-debit' ? { kind: 'done' } : { kind: 'refused', code: '51' }),
  credit: () => Promise.resolve({ kind: 'done' }),
});
