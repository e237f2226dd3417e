import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Today } from '@zhanggui/api/contract';
import { DataTable, languageTag, Status, StatusPanel, useLocale, usePick } from '@zhanggui/ui';
import { lazy, Suspense, useState } from 'react';
import { office } from '../api.ts';
import { Waiting, WentWrong } from '../shell/answer.tsx';
import { dateText } from '../shell/clock-text.ts';
import { ExportButton } from '../shell/export-button.tsx';
import { DatePick, Page } from '../shell/page.tsx';
import { useT } from '../texts.ts';
import classes from './today.module.css';
import { type Headline, headlines, isEmptyDay, type PictureRow, pictures, type ReportPicture } from './today-view.ts';

const BarPicture = lazy(() => import('./bar-picture.tsx').then((module) => ({ default: module.BarPicture })));

const arrows = { up: '▲', down: '▼' } as const;

const Figure = ({ headline }: { headline: Headline }) => {
  const t = useT();
  return (
    <div className={classes.figure} data-testid={`headline-${headline.key}`}>
      <div className={classes.figureName}>{t(`today.${headline.key}`)}</div>
      <div className={classes.figureValue}>{headline.value}</div>
      <div className={classes.difference} data-trend={headline.trend}>
        {headline.trend !== 'level' && <span aria-hidden="true">{arrows[headline.trend]}</span>}
        {t('today.difference', { value: headline.difference })}
      </div>
      {headline.toNow !== undefined && (
        <div className={classes.figureNote}>{t('today.lastWeekToNow', { value: headline.toNow })}</div>
      )}
      <div className={classes.figureNote}>{t('today.lastWeek', { value: headline.whole })}</div>
    </div>
  );
};

const ReportTable = ({ picture }: { picture: ReportPicture }) => {
  const t = useT();
  const pick = usePick();
  return (
    <DataTable<PictureRow>
      dense
      caption={t(`today.${picture.key}`)}
      testId={`table-${picture.key}`}
      rows={picture.rows}
      rowKey={(row) => row.key}
      empty={t('today.empty')}
      columns={[
        { key: 'name', title: t('table.name'), cell: (row) => pick(row.name) },
        { key: 'count', title: t('table.count'), align: 'right', cell: (row) => row.count },
        { key: 'amount', title: t('table.amount'), align: 'right', cell: (row) => row.amount },
        { key: 'lastWeek', title: t('table.lastWeek'), align: 'right', cell: (row) => row.lastWeek },
      ]}
    />
  );
};

const Report = ({ picture, date }: { picture: ReportPicture; date: string }) => {
  const t = useT();
  const pick = usePick();
  const [asTable, setAsTable] = useState(false);
  const sheet = () => ({
    header: [t('table.name'), t('table.count'), t('table.amount'), t('table.lastWeek')],
    rows: picture.rows.map((row) => [
      pick(row.name),
      String(row.count),
      row.amount.replaceAll(',', ''),
      row.lastWeek.replaceAll(',', ''),
    ]),
  });
  return (
    <section className={classes.report} data-place={picture.key} data-testid={`report-${picture.key}`}>
      <header className={classes.reportHead}>
        <h2 className={classes.reportTitle}>
          {t(`today.${picture.key}`)} <span className={classes.unit}>{t('today.unit')}</span>
        </h2>
        <div className={classes.reportTools}>
          <Button
            variant="subtle"
            size="compact-sm"
            className={classes.reportTool}
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
            data-testid={`toggle-${picture.key}`}
          >
            {asTable ? t('today.showPicture') : t('today.showTable')}
          </Button>
          <ExportButton name={`${date}-${picture.key}.csv`} sheet={sheet} testId={`export-${picture.key}`} />
        </div>
      </header>
      {asTable || picture.rows.length === 0 ? (
        <ReportTable picture={picture} />
      ) : (
        <Suspense fallback={<Waiting />}>
          <BarPicture picture={picture} />
        </Suspense>
      )}
    </section>
  );
};

const Note = ({ today, stale }: { today: Today; stale: boolean }) => {
  const t = useT();
  const { locale } = useLocale();
  const time = new Intl.DateTimeFormat(languageTag[locale], {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone: 'Asia/Shanghai',
  }).format(today.asOf);
  return (
    <span className={classes.note}>
      <span>{t('today.compared', { date: dateText(today.comparedWith, languageTag[locale]) })}</span>
      <span>{t('today.asOf', { time })}</span>
      {stale && <Status role="offline" label={t('load.failed')} look="plain" />}
    </span>
  );
};

/** The day as pictures, each with its table one tap away and an export beside it. */
export const TodayScreen = () => {
  const t = useT();
  const { date } = useSearch({ from: '/today' });
  const navigate = useNavigate({ from: '/today' });
  const session = useQuery({ queryKey: ['session'], queryFn: office.session });
  const answer = useQuery({
    queryKey: ['today', date],
    queryFn: () => office.today(date),
    refetchInterval: 10_000,
    placeholderData: (old) => old,
  });
  if (answer.isPending) return <Waiting />;
  if (!answer.data) return <WentWrong error={answer.error} onAgain={() => void answer.refetch()} />;
  const today = answer.data;
  return (
    <Page
      title={t('today.title')}
      note={<Note today={today} stale={answer.isError} />}
      tools={
        <DatePick
          value={today.date}
          today={session.data?.businessDate ?? today.date}
          onChange={(chosen) => void navigate({ search: { date: chosen } })}
        />
      }
    >
      <div className={classes.figures}>
        {headlines(today).map((headline) => (
          <Figure key={headline.key} headline={headline} />
        ))}
      </div>
      {isEmptyDay(today) ? (
        <StatusPanel
          role="info"
          icon="receipt"
          title={t('today.nothing')}
          detail={t('today.empty')}
          testId="today-empty"
        />
      ) : (
        <div className={classes.reports}>
          {pictures(today).map((picture) => (
            <Report key={picture.key} picture={picture} date={today.date} />
          ))}
        </div>
      )}
    </Page>
  );
};
