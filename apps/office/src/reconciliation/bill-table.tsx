import type { Reconciliation } from '@zhanggui/api/contract';
import { DataTable, languageTag, Status, useLocale } from '@zhanggui/ui';
import { dateText, stampText } from '../shell/clock-text.ts';
import { WalletName } from '../shell/wallet-name.tsx';
import { useT } from '../texts.ts';
import classes from './reconciliation.module.css';
import { agreementOf, dayKey, type Pair, sumPair } from './reconciliation-view.ts';

/** Ours above the wallet's; said twice only so that nobody has to believe it. */
const PairCell = ({ pair }: { pair: Pair }) => {
  const t = useT();
  return (
    <span className={classes.pair} data-differs={!pair.isSame || undefined}>
      <span>
        <span className={classes.quiet}>{t('bill.ours')}</span> {pair.ours}
      </span>
      <span>
        <span className={classes.quiet}>{t('bill.theirs')}</span> {pair.theirs}
      </span>
    </span>
  );
};

const useColumns = () => {
  const t = useT();
  const { locale } = useLocale();
  const sum = (key: 'payments' | 'refunds' | 'fees', name: keyof Reconciliation['ours']) => ({
    key,
    title: t(`bill.${key}`),
    align: 'right' as const,
    cell: (row: Reconciliation) => <PairCell pair={sumPair(row, name)} />,
  });
  return [
    { key: 'date', title: t('bill.date'), cell: (row: Reconciliation) => dateText(row.date, languageTag[locale]) },
    { key: 'wallet', title: t('wallet.name'), cell: (row: Reconciliation) => <WalletName wallet={row.wallet} /> },
    {
      key: 'state',
      title: t('bill.state'),
      cell: (row: Reconciliation) => {
        const { text, n, role } = agreementOf(row);
        return <Status role={role} label={t(text, { n })} testId="bill-state" />;
      },
    },
    { key: 'lines', title: t('bill.lines'), align: 'right' as const, cell: (row: Reconciliation) => row.lines },
    { key: 'agreed', title: t('bill.agreed'), align: 'right' as const, cell: (row: Reconciliation) => row.agreed },
    sum('payments', 'paymentsMinor'),
    sum('refunds', 'refundsMinor'),
    sum('fees', 'feesMinor'),
    {
      key: 'at',
      title: t('bill.at'),
      cell: (row: Reconciliation) => (
        <span className={classes.pair}>
          <span>{stampText(row.at)}</span>
          <span className={classes.quiet}>{t('bill.runs', { n: row.runs })}</span>
        </span>
      ),
    },
  ];
};

/** Every day of a wallet that was compared, newest first. */
export const BillTable = ({
  bills,
  opened,
  onOpen,
}: {
  bills: readonly Reconciliation[];
  opened: string | undefined;
  onOpen: (day: string | undefined) => void;
}) => {
  const t = useT();
  const columns = useColumns();
  return (
    <DataTable
      caption={t('bill.title')}
      testId="reconciliations"
      rows={bills}
      rowKey={dayKey}
      selectedKey={opened}
      onRow={(row) => onOpen(dayKey(row) === opened ? undefined : dayKey(row))}
      empty={t('bill.empty')}
      columns={columns}
    />
  );
};
