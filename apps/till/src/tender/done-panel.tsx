import { Amount, Icon, moneyText, ReceiptPaper, useLocale } from '@zhanggui/ui';
import { useMemo } from 'react';
import { currencyOf } from '../counter.ts';
import { printSale, receiptRows } from '../receipt/print-sale.ts';
import { Action } from '../shell/action.tsx';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import classes from './done-panel.module.css';
import { doneView } from './done-view.ts';

/** Paid: the change in the largest figures of the till, and the receipt as printed. */
export const DonePanel = () => {
  const t = useT();
  const till = useTill();
  const { locale } = useLocale();
  const done = useTillState((state) => state.done);
  const session = useTillState((state) => state.session);
  const paper = useMemo(
    () =>
      done &&
      session && {
        rows: receiptRows(done.document, session, locale),
        bytes: printSale(done.document, session, locale),
      },
    [done, session, locale],
  );
  if (!done || !session || !paper) return null;
  const view = doneView(done, currencyOf(session));
  return (
    <section className={classes.panel} data-testid="done-panel" data-receipt={view.receiptNo}>
      <div className={classes.side}>
        <div className={classes.head}>
          <span className={classes.disc}>
            <Icon name="check" size="large" />
          </span>
          <h1 className={classes.title}>{t('done.title')}</h1>
        </div>
        <div className={classes.figure}>
          <span className={classes.label}>{t(view.hasChange ? 'done.change' : 'done.paid')}</span>
          <Amount
            value={view.hasChange ? view.change : view.received}
            size="change"
            strong
            testId={view.hasChange ? 'change' : 'received'}
          />
          <span className={classes.label}>
            {view.hasChange ? t('done.received', { amount: moneyText(view.received) }) : t('done.no-change')}
          </span>
        </div>
        <div className={classes.foot}>
          <Action testId="print-again" icon="printer" onPress={() => void till.printAgain()}>
            {t('done.print')}
          </Action>
          <span className={classes.note} data-testid="escpos" data-bytes={paper.bytes.length}>
            {t('done.receipt', { number: view.receiptNo })}
            <br />
            {t('done.bytes', { count: paper.bytes.length })}
          </span>
        </div>
      </div>
      <div className={classes.paper}>
        <ReceiptPaper rows={paper.rows} columns={session.settings.receiptColumns} />
      </div>
    </section>
  );
};
