import type { SandboxCardView } from '@zhanggui/api/contract';
import { moneyOfMinor, moneyText, usePick } from '@zhanggui/ui';
import { useT } from '../texts.ts';
import classes from './card-art.module.css';

export type CardArtProps = {
  readonly card: SandboxCardView;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
};

/** A test card as it lies on the counter: what it is good for, and everything a tester needs written on it. */
export const CardArt = ({ card, isChosen, onChoose }: CardArtProps) => {
  const t = useT();
  const pick = usePick();
  return (
    <button
      type="button"
      role="radio"
      aria-checked={isChosen}
      className={`zg-press ${classes.card}`}
      data-testid={`card-${card.id}`}
      data-kind={card.kind}
      data-chosen={isChosen || undefined}
      onClick={onChoose}
    >
      <span className={classes.head}>
        <span className={classes.title}>{pick(card.title)}</span>
        <span className={classes.kind}>{t(card.kind === 'debit' ? 'card.debit' : 'card.credit')}</span>
      </span>
      <span className={classes.number}>
        {card.chip ? (
          <span className={classes.chip} aria-hidden="true" />
        ) : (
          <span className={classes.stripe}>{t('card.stripe-only')}</span>
        )}
        {card.maskedPan}
      </span>
      <span className={classes.foot}>
        <span>{t('card.pin', { pin: card.pin })}</span>
        <Available card={card} />
      </span>
    </button>
  );
};

const Available = ({ card }: { card: SandboxCardView }) => {
  const t = useT();
  if (card.availableMinor === undefined) {
    return <span>{t('card.expiry', { month: card.expiry.slice(2), year: card.expiry.slice(0, 2) })}</span>;
  }
  return <span>{t('card.available', { amount: moneyText(moneyOfMinor(card.availableMinor)) })}</span>;
};
