import type { PhoneCard } from '@zhanggui/api/contract';
import { usePick } from '@zhanggui/ui';
import { useT } from '../texts.ts';

const tailDigits = 4;

/** Words for `balance` or a card's id; a card that was taken away is named as the balance it falls back to. */
export const useFundingName = (): ((cards: readonly PhoneCard[], funding: string) => string) => {
  const t = useT();
  const pick = usePick();
  return (cards, funding) => {
    const card = cards.find(({ id }) => id === funding);
    if (!card) return t('funding.balance');
    return t('funding.card', { title: pick(card.title), tail: card.maskedPan.slice(-tailDigits) });
  };
};
