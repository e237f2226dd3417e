import { parseMoney } from '@zhanggui/money';
import type { TerminalView } from '@zhanggui/terminal';
import { moneyText, QrCode, SandboxStripe, Status, type StatusRole, usePick } from '@zhanggui/ui';
import { useWire } from '../face-context.ts';
import type { LineState } from '../ports.ts';
import { useT } from '../texts.ts';
import { Choices } from './choices.tsx';
import { Countdown } from './countdown.tsx';
import classes from './display.module.css';
import { EntryLine, PinDots } from './entry.tsx';
import { Picture } from './picture.tsx';
import { ReversalNotice, StatusBar } from './status-bar.tsx';

export type DisplayProps = {
  readonly view: TerminalView;
  readonly line: LineState;
  readonly onPaper: () => void;
  readonly onTray: () => void;
  readonly onFaults: () => void;
};

/** The lit display: status on top, the amount below it, then one question or one message. */
export const Display = ({ view, line, onPaper, onTray, onFaults }: DisplayProps) => {
  const t = useT();
  return (
    <section className={classes.display} data-testid="display" data-screen={view.screen} data-tone={view.tone}>
      {view.sandbox && <SandboxStripe />}
      <StatusBar view={view} onPaper={onPaper} onTray={onTray} onFaults={onFaults} />
      <ReversalNotice count={view.reversalPending} />
      <Heading view={view} />
      <Body view={view} />
      <Other view={view} />
      <Countdown deadline={view.deadline} now={view.now} />
      {line === 'lost' && (
        <div className={classes.lost} role="status" data-testid="line-lost">
          {t('line.lost')}
        </div>
      )}
    </section>
  );
};

/** What it is and how much: the same place on every screen of a payment. At rest, whose terminal it is. */
const Heading = ({ view }: { view: TerminalView }) => {
  const pick = usePick();
  if (view.screen === 'idle') {
    return (
      <header className={classes.heading}>
        <span className={classes.merchant}>{pick(view.merchantName)}</span>
      </header>
    );
  }
  if (!view.title && view.amount === undefined) return null;
  return (
    <header className={classes.heading}>
      {view.title && <span className={classes.title}>{pick(view.title)}</span>}
      {view.amount !== undefined && (
        <span className={classes.amount} data-testid="amount" data-long={view.amount.length > 9 || undefined}>
          {amountText(view)}
        </span>
      )}
    </header>
  );
};

const amountText = ({ amount = '', currency }: TerminalView): string => {
  const value = parseMoney(amount, currency);
  return value ? moneyText(value) : amount;
};

const Body = ({ view }: { view: TerminalView }) => {
  if (view.choices) return <ChoiceBody view={view} />;
  return (
    <div className={classes.body}>
      {view.qr !== undefined && <Code text={view.qr} />}
      {view.qr === undefined && view.pinDigits === undefined && !view.entry && <Picture view={view} />}
      <Words view={view} />
      {view.pinDigits !== undefined && <PinDots count={view.pinDigits} />}
      {view.entry && <EntryLine entry={view.entry} />}
    </div>
  );
};

/** The customer's phone reads it off the glass: nothing else is as large. */
const Code = ({ text }: { text: string }) => {
  const t = useT();
  return (
    <div className={classes.code}>
      <QrCode text={text} label={t('qr.label')} testId="qr" />
    </div>
  );
};

/** The second way on, as a key on the glass; the menu key does the same. */
const Other = ({ view: { other } }: { view: TerminalView }) => {
  const wire = useWire();
  const pick = usePick();
  if (!other) return null;
  return (
    <button
      type="button"
      className={`zg-press ${classes.other}`}
      data-testid="other"
      onClick={() => wire.send({ kind: 'choose', item: other.item })}
    >
      {pick(other.label)}
    </button>
  );
};

const ChoiceBody = ({ view }: { view: TerminalView }) => {
  const pick = usePick();
  return (
    <div className={classes.body} data-choices="true">
      <p className={classes.choiceTitle} data-testid="message">
        {pick(view.message)}
      </p>
      <Choices choices={view.choices ?? []} selected={view.selected} />
    </div>
  );
};

/** While the card is taken out the detail says how the payment ended, and looks like that end. */
const Detail = ({ view, text }: { view: TerminalView; text: string }) => {
  const role = endings[view.tone];
  return view.screen === 'remove-card' && role ? <Status role={role} label={text} /> : text;
};

const endings: Partial<Record<TerminalView['tone'], StatusRole>> = {
  approved: 'ok',
  declined: 'danger',
  unknown: 'unknown',
};

const Words = ({ view }: { view: TerminalView }) => {
  const pick = usePick();
  return (
    <div className={classes.words} role="status" aria-live="polite">
      <p className={classes.message} data-testid="message">
        {pick(view.message)}
      </p>
      {view.detail && (
        <p className={classes.detail} data-testid="detail">
          <Detail view={view} text={pick(view.detail)} />
        </p>
      )}
    </div>
  );
};
