import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Icon, StatusPanel } from '@zhanggui/ui';
import { office } from '../api.ts';
import { Waiting, WentWrong } from '../shell/answer.tsx';
import { shiftDate } from '../shell/csv-and-dates.ts';
import { MoreRows, Page } from '../shell/page.tsx';
import { useT } from '../texts.ts';
import { BillTable } from './bill-table.tsx';
import { DayDifferences } from './day-differences.tsx';
import { ReconcileFailure, ReconcileForm, useReconcile } from './reconcile-form.tsx';
import { dayKey, dayOfKey } from './reconciliation-view.ts';

const useBills = () =>
  useInfiniteQuery({
    queryKey: ['reconciliations'],
    queryFn: ({ pageParam }) => office.reconciliations({ before: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** The wallets' bills beside our books: each day that was compared, and in a day what differs. */
export const ReconciliationScreen = () => {
  const t = useT();
  const search = useSearch({ from: '/reconciliation' });
  const navigate = useNavigate({ from: '/reconciliation' });
  const session = useQuery({ queryKey: ['session'], queryFn: office.session });
  const pages = useBills();
  // The form follows the bill that is opened, so that its button compares what is seen.
  const showDay = (day: string | undefined) =>
    void navigate({
      search: ({ wallet, date }) => ({ wallet, date, ...(day === undefined ? {} : dayOfKey(day)), day }),
    });
  const reconcile = useReconcile((done) => showDay(dayKey(done)));
  const today = session.data?.businessDate ?? '';
  if (pages.isPending || today === '') return <Waiting />;
  if (!pages.data) return <WentWrong error={pages.error} onAgain={() => void pages.refetch()} />;
  const bills = pages.data.pages.flatMap((page) => page.reconciliations);
  const wallets = pages.data.pages[0]?.wallets ?? [];
  const opened = search.day === undefined ? undefined : dayOfKey(search.day);
  const wallet = search.wallet ?? opened?.wallet ?? wallets[0];
  if (!wallet) return <StatusPanel role="info" icon="balance" title={t('bill.noWallets')} />;
  return (
    <Page
      title={t('bill.title')}
      note={t('bill.note')}
      tools={
        <ReconcileForm
          wallets={wallets}
          // A day's bill is out on the day after.
          chosen={{ wallet, date: search.date ?? opened?.date ?? shiftDate(today, -1) }}
          today={today}
          busy={reconcile.isPending}
          onChoose={(chosen) => void navigate({ search: (old) => ({ ...old, ...chosen }), replace: true })}
          onRun={reconcile.mutate}
        />
      }
    >
      {reconcile.error && <ReconcileFailure error={reconcile.error} day={reconcile.variables} />}
      {opened && (
        <div>
          <Button
            variant="subtle"
            leftSection={<Icon name="left" size="small" />}
            onClick={() => showDay(undefined)}
            data-testid="reconciliation-all"
          >
            {t('bill.all')}
          </Button>
        </div>
      )}
      <BillTable
        bills={opened ? bills.filter((bill) => dayKey(bill) === search.day) : bills}
        opened={search.day}
        onOpen={showDay}
      />
      {opened ? (
        <DayDifferences key={search.day} day={opened} bill={bills.find((bill) => dayKey(bill) === search.day)} />
      ) : (
        <MoreRows pages={pages} />
      )}
    </Page>
  );
};
