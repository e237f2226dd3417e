import { Button } from '@mantine/core';
import { Icon, languageTag, useLocale } from '@zhanggui/ui';
import { type MouseEvent, type ReactNode, useId } from 'react';
import { useT } from '../texts.ts';
import { shiftDate } from './csv-and-dates.ts';
import { dateText } from './clock-text.ts';
import { useEscape } from './keys-effect.ts';
import classes from './page.module.css';

/** A screen's head: its title left, what narrows it right. */
export const Page = ({
  title,
  note,
  tools,
  children,
}: {
  title: string;
  note?: ReactNode;
  tools?: ReactNode;
  children: ReactNode;
}) => (
  <div className={classes.page}>
    <header className={classes.head}>
      <div>
        <h1 className={classes.title}>{title}</h1>
        {note !== undefined && <div className={classes.note}>{note}</div>}
      </div>
      <div className={classes.tools}>{tools}</div>
    </header>
    {children}
  </div>
);

/** A press anywhere on the field opens the browser's calendar, not only one on its small picture. */
const openCalendar = ({ currentTarget }: MouseEvent<HTMLInputElement>): void => currentTarget.showPicker();

/** The business date a screen shows, with a step either way. */
export const DatePick = ({
  value,
  today,
  onChange,
  testId = 'date',
}: {
  value: string;
  today: string;
  onChange: (date: string | undefined) => void;
  testId?: string;
}) => {
  const t = useT();
  const { locale } = useLocale();
  return (
    <div className={classes.date}>
      <Button
        variant="default"
        aria-label={t('date.previous')}
        onClick={() => onChange(shiftDate(value, -1))}
        data-testid={`${testId}-previous`}
      >
        <Icon name="left" size="small" />
      </Button>
      <span className={classes.dateField}>
        <span aria-hidden="true">{dateText(value, languageTag[locale])}</span>
        <input
          className={classes.dateInput}
          type="date"
          aria-label={t('date.label')}
          value={value}
          max={today}
          onClick={openCalendar}
          onChange={(event) => onChange(event.currentTarget.value || undefined)}
          data-testid={testId}
        />
      </span>
      <Button
        variant="default"
        aria-label={t('date.next')}
        disabled={value >= today}
        onClick={() => onChange(shiftDate(value, 1))}
        data-testid={`${testId}-next`}
      >
        <Icon name="right" size="small" />
      </Button>
      {value < today && (
        <Button variant="subtle" onClick={() => onChange(undefined)} data-testid={`${testId}-today`}>
          {t('date.today')}
        </Button>
      )}
    </div>
  );
};

/** What one row says in full, beside the table. */
export const SidePanel = ({
  title,
  onClose,
  children,
  testId,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  testId: string;
}) => {
  const t = useT();
  const titleId = useId();
  useEscape(onClose);
  return (
    <aside className={classes.panel} data-testid={testId} aria-labelledby={titleId}>
      <header className={classes.panelHead}>
        <h2 id={titleId} className={classes.panelTitle}>
          {title}
        </h2>
        <button
          type="button"
          className={`zg-press ${classes.close}`}
          onClick={onClose}
          aria-label={t('panel.close')}
          title={t('panel.close')}
          data-testid="panel-close"
        >
          <Icon name="cross" />
        </button>
      </header>
      {children}
    </aside>
  );
};

export const WithPanel = ({ children, panel }: { children: ReactNode; panel: ReactNode }) => (
  <div className={classes.split} data-open={panel ? true : undefined}>
    <div className={classes.rows}>{children}</div>
    {panel}
  </div>
);

type Pages = Readonly<{ hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> }>;

/** The way to the rows before the last one shown, where there are any. */
export const MoreRows = ({ pages }: { pages: Pages }) => {
  const t = useT();
  if (!pages.hasNextPage) return null;
  return (
    <Button variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
      {t('table.more')}
    </Button>
  );
};
