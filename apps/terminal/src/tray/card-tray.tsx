import type { SandboxCardView } from '@zhanggui/api/contract';
import type { TerminalView } from '@zhanggui/terminal';
import { Status, usePick } from '@zhanggui/ui';
import { useState } from 'react';
import { useFaceState, useWire } from '../face-context.ts';
import { useT } from '../texts.ts';
import { CardArt } from './card-art.tsx';
import classes from './card-tray.module.css';
import { useCards } from './cards-effect.ts';
import { CustomerPhone } from './customer-phone.tsx';

export type CardTrayProps = { readonly view: TerminalView; readonly onActed?: () => void };

/** The test cards on the counter: take one, then insert or swipe it. */
export const CardTray = ({ view, onActed }: CardTrayProps) => {
  const t = useT();
  const { cards, isFailed, reload } = useCards(view.screen);
  const [chosenId, setChosenId] = useState<string>();
  const chosen = cards.find(({ id }) => id === chosenId) ?? cards[0];
  if (isFailed && cards.length === 0) {
    return (
      <div className={classes.failed}>
        <Status role="danger" label={t('cards.failed')} testId="cards-failed" />
        <button type="button" className={`zg-press ${classes.act}`} data-testid="cards-retry" onClick={reload}>
          {t('cards.retry')}
        </button>
      </div>
    );
  }
  return (
    <section className={classes.tray} aria-label={t('page.cards')} data-testid="card-tray">
      <CardActs card={chosen} view={view} onActed={onActed} />
      <CustomerPhone view={view} onActed={onActed} />
      <div className={classes.deck} role="radiogroup" aria-label={t('page.cards')}>
        {cards.map((card) => (
          <CardArt key={card.id} card={card} isChosen={card.id === chosen?.id} onChoose={() => setChosenId(card.id)} />
        ))}
      </div>
    </section>
  );
};

type CardActsProps = { card: SandboxCardView | undefined; view: TerminalView; onActed: (() => void) | undefined };

/** What a hand can do with the chosen card now, and why not. */
const CardActs = ({ card, view, onActed }: CardActsProps) => {
  const wire = useWire();
  const t = useT();
  const pick = usePick();
  const { refusal } = useFaceState();
  const act = (command: Parameters<typeof wire.send>[0]) => () => {
    wire.send(command);
    onActed?.();
  };
  const cannotInsert = view.cardInSlot ? t('card.slot-full') : card?.chip === false ? t('card.no-chip') : undefined;
  const id = card?.id ?? '';
  return (
    <div className={classes.acts}>
      <div className={classes.row}>
        <button
          type="button"
          className={`zg-press ${classes.act}`}
          data-testid="card-insert"
          data-main={!view.cardInSlot || undefined}
          disabled={!card || cannotInsert !== undefined}
          onClick={act({ kind: 'insert', cardId: id })}
        >
          {t('card.insert')}
        </button>
        <button
          type="button"
          className={`zg-press ${classes.act}`}
          data-testid="card-swipe"
          disabled={!card}
          onClick={act({ kind: 'swipe', cardId: id })}
        >
          {t('card.swipe')}
        </button>
        <button
          type="button"
          className={`zg-press ${classes.act}`}
          data-testid="card-remove"
          data-main={view.cardInSlot || undefined}
          disabled={!view.cardInSlot}
          onClick={act({ kind: 'remove-card' })}
        >
          {t('card.remove')}
        </button>
      </div>
      <p className={classes.hint} data-testid="card-hint">
        {refusal ? pick(refusal) : (cannotInsert ?? t('card.choose'))}
      </p>
    </div>
  );
};
