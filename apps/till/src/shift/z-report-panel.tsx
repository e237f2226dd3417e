import { layout } from '@zhanggui/receipt';
import { ReceiptPaper, Status, useLocale } from '@zhanggui/ui';
import { useMemo } from 'react';
import { currencyOf } from '../counter.ts';
import { Action } from '../shell/action.tsx';
import { PanelHead } from '../shell/panel-head.tsx';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import { useShiftSales } from './shift-sales-effect.ts';
import { totalsOfShift } from './shift-totals.ts';
import { zReceipt } from './z-receipt.ts';
import classes from './z-report-panel.module.css';

/** The Z report: at once from the till's own sales, with the shop's number as soon as it is there. */
export const ZReportPanel = () => {
  const t = useT();
  const till = useTill();
  const { locale } = useLocale();
  const shift = useTillState((state) => state.closedShift);
  const session = useTillState((state) => state.session);
  const catalogue = useTillState((state) => state.catalogue);
  const sales = useShiftSales(shift?.id);
  const rows = useMemo(() => {
    if (!shift || !session || !sales) return [];
    const totals = shift.report?.totals ?? totalsOfShift(shift, sales, currencyOf(session), catalogue.departmentName);
    return layout(zReceipt(shift, totals, session, locale), { columns: session.settings.receiptColumns });
  }, [shift, session, sales, catalogue, locale]);
  if (!shift || !session) return null;
  return (
    <section className={classes.panel} data-testid="z-report" data-numbered={shift.report !== null || undefined}>
      <PanelHead title={t('shift.z.title')} />
      <div className={classes.body}>
        <ReceiptPaper rows={rows} columns={session.settings.receiptColumns} testId="z-paper" />
        <div className={classes.side}>
          <Status role="ok" label={t('shift.z.done')} />
          <p className={classes.note}>
            {shift.report ? t('shift.z.number', { number: shift.report.zNumber }) : t('shift.z.pending')}
          </p>
          <Action look="pay" testId="z-leave" onPress={() => till.leaveReport()}>
            {t('shift.z.leave')}
          </Action>
        </div>
      </div>
    </section>
  );
};
