import { type Column, DataTable, Status, usePick } from '@zhanggui/ui';
import type { OutboxEntry, StoredSale } from '../records.ts';
import { Action } from '../shell/action.tsx';
import { PanelHead } from '../shell/panel-head.tsx';
import { dateTimeText } from '../shell/time-text.ts';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import { useKeptSales } from './uploads-effect.ts';
import classes from './uploads-panel.module.css';

const KeptRow = ({ sale }: { sale: StoredSale }) => {
  const t = useT();
  const pick = usePick();
  const till = useTill();
  return (
    <li className={classes.kept} data-testid="kept-row">
      <Status role="warn" label={t('uploads.kept')} />
      <span className={classes.number}>{sale.document.receiptNo}</span>
      {sale.faults?.map((fault) => (
        <span key={`${fault.code}-${fault.place}`}>{pick(fault.message)}</span>
      ))}
      <Action look="plain" testId="send-again" onPress={() => void till.sendAgain(sale.id)}>
        {t('uploads.again')}
      </Action>
    </li>
  );
};

/** What the shop does not have yet, and what it could not take, with the reasons. */
export const UploadsPanel = () => {
  const t = useT();
  const till = useTill();
  const outbox = useTillState((state) => state.outbox);
  const kept = useKeptSales();
  const columns: readonly Column<OutboxEntry>[] = [
    { key: 'at', title: t('uploads.at'), cell: ({ at }) => dateTimeText(at) },
    { key: 'what', title: t('uploads.what'), cell: ({ kind }) => t(`uploads.${kind}`) },
    { key: 'state', title: t('uploads.state'), cell: () => <Status role="busy" label={t('uploads.waiting')} /> },
  ];
  return (
    <section className={classes.panel} data-testid="uploads-panel">
      <PanelHead title={t('uploads.title')} back={t('parked.back')} onBack={() => till.showGoods()} />
      <div className={classes.body}>
        {kept.length > 0 && (
          <ul className={classes.keptList}>
            {kept.map((sale) => (
              <KeptRow key={sale.id} sale={sale} />
            ))}
          </ul>
        )}
        <DataTable
          testId="uploads"
          caption={t('uploads.caption')}
          columns={columns}
          rows={outbox}
          rowKey={({ kind, id }) => `${kind}-${id}`}
          empty={
            <>
              <strong>{t('uploads.none')}</strong>
              <br />
              {t('uploads.none.hint')}
            </>
          }
        />
        {outbox.length > 0 && (
          <Action testId="upload-now" icon="upload" onPress={() => till.kick()}>
            {t('uploads.now')}
          </Action>
        )}
      </div>
    </section>
  );
};
