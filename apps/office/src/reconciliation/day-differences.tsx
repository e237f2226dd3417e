import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Difference, DifferenceKind, Reconciliation, Wallet } from '@zhanggui/api/contract';
import { DataTable, languageTag, Status, useLocale } from '@zhanggui/ui';
import { office } from '../api.ts';
import { Waiting, WentWrong } from '../shell/answer.tsx';
import { dateText, stampText } from '../shell/clock-text.ts';
import { csvNumber } from '../shell/csv-and-dates.ts';
import { everyPage } from '../shell/every-page.ts';
import { ExportButton } from '../shell/export-button.tsx';
import { MoreRows, WithPanel } from '../shell/page.tsx';
import { useT } from '../texts.ts';
import { DifferencePanel } from './difference-panel.tsx';
import classes from './reconciliation.module.css';
import {
  differenceState,
  gapText,
  inOrder,
  kinds,
  type Narrowing,
  sideText,
  stateLook,
} from './reconciliation-view.ts';

type Day = Readonly<{ wallet: Wallet; date: string }>;

/** Beside an open panel only what tells one difference from another; the panel shows both sides. */
const besidePanel = new Set(['kind', 'line', 'gap', 'state']);

const useColumns = (isPanelOpen: boolean) => {
  const t = useT();
  const side = (key: string, title: string, of: (row: Difference) => string | undefined) => ({
    key,
    title,
    align: 'right' as const,
    cell: (row: Difference) => of(row) ?? <span className={classes.quiet}>{t('difference.absent')}</span>,
  });
  const all = [
    { key: 'kind', title: t('difference.kind'), cell: (row: Difference) => t(`difference.kind.${row.kind}`) },
    { key: 'line', title: t('difference.line'), cell: (row: Difference) => t(`difference.line.${row.line}`) },
    side('ours', t('difference.ours'), ({ here }) => sideText(here, 'amountMinor')),
    side('theirs', t('difference.theirs'), ({ there }) => sideText(there, 'amountMinor')),
    side('ourFee', t('difference.ourFee'), ({ here }) => sideText(here, 'feeMinor')),
    side('theirFee', t('difference.theirFee'), ({ there }) => sideText(there, 'feeMinor')),
    {
      key: 'gap',
      title: t('difference.gap'),
      align: 'right' as const,
      cell: (row: Difference) => gapText(row),
    },
    {
      key: 'state',
      title: t('difference.state'),
      cell: (row: Difference) => {
        const state = differenceState(row);
        return <Status {...stateLook[state]} label={t(`difference.state.${state}`)} />;
      },
    },
    {
      key: 'order',
      title: t('qr.order'),
      cell: (row: Difference) => <span className={classes.code}>{row.outTradeNo}</span>,
    },
  ];
  return isPanelOpen ? all.filter(({ key }) => besidePanel.has(key)) : all;
};

/** All differences of the day, whatever is shown, with what was done about each. */
const Export = ({ day }: { day: Day }) => {
  const t = useT();
  const sheet = async () => {
    const pages = await everyPage((before) => office.differences({ ...day, before }));
    const rows = inOrder(
      pages.flatMap(({ differences }) => differences),
      {},
    );
    return {
      header: [
        t('difference.kind'),
        t('difference.line'),
        t('qr.order'),
        t('refund.number'),
        t('difference.ours'),
        t('difference.theirs'),
        t('difference.ourFee'),
        t('difference.theirFee'),
        t('difference.state'),
        t('difference.note'),
      ],
      rows: rows.map((row) => [
        t(`difference.kind.${row.kind}`),
        t(`difference.line.${row.line}`),
        csvNumber(row.outTradeNo),
        csvNumber(row.outRefundNo),
        ...[
          sideText(row.here, 'amountMinor'),
          sideText(row.there, 'amountMinor'),
          sideText(row.here, 'feeMinor'),
          sideText(row.there, 'feeMinor'),
        ].map((figure) => figure?.replaceAll(',', '').replace('\u2212', '-') ?? ''),
        t(`difference.state.${differenceState(row)}`),
        [row.note, row.by, row.settledAt && stampText(row.settledAt)].filter(Boolean).join(' · '),
      ]),
    };
  };
  return <ExportButton name={`${day.date}-${day.wallet}-differences.csv`} sheet={sheet} testId="export-differences" />;
};

const Kinds = ({
  bill,
  kind,
  onlyOpen,
  onNarrow,
}: Narrowing & { bill: Reconciliation | undefined; onNarrow: (next: Narrowing) => void }) => {
  const t = useT();
  const counted = (name: DifferenceKind): string =>
    bill
      ? t('difference.withCount', { kind: t(`difference.kind.${name}`), n: bill.differences[name] })
      : t(`difference.kind.${name}`);
  const choices = [
    { kind: undefined, text: t('difference.kinds') },
    ...kinds.map((name) => ({ kind: name, text: counted(name) })),
  ];
  return (
    <div className={classes.kinds}>
      {choices.map((choice) => (
        <Button
          key={choice.kind ?? 'all'}
          variant={choice.kind === kind ? 'light' : 'default'}
          aria-pressed={choice.kind === kind}
          onClick={() => onNarrow({ kind: choice.kind, onlyOpen })}
          data-testid={`kind-${choice.kind ?? 'all'}`}
        >
          {choice.text}
        </Button>
      ))}
      <label className={classes.only}>
        <input
          type="checkbox"
          checked={onlyOpen ?? false}
          onChange={(event) => onNarrow({ kind, onlyOpen: event.currentTarget.checked })}
          data-testid="only-open"
        />
        {t('difference.onlyOpen')}
      </label>
    </div>
  );
};

const useDifferences = (day: Day) =>
  useInfiniteQuery({
    queryKey: ['differences', day],
    queryFn: ({ pageParam }) => office.differences({ ...day, before: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** What differs in one bill, by kind; each opens beside the table to be worked off. */
export const DayDifferences = ({ day, bill }: { day: Day; bill: Reconciliation | undefined }) => {
  const t = useT();
  const { locale } = useLocale();
  const { kind, only, open } = useSearch({ from: '/reconciliation' });
  const navigate = useNavigate({ from: '/reconciliation' });
  const pages = useDifferences(day);
  const columns = useColumns(open !== undefined);
  if (pages.isPending) return <Waiting />;
  if (!pages.data) return <WentWrong error={pages.error} onAgain={() => void pages.refetch()} />;
  const all = pages.data.pages.flatMap((page) => page.differences);
  const onlyOpen = only === 'open';
  const narrow = (next: Narrowing) =>
    void navigate({
      search: (old) => ({ ...old, kind: next.kind, only: next.onlyOpen ? ('open' as const) : undefined }),
      replace: true,
    });
  const show = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, open: id }) });
  const title = t('difference.title', {
    wallet: t(`tender.${day.wallet}`),
    date: dateText(day.date, languageTag[locale]),
  });
  return (
    <section className={classes.day}>
      <header className={classes.dayHead}>
        <h2 className={classes.dayTitle}>{title}</h2>
        {all.length > 0 && <Export day={day} />}
      </header>
      {all.length > 0 && <Kinds bill={bill} kind={kind} onlyOpen={onlyOpen} onNarrow={narrow} />}
      <WithPanel
        panel={
          open && (
            <DifferencePanel
              key={open}
              difference={all.find((difference) => difference.id === open)}
              onClose={() => show(undefined)}
            />
          )
        }
      >
        <DataTable
          caption={title}
          testId="differences"
          rows={inOrder(all, { kind, onlyOpen })}
          rowKey={(row) => row.id}
          selectedKey={open}
          onRow={(row) => show(row.id)}
          empty={t(all.length === 0 ? 'difference.empty' : 'difference.emptyFiltered')}
          columns={columns}
        />
        <MoreRows pages={pages} />
      </WithPanel>
    </section>
  );
};
