import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type QrPaymentRow, qrPaymentState, type Wallet, wallet as walletNames } from '@zhanggui/api/contract';
import { DataTable, moneyOfMinor, moneyText } from '@zhanggui/ui';
import { office } from '../api.ts';
import { Waiting, WentWrong } from '../shell/answer.tsx';
import { Choice } from '../shell/choice.tsx';
import { clockText, stampText } from '../shell/clock-text.ts';
import { csvNumber } from '../shell/csv-and-dates.ts';
import { everyPage } from '../shell/every-page.ts';
import { ExportButton } from '../shell/export-button.tsx';
import { DatePick, MoreRows, Page, WithPanel } from '../shell/page.tsx';
import { WalletName } from '../shell/wallet-name.tsx';
import { useT } from '../texts.ts';
import { QrPaymentPanel } from './qr-payment-panel.tsx';
import { qrState } from './qr-payment-state.ts';
import { QrPaymentStatus } from './qr-payment-status.tsx';
import classes from './qr-payments.module.css';
import { totalsOf } from './qr-payments-view.ts';

const plain = (minor: string): string => moneyText(moneyOfMinor(minor), { symbol: false });

/** Beside an open panel only what tells one payment from another; the panel says the rest. */
const besidePanel = new Set(['time', 'amount', 'wallet', 'state', 'refunded']);

const placeOf = ({ place }: QrPaymentRow): string | undefined => place.tillId ?? place.terminalId;

const useColumns = (rows: readonly QrPaymentRow[], hasMore: boolean, isPanelOpen: boolean) => {
  const t = useT();
  const totals = rows.length === 0 ? undefined : totalsOf(rows);
  const code = (value: string | null | undefined) => <span className={classes.code}>{value ?? '—'}</span>;
  const all = [
    {
      key: 'time',
      title: t('sales.time'),
      cell: (row: QrPaymentRow) => clockText(row.at),
      total: totals && t(hasMore ? 'qr.totalShown' : 'qr.total', { n: totals.paidCount }),
    },
    {
      key: 'amount',
      title: t('table.amount'),
      align: 'right' as const,
      cell: (row: QrPaymentRow) => plain(row.amountMinor),
      total: totals && moneyText(totals.paid, { symbol: false }),
    },
    { key: 'wallet', title: t('wallet.name'), cell: (row: QrPaymentRow) => <WalletName wallet={row.wallet} /> },
    { key: 'state', title: t('qr.result'), cell: (row: QrPaymentRow) => <QrPaymentStatus payment={row} /> },
    {
      key: 'refunded',
      title: t('qr.refunded'),
      align: 'right' as const,
      cell: (row: QrPaymentRow) => (row.refundedMinor === '0' ? '—' : plain(row.refundedMinor)),
      total: totals && moneyText(totals.refunded, { symbol: false }),
    },
    { key: 'order', title: t('qr.order'), cell: (row: QrPaymentRow) => code(row.outTradeNo) },
    { key: 'place', title: t('qr.place'), cell: placeOf },
    { key: 'receipt', title: t('sales.receipt'), cell: (row: QrPaymentRow) => code(row.receiptNo) },
  ];
  return isPanelOpen ? all.filter(({ key }) => besidePanel.has(key)) : all;
};

type Narrowing = { wallet?: Wallet | undefined; state?: QrPaymentRow['state'] | undefined };

/** Everything of the day behind the filters, for a spreadsheet. */
const Export = ({ date, wallet, state }: Narrowing & { date: string }) => {
  const t = useT();
  const sheet = async () => {
    const pages = await everyPage((before) => office.qrPayments({ date, wallet, state, before, limit: 200 }));
    return {
      header: [
        t('sales.time'),
        t('table.amount'),
        t('qr.refunded'),
        t('wallet.name'),
        t('qr.result'),
        t('qr.place'),
        t('sales.receipt'),
        t('qr.order'),
        t('qr.walletTrade'),
      ],
      rows: pages
        .flatMap(({ payments }) => payments)
        .map((row) => [
          stampText(row.at),
          plain(row.amountMinor).replaceAll(',', ''),
          plain(row.refundedMinor).replaceAll(',', ''),
          t(`tender.${row.wallet}`),
          [t(`qr.state.${qrState(row)}`), row.alarm && t(`qr.alarm.${row.alarm}`)].filter(Boolean).join(' · '),
          placeOf(row) ?? '',
          row.receiptNo ?? '',
          csvNumber(row.outTradeNo),
          csvNumber(row.walletTradeNo),
        ]),
    };
  };
  return <ExportButton name={`${date}-qr-payments.csv`} sheet={sheet} testId="export-qr-payments" />;
};

const Filters = ({ wallet, state, onNarrow }: Narrowing & { onNarrow: (next: Narrowing) => void }) => {
  const t = useT();
  return (
    <>
      <Choice
        label={t('wallet.name')}
        all={t('wallet.all')}
        value={wallet}
        options={walletNames.options.map((name) => ({ value: name, label: t(`tender.${name}`) }))}
        onChange={(chosen) => onNarrow({ wallet: chosen })}
        testId="qr-wallet"
      />
      <Choice
        label={t('qr.result')}
        all={t('qr.allStates')}
        value={state}
        options={qrPaymentState.options.map((name) => ({ value: name, label: t(`qr.state.${name}`) }))}
        onChange={(chosen) => onNarrow({ state: chosen })}
        testId="qr-state"
      />
    </>
  );
};

const usePages = (query: Narrowing & { date: string }) =>
  useInfiniteQuery({
    queryKey: ['qr-payments', query],
    queryFn: ({ pageParam }) => office.qrPayments({ ...query, before: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 5_000,
    enabled: query.date !== '',
    placeholderData: (old) => old,
  });

/** Every payment from a customer's phone, by whichever wallet; each opens beside the table with what can be given back. */
export const QrPaymentsScreen = () => {
  const t = useT();
  const { date, open, wallet, state } = useSearch({ from: '/qr-payments' });
  const navigate = useNavigate({ from: '/qr-payments' });
  const session = useQuery({ queryKey: ['session'], queryFn: office.session });
  const today = session.data?.businessDate ?? '';
  const shownDate = date ?? today;
  const pages = usePages({ date: shownDate, wallet, state });
  const rows = pages.data?.pages.flatMap((page) => page.payments) ?? [];
  const columns = useColumns(rows, pages.hasNextPage, open !== undefined);
  if (pages.isPending) return <Waiting />;
  if (!pages.data) return <WentWrong error={pages.error} onAgain={() => void pages.refetch()} />;
  const show = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, open: id }) });
  const narrow = (next: Narrowing) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  const isFiltered = wallet !== undefined || state !== undefined;
  return (
    <Page
      title={t('qr.title')}
      tools={
        <>
          <Export date={shownDate} wallet={wallet} state={state} />
          <DatePick
            value={shownDate}
            today={today}
            onChange={(chosen) => void navigate({ search: { wallet, state, date: chosen } })}
          />
        </>
      }
    >
      <div className={classes.filters}>
        <Filters wallet={wallet} state={state} onNarrow={narrow} />
      </div>
      <WithPanel panel={open ? <QrPaymentPanel key={open} id={open} onClose={() => show(undefined)} /> : null}>
        <DataTable
          caption={t('qr.title')}
          testId="qr-payments"
          rows={rows}
          rowKey={(row) => row.requestId}
          selectedKey={open}
          onRow={(row) => show(row.requestId)}
          empty={t(isFiltered ? 'qr.emptyFiltered' : 'qr.empty')}
          columns={columns}
        />
        <MoreRows pages={pages} />
      </WithPanel>
    </Page>
  );
};
