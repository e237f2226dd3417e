import type { Tender } from '@zhanggui/basket';
import type { Money } from '@zhanggui/money';
import { Amount, Icon, Keypad, moneyText, type PadLimits, pressKey } from '@zhanggui/ui';
import { Action } from '../shell/action.tsx';
import { PanelHead } from '../shell/panel-head.tsx';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import { AttemptPanel } from './attempt-panel.tsx';
import classes from './tender-panel.module.css';
import type { TenderView } from './tender-view.ts';
import { useTenderView } from './use-tender-view.ts';

const amountLimits: PadLimits = { wholeDigitsMax: 6, decimals: 2 };

const Figure = ({ label, value, testId, main }: { label: string; value: Money; testId: string; main?: boolean }) => (
  <div className={classes.figure} data-main={main || undefined}>
    <span className={classes.figureLabel}>{label}</span>
    <Amount value={value} size={main ? 'total' : 'section'} strong={main} testId={testId} />
  </div>
);

const Figures = ({ view }: { view: TenderView }) => {
  const t = useT();
  return (
    <div className={classes.figures}>
      <Figure label={t('tender.due')} value={view.due} testId="tender-due" />
      <Figure label={t('tender.paid')} value={view.paid} testId="tender-paid" />
      <Figure label={t('tender.change')} value={view.change} testId="tender-change" />
      <Figure label={t('tender.left')} value={view.left} testId="tender-left" main />
    </div>
  );
};

const TenderRow = ({ tender, index }: { tender: Tender; index: number }) => {
  const t = useT();
  const till = useTill();
  if (tender.kind === 'cash')
    return (
      <li className={classes.taken} data-testid="tender-row" data-kind="cash">
        <Icon name="cash" />
        <span className={classes.takenName}>{t('tender.cash.taken')}</span>
        <Action look="quiet" icon="undo" testId="give-back" onPress={() => void till.takeBackCash(index)}>
          {t('tender.give-back')}
        </Action>
        <Amount value={tender.received} size="line" strong />
      </li>
    );
  return (
    <li className={classes.taken} data-testid="tender-row" data-kind="card">
      <Icon name="card" />
      <span className={classes.takenName}>
        {tender.maskedPan ? t('tender.card.taken', { pan: tender.maskedPan }) : t('tender.card.taken.plain')}
      </span>
      {tender.authCode && <span className={classes.quiet}>{t('tender.auth', { code: tender.authCode })}</span>}
      <Amount value={tender.amount} size="line" strong />
    </li>
  );
};

const Notes = ({ view }: { view: TenderView }) => {
  const t = useT();
  const till = useTill();
  const padAmount = view.cash.amount.minor;
  return (
    <div className={classes.notes} role="group" aria-label={t('tender.notes')}>
      {view.notes.map((note, index) => (
        <Action
          key={String(note.minor)}
          testId={index === 0 ? 'note-exact' : `note-${note.minor}`}
          pressed={note.minor === padAmount}
          disabled={view.isLocked}
          onPress={() => till.typeAmount(note)}
        >
          <span className={classes.note}>
            <span className={classes.noteLabel}>{index === 0 ? t('tender.exact') : '\u00a0'}</span>
            <Amount value={note} size="line" strong />
          </span>
        </Action>
      ))}
    </div>
  );
};

const Received = ({ view }: { view: TenderView }) => {
  const t = useT();
  const till = useTill();
  const pad = useTillState((state) => state.pad);
  return (
    <div className={classes.received}>
      <span className={classes.quiet}>{t('tender.received')}</span>
      <span className={classes.typed} data-testid="tender-typed" data-quiet={pad === '' || undefined}>
        {pad === '' ? moneyText(view.cash.amount, { symbol: false }) : pad}
      </span>
      <button
        type="button"
        className={`zg-press ${classes.back}`}
        aria-label={t('tender.clear')}
        data-testid="tender-pad-back"
        onClick={() => till.setPad(pressKey(pad, 'back', amountLimits))}
      >
        <Icon name="backspace" />
      </button>
    </div>
  );
};

const cardReasons = {
  none: 'tender.card.none',
  offline: 'tender.card.offline',
  exceeds: 'tender.card.exceeds',
  locked: 'attempt.locked',
} as const;

const CardKey = ({ view }: { view: TenderView }) => {
  const t = useT();
  const till = useTill();
  const { card } = view;
  return (
    <button
      type="button"
      className={`zg-press ${classes.card}`}
      data-testid="pay-card"
      disabled={card.refusal !== undefined}
      onClick={(event) => {
        if (event.detail > 0) event.currentTarget.blur();
        void till.payCard(card.amount);
      }}
    >
      <Icon name="card" size="large" />
      <span className={classes.cardTitle}>{t('tender.card', { amount: moneyText(card.amount) })}</span>
      <span className={classes.cardHint}>
        {card.refusal !== undefined && t(cardReasons[card.refusal])}
        {card.refusal === undefined &&
          (card.isPart ? t('tender.card.part', { amount: moneyText(card.leftAfter) }) : t('tender.card.hint'))}
      </span>
    </button>
  );
};

const Ways = ({ view }: { view: TenderView }) => {
  const t = useT();
  const till = useTill();
  const pad = useTillState((state) => state.pad);
  return (
    <div className={classes.ways}>
      <div className={classes.cash}>
        <Notes view={view} />
        <Received view={view} />
        <Keypad
          layout="amount"
          testId="tender-pad"
          disabled={view.isLocked}
          onKey={(key) => till.setPad(pressKey(pad, key, amountLimits))}
        />
      </div>
      <div className={classes.other}>
        <CardKey view={view} />
        <p className={classes.rounding} data-testid="tender-rounding">
          {view.rounding.minor !== 0n && t('tender.rounding', { amount: moneyText(view.rounding, { plus: true }) })}
        </p>
      </div>
    </div>
  );
};

/** Payment: four figures in fixed places, cash at the left, card at the right, and where the card stands. */
export const TenderPanel = () => {
  const t = useT();
  const till = useTill();
  const view = useTenderView();
  if (!view) return null;
  const canLeave = !view.isLocked && view.tenders.length === 0;
  return (
    <section className={classes.panel} data-testid="tender-panel">
      <PanelHead
        title={t('tender.title')}
        back={canLeave ? t('tender.back') : undefined}
        onBack={canLeave ? () => till.showGoods() : undefined}
      />
      <div className={classes.body}>
        <Figures view={view} />
        {view.tenders.length > 0 && (
          <ul className={classes.tenders}>
            {view.tenders.map((tender, index) => (
              <TenderRow
                key={tender.kind === 'card' ? tender.requestId : `cash-${index}`}
                tender={tender}
                index={index}
              />
            ))}
          </ul>
        )}
        {view.attempt && <AttemptPanel attempt={view.attempt} />}
        {!view.isLocked && !view.isFree && <Ways view={view} />}
      </div>
    </section>
  );
};
