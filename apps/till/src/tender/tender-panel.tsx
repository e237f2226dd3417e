import { type Tender, tenderAmount } from '@zhanggui/basket';
import type { Money } from '@zhanggui/money';
import { Amount, Icon, Keypad, moneyText, type PadLimits } from '@zhanggui/ui';
import { Action } from '../shell/action.tsx';
import { PanelHead } from '../shell/panel-head.tsx';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import { AttemptPanel } from './attempt-panel.tsx';
import { PhonePanel } from './phone-panel.tsx';
import classes from './tender-panel.module.css';
import type { TenderView } from './tender-view.ts';
import { useTenderView } from './use-tender-view.ts';

const amountLimits: PadLimits = { wholeDigitsMax: 6, decimals: 2 };

const Figure = ({ label, value, testId, main }: { label: string; value: Money; testId: string; main?: boolean }) => (
  <div className={classes.figure} data-main={main || undefined}>
    <span className={classes.quiet}>{label}</span>
    <Amount value={value} size={main ? 'total' : 'section'} strong={main} testId={testId} />
  </div>
);

const Figures = ({ view }: { view: TenderView }) => {
  const t = useT();
  return (
    <div className={classes.figures}>
      <Figure label={t('tender.due')} value={view.due} testId="tender-due" />
      <Figure label={t('tender.paid')} value={view.paid} testId="tender-paid" />
      <Figure label={t('tender.left')} value={view.left} testId="tender-left" main />
    </div>
  );
};

const takenName = (tender: Tender, t: ReturnType<typeof useT>): string => {
  switch (tender.kind) {
    case 'cash':
      return t('tender.cash.taken');
    case 'card':
      return tender.maskedPan ? t('tender.card.taken', { pan: tender.maskedPan }) : t('tender.card.taken.plain');
    case 'wallet':
      return t(`wallet.${tender.wallet}`);
  }
};

const TenderRow = ({ tender, index, locked }: { tender: Tender; index: number; locked: boolean }) => {
  const t = useT();
  const till = useTill();
  const isCash = tender.kind === 'cash';
  return (
    <li className={classes.taken} data-testid="tender-row" data-kind={tender.kind}>
      <Icon name={tender.kind === 'wallet' ? 'phone' : tender.kind} />
      <span className={classes.takenName}>{takenName(tender, t)}</span>
      {tender.kind === 'card' && tender.authCode && (
        <span className={classes.quiet}>{t('tender.auth', { code: tender.authCode })}</span>
      )}
      {isCash && (
        <Action
          look="quiet"
          icon="undo"
          testId="give-back"
          disabled={locked}
          onPress={() => void till.takeBackCash(index)}
        >
          {t('tender.give-back')}
        </Action>
      )}
      <Amount value={tenderAmount(tender)} size="line" strong />
    </li>
  );
};

const Notes = ({ view }: { view: TenderView }) => {
  const t = useT();
  const till = useTill();
  const given = view.cash.amount.minor;
  return (
    <div className={classes.notes} role="group" aria-label={t('tender.notes')}>
      {view.notes.map((note, index) => (
        <Action
          key={String(note.minor)}
          testId={index === 0 ? 'note-exact' : `note-${note.minor}`}
          pressed={note.minor === given && !view.isLocked}
          disabled={view.isLocked}
          onPress={() => till.typeAmount(note)}
        >
          <span className={classes.note}>
            {index === 0 && <span className={classes.noteLabel}>{t('tender.exact')}</span>}
            <Amount value={note} strong />
          </span>
        </Action>
      ))}
    </div>
  );
};

const Cash = ({ view }: { view: TenderView }) => {
  const t = useT();
  const till = useTill();
  const pad = useTillState((state) => state.pad);
  return (
    <div className={classes.cash}>
      <Notes view={view} />
      <div className={classes.received} data-locked={view.isLocked || undefined}>
        <span className={classes.quiet}>{t('tender.received')}</span>
        <span className={classes.typed} data-testid="tender-typed" data-quiet={pad === '' || undefined}>
          {pad === '' ? moneyText(view.cash.amount, { symbol: false }) : pad}
        </span>
        <button
          type="button"
          className={`zg-press ${classes.back}`}
          aria-label={t('tender.clear')}
          data-testid="tender-pad-back"
          disabled={view.isLocked || pad === ''}
          onClick={() => till.pressPad('back', amountLimits)}
        >
          <Icon name="backspace" />
        </button>
      </div>
      <Keypad
        layout="amount"
        testId="tender-pad"
        disabled={view.isLocked}
        onKey={(key) => till.pressPad(key, amountLimits)}
      />
    </div>
  );
};

const refusals = {
  card: { none: 'tender.card.none', offline: 'tender.card.offline' },
  phone: { none: 'tender.phone.none', offline: 'tender.phone.offline' },
} as const;

type CashlessWay = keyof typeof refusals;

/** One big key for a way to pay without cash: what it takes, or why it cannot. */
const CashlessKey = ({ view, way, onPress }: { view: TenderView; way: CashlessWay; onPress: () => void }) => {
  const t = useT();
  const { amount, isPart, leftAfter, refusal } = view[way];
  return (
    <button
      type="button"
      className={`zg-press ${classes.card}`}
      data-testid={`pay-${way}`}
      disabled={refusal !== undefined}
      onClick={(event) => {
        if (event.detail > 0) event.currentTarget.blur();
        onPress();
      }}
    >
      <Icon name={way} size="large" />
      <span className={classes.cardTitle}>{t(`tender.${way}`, { amount: moneyText(amount) })}</span>
      <span className={classes.cardHint}>
        {refusal !== undefined && t(refusals[way][refusal])}
        {refusal === undefined &&
          (isPart ? t('tender.card.part', { amount: moneyText(leftAfter) }) : t(`tender.${way}.hint`))}
      </span>
    </button>
  );
};

const CashlessKeys = ({ view }: { view: TenderView }) => {
  const till = useTill();
  return (
    <div className={classes.keys}>
      <CashlessKey view={view} way="phone" onPress={() => till.chooseWay('phone')} />
      <CashlessKey view={view} way="card" onPress={() => void till.payCard(view.card.amount)} />
    </div>
  );
};

const Change = ({ view }: { view: TenderView }) => {
  const t = useT();
  return (
    <div className={classes.change}>
      <span className={classes.quiet}>{t('tender.change')}</span>
      <Amount
        value={view.change}
        size="change"
        strong={view.change.minor > 0n}
        quiet={view.change.minor === 0n}
        testId="tender-change"
      />
      <span className={classes.rounding} data-testid="tender-rounding">
        {view.rounding.minor !== 0n && t('tender.rounding', { amount: moneyText(view.rounding, { plus: true }) })}
      </span>
    </div>
  );
};

const AllWays = ({ view }: { view: TenderView }) => (
  <div className={classes.ways} data-locked={view.isLocked || undefined}>
    <Cash view={view} />
    <div className={classes.other}>
      {view.attempt ? <AttemptPanel attempt={view.attempt} /> : <CashlessKeys view={view} />}
      <Change view={view} />
    </div>
  </div>
);

/** Payment: cash at the left, phone and card at the right; whatever happens to the card is said where its key was. */
export const TenderPanel = () => {
  const t = useT();
  const till = useTill();
  const view = useTenderView();
  const way = useTillState((state) => state.way);
  if (!view) return null;
  const isPhone = view.attempt ? view.attempt.kind === 'wallet' : way === 'phone';
  const canLeave = !view.isLocked && view.tenders.length === 0;
  const back = isPhone && !view.attempt ? 'phone.back' : canLeave ? 'tender.back' : undefined;
  return (
    <section className={classes.panel} data-testid="tender-panel">
      <PanelHead
        title={t('tender.title')}
        back={back && t(back)}
        onBack={() => (back === 'phone.back' ? till.chooseWay('any') : till.showGoods())}
      />
      <div className={classes.body}>
        <Figures view={view} />
        {isPhone ? <PhonePanel view={view} /> : <AllWays view={view} />}
        <ul className={classes.tenders}>
          {view.tenders.map((tender, index) => (
            <TenderRow
              key={tender.kind === 'cash' ? `cash-${index}` : tender.requestId}
              tender={tender}
              index={index}
              locked={view.isLocked}
            />
          ))}
        </ul>
      </div>
    </section>
  );
};
