import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { PaymentRow } from '@zhanggui/api/contract';
import { DataTable, moneyOfMinor, moneyText, usePick } from '@zhanggui/ui';
import { office } from '../api.ts';
import { Waiting, WentWrong } from '../shell/answer.tsx';
import { clockText } from '../shell/clock-text.ts';
import { DatePick, MoreRows, Page, WithPanel } from '../shell/page.tsx';
import { useT } from '../texts.ts';
import { JourneyPanel } from './journey-panel.tsx';
import { PaymentStatus } from './payment-status.tsx';
import classes from './payments.module.css';

/** Beside an open panel only what tells one payment from another; the panel says the rest. */
const besidePanel = new Set(['time', 'amount', 'state', 'code', 'card']);

const useColumns = (isPanelOpen: boolean) => {
  const t = useT();
  const pick = usePick();
  const code = (value: string | null) => <span className={classes.code}>{value ?? '—'}</span>;
  const all = [
    { key: 'time', title: t('sales.time'), cell: (row: PaymentRow) => clockText(row.at) },
    {
      key: 'amount',
      title: t('table.amount'),
      align: 'right' as const,
      cell: (row: PaymentRow) => moneyText(moneyOfMinor(row.amountMinor), { symbol: false }),
    },
    {
      key: 'state',
      title: t('payments.state'),
      cell: (row: PaymentRow) => <PaymentStatus payment={row} />,
    },
    {
      key: 'code',
      title: t('payments.code'),
      cell: (row: PaymentRow) => <span title={row.text ? pick(row.text) : ''}>{code(row.code)}</span>,
    },
    { key: 'card', title: t('payments.card'), cell: (row: PaymentRow) => code(row.maskedPan) },
    { key: 'terminal', title: t('payments.terminal'), cell: (row: PaymentRow) => code(row.terminalId) },
    {
      key: 'trace',
      title: t('payments.trace'),
      cell: (row: PaymentRow) => code(row.stan && `${row.batch ?? ''} / ${row.stan}`),
    },
    { key: 'receipt', title: t('sales.receipt'), cell: (row: PaymentRow) => code(row.receiptNo) },
  ];
  return isPanelOpen ? all.filter(({ key }) => besidePanel.has(key)) : all;
};

/** Every card payment the terminals were asked for, and each one's way through the hosts. */
export const PaymentsScreen = () => {
  const t = useT();
  const { date, open } = useSearch({ from: '/payments' });
  const navigate = useNavigate({ from: '/payments' });
  const session = useQuery({ queryKey: ['session'], queryFn: office.session });
  const today = session.data?.businessDate ?? '';
  const shownDate = date ?? today;
  const pages = useInfiniteQuery({
    queryKey: ['payments', shownDate],
    queryFn: ({ pageParam }) => office.payments({ date: shownDate, before: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 5_000,
    enabled: shownDate !== '',
  });
  const columns = useColumns(open !== undefined);
  if (pages.isPending) return <Waiting />;
  if (!pages.data) return <WentWrong error={pages.error} onAgain={() => void pages.refetch()} />;
  const show = (id: string | undefined) => void navigate({ search: { date, open: id } });
  return (
    <Page
      title={t('payments.title')}
      tools={
        <DatePick value={shownDate} today={today} onChange={(chosen) => void navigate({ search: { date: chosen } })} />
      }
    >
      <WithPanel panel={open ? <JourneyPanel id={open} onClose={() => show(undefined)} /> : null}>
        <DataTable
          caption={t('payments.title')}
          testId="payments"
          rows={pages.data.pages.flatMap((page) => page.payments)}
          rowKey={(row) => row.id}
          selectedKey={open}
          onRow={(row) => show(row.id)}
          empty={t('payments.empty')}
          columns={columns}
        />
        <MoreRows pages={pages} />
      </WithPanel>
    </Page>
  );
};
