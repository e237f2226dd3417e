import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Sale, SaleRow } from '@zhanggui/api/contract';
import { DataTable, moneyOfMinor, moneyText, usePick } from '@zhanggui/ui';
import { office } from '../api.ts';
import { Waiting, WentWrong } from '../shell/answer.tsx';
import { clockText, dayText } from '../shell/clock-text.ts';
import { DatePick, MoreRows, Page, SidePanel, WithPanel } from '../shell/page.tsx';
import { useT } from '../texts.ts';
import { KeptNotice, KeptPanel, keptPanel } from './kept-sales.tsx';
import classes from './sales.module.css';

const plain = (minor: string): string => moneyText(moneyOfMinor(minor), { symbol: false });

const useColumns = () => {
  const t = useT();
  const pick = usePick();
  return [
    {
      key: 'receipt',
      title: t('sales.receipt'),
      cell: (row: SaleRow) => <span className={classes.code}>{row.receiptNo}</span>,
    },
    { key: 'time', title: t('sales.time'), cell: (row: SaleRow) => clockText(row.at) },
    {
      key: 'amount',
      title: t('table.amount'),
      align: 'right' as const,
      cell: (row: SaleRow) => plain(row.amountMinor),
    },
    {
      key: 'tenders',
      title: t('sales.tenders'),
      cell: (row: SaleRow) => row.tenders.map((kind) => t(`tender.${kind}`)).join(' + '),
    },
    { key: 'till', title: t('sales.till'), cell: (row: SaleRow) => row.tillId },
    { key: 'cashier', title: t('sales.cashier'), cell: (row: SaleRow) => pick(row.cashier) },
    { key: 'lines', title: t('sales.lines'), align: 'right' as const, cell: (row: SaleRow) => row.lineCount },
  ];
};

const Lines = ({ sale }: { sale: Sale }) => {
  const t = useT();
  const pick = usePick();
  return (
    <ul className={classes.lines}>
      {sale.lines.map((line, index) => (
        <li key={index} className={classes.line}>
          <span>
            {pick(line.name)}
            <span className={classes.quiet}>
              {` ${line.quantityMilli / 1000} ${pick(line.unit.name)} × ${plain(line.unitPriceMinor)}`}
              {line.discountMinor !== '0' && ` · ${t('sales.discount', { amount: plain(line.discountMinor) })}`}
            </span>
          </span>
          <span className={classes.amount}>{plain(line.amountMinor)}</span>
        </li>
      ))}
    </ul>
  );
};

const Tenders = ({ sale }: { sale: Sale }) => {
  const t = useT();
  return (
    <ul className={classes.lines}>
      {sale.roundingMinor !== '0' && (
        <li className={classes.line}>
          <span>{t('sales.rounding')}</span>
          <span className={classes.amount}>{plain(sale.roundingMinor)}</span>
        </li>
      )}
      {sale.tenders.map((tender, index) => (
        <li key={index} className={classes.line}>
          <span>
            {t(`tender.${tender.kind === 'wallet' ? tender.wallet : tender.kind}`)}
            {tender.kind === 'card' && (
              <Link
                className={classes.link}
                to="/payments"
                search={{ open: tender.requestId }}
                data-testid="to-payment"
              >
                {t('sales.toPayment')}
              </Link>
            )}
            {tender.kind === 'wallet' && (
              <Link
                className={classes.link}
                to="/qr-payments"
                search={{ date: dayText(sale.at), open: tender.requestId }}
                data-testid="to-qr-payment"
              >
                {t('sales.toQrPayment')}
              </Link>
            )}
          </span>
          <span className={classes.amount}>
            {plain(tender.kind === 'cash' ? tender.receivedMinor : tender.amountMinor)}
          </span>
        </li>
      ))}
      {sale.changeMinor !== '0' && (
        <li className={classes.line}>
          <span>{t('sales.change')}</span>
          <span className={classes.amount}>{plain(sale.changeMinor)}</span>
        </li>
      )}
    </ul>
  );
};

const SaleBody = ({ sale }: { sale: Sale }) => {
  const t = useT();
  return (
    <>
      <Lines sale={sale} />
      <div className={classes.total}>
        <span>{t('table.total')}</span>
        <span>{moneyText(moneyOfMinor(sale.totalMinor))}</span>
      </div>
      <Tenders sale={sale} />
    </>
  );
};

const SaleDetail = ({ id, onClose }: { id: string; onClose: () => void }) => {
  const t = useT();
  const answer = useQuery({ queryKey: ['sale', id], queryFn: () => office.sale(id) });
  const sale = answer.data?.sale;
  return (
    <SidePanel title={t('sales.detail', { receiptNo: sale?.receiptNo ?? '' })} onClose={onClose} testId="sale-detail">
      {sale && <SaleBody sale={sale} />}
      {answer.isPending && <Waiting />}
      {answer.isError && !sale && <WentWrong error={answer.error} onAgain={() => void answer.refetch()} />}
    </SidePanel>
  );
};

export const SalesScreen = () => {
  const t = useT();
  const { date, open } = useSearch({ from: '/sales' });
  const navigate = useNavigate({ from: '/sales' });
  const session = useQuery({ queryKey: ['session'], queryFn: office.session });
  const today = session.data?.businessDate ?? '';
  const shownDate = date ?? today;
  const pages = useInfiniteQuery({
    queryKey: ['sales', shownDate],
    queryFn: ({ pageParam }) => office.sales({ date: shownDate, before: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    enabled: shownDate !== '',
  });
  const columns = useColumns();
  if (pages.isPending) return <Waiting />;
  if (!pages.data) return <WentWrong error={pages.error} onAgain={() => void pages.refetch()} />;
  const show = (id: string | undefined) => void navigate({ search: { date, open: id } });
  const close = () => show(undefined);
  const detail = open === keptPanel ? <KeptPanel onClose={close} /> : open && <SaleDetail id={open} onClose={close} />;
  return (
    <Page
      title={t('sales.title')}
      note={<KeptNotice onOpen={() => show(keptPanel)} />}
      tools={
        <DatePick value={shownDate} today={today} onChange={(chosen) => void navigate({ search: { date: chosen } })} />
      }
    >
      <WithPanel panel={detail}>
        <DataTable
          caption={t('sales.title')}
          testId="sales"
          rows={pages.data.pages.flatMap((page) => page.sales)}
          rowKey={(row) => row.id}
          selectedKey={open}
          onRow={(row) => show(row.id)}
          empty={t('sales.empty')}
          columns={columns}
        />
        <MoreRows pages={pages} />
      </WithPanel>
    </Page>
  );
};
