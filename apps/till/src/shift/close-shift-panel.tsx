import type { ShiftTotals } from '@zhanggui/api/contract';
import { Amount, moneyOfMinor, moneyText } from '@zhanggui/ui';
import { useMemo, useState } from 'react';
import { currencyOf } from '../counter.ts';
import type { DenominationCount, StoredShift } from '../records.ts';
import { Action } from '../shell/action.tsx';
import { PanelHead } from '../shell/panel-head.tsx';
import { dateTimeText } from '../shell/time-text.ts';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import classes from './close-shift-panel.module.css';
import { type CloseView, closeView } from './close-view.ts';
import { useShiftSales } from './shift-sales-effect.ts';
import { rowAmount, totalsOfShift } from './shift-totals.ts';

type RowProps = { row: DenominationCount; onCount: (count: number) => void };

const CountRow = ({ row, onCount }: RowProps) => {
  const t = useT();
  const currency = currencyOf(useTillState((state) => state.session));
  return (
    <div className={classes.countRow}>
      <Amount value={moneyOfMinor(row.valueMinor, currency)} size="line" />
      <input
        className={classes.countField}
        data-testid={`count-${row.valueMinor}`}
        inputMode="numeric"
        aria-label={`${t('shift.close.pieces')} ${moneyText(moneyOfMinor(row.valueMinor, currency))}`}
        value={row.count === 0 ? '' : String(row.count)}
        placeholder="0"
        onChange={(event) => onCount(Number(event.currentTarget.value.replace(/\D/g, '').slice(0, 5)))}
      />
      <Amount value={rowAmount(row, currency)} symbol={false} quiet={row.count === 0} />
    </div>
  );
};

const Fact = ({ label, minor, strong }: { label: string; minor: string; strong?: boolean }) => {
  const currency = currencyOf(useTillState((state) => state.session));
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>
        <Amount value={moneyOfMinor(minor, currency)} size="line" strong={strong} />
      </dd>
    </div>
  );
};

const Sums = ({ shift, totals, view }: { shift: StoredShift; totals: ShiftTotals; view: CloseView }) => {
  const t = useT();
  const cashMinor = totals.byTender.find(({ kind }) => kind === 'cash')?.amountMinor ?? '0';
  const cashless = totals.byTender.filter(({ kind }) => kind !== 'cash');
  return (
    <dl className={classes.sums}>
      <Fact label={t('shift.close.sales')} minor={totals.totalMinor} />
      {cashless.map(({ kind, amountMinor }) => (
        <Fact key={kind} label={t(`shift.close.${kind}`)} minor={amountMinor} />
      ))}
      <Fact label={t('shift.close.cash')} minor={cashMinor} />
      <Fact label={t('shift.close.float')} minor={shift.floatMinor} />
      <Fact label={t('shift.close.expected')} minor={totals.expectedCashMinor} strong />
      <div className={classes.fact} data-main>
        <dt>{t('shift.close.counted')}</dt>
        <dd>
          <Amount value={view.counted} size="subtotal" strong testId="counted" />
        </dd>
      </div>
      <div className={classes.fact} data-verdict={view.verdict} data-testid="difference">
        <dt>{t(`shift.close.${view.verdict}`)}</dt>
        <dd>
          <Amount value={view.difference} size="section" strong plus />
        </dd>
      </div>
    </dl>
  );
};

const Hindrance = ({ view, parkedCount }: { view: CloseView; parkedCount: number }) => {
  const t = useT();
  const waiting = useTillState((state) => state.outbox.length);
  if (view.hindrance === 'open-sale') return <p className={classes.hint}>{t('shift.close.open-sale')}</p>;
  if (view.hindrance === 'parked')
    return <p className={classes.hint}>{t('shift.close.parked', { count: parkedCount })}</p>;
  if (view.hindrance === 'reason') return <p className={classes.hint}>{t('shift.close.reason.needed')}</p>;
  return waiting > 0 ? <p className={classes.note}>{t('shift.close.waiting', { count: waiting })}</p> : null;
};

const CloseBody = ({ shift, totals }: { shift: StoredShift; totals: ShiftTotals }) => {
  const t = useT();
  const till = useTill();
  const session = useTillState((state) => state.session);
  const sale = useTillState((state) => state.sale);
  const parkedCount = useTillState((state) => state.parked.length);
  const [counts, setCounts] = useState<readonly DenominationCount[]>(() =>
    (session?.settings.denominationsMinor ?? []).map((valueMinor) => ({ valueMinor, count: 0 })),
  );
  const [reason, setReason] = useState('');
  const view = closeView({ counts, reason, totals, sale, parkedCount, currency: currencyOf(session) });
  const setCount = (valueMinor: string) => (count: number) =>
    setCounts((rows) => rows.map((row) => (row.valueMinor === valueMinor ? { valueMinor, count } : row)));
  return (
    <div className={classes.body}>
      <section className={classes.counts} aria-label={t('shift.close.count')}>
        <div className={classes.countHead}>
          <span>{t('shift.close.value')}</span>
          <span>{t('shift.close.pieces')}</span>
          <span>{t('shift.close.amount')}</span>
        </div>
        {counts.map((row) => (
          <CountRow key={row.valueMinor} row={row} onCount={setCount(row.valueMinor)} />
        ))}
      </section>
      <section className={classes.side}>
        <Sums shift={shift} totals={totals} view={view} />
        <label className={classes.reason}>
          <span>{t('shift.close.reason')}</span>
          <input
            data-testid="close-reason"
            value={reason}
            maxLength={200}
            disabled={view.verdict === 'even'}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </label>
        <Hindrance view={view} parkedCount={parkedCount} />
        <Action
          look="pay"
          wide
          testId="close-shift-go"
          disabled={view.hindrance !== undefined}
          onPress={() => void till.closeShift(counts, reason.trim() === '' ? null : reason.trim())}
        >
          {t('shift.close.go')}
        </Action>
      </section>
    </div>
  );
};

/** Counting the drawer: works offline, and says what stands in the way before it is too late. */
export const CloseShiftPanel = () => {
  const t = useT();
  const till = useTill();
  const shift = useTillState((state) => state.shift);
  const currency = currencyOf(useTillState((state) => state.session));
  const catalogue = useTillState((state) => state.catalogue);
  const sales = useShiftSales(shift?.id);
  const totals = useMemo(
    () => shift && sales && totalsOfShift(shift, sales, currency, catalogue.departmentName),
    [shift, sales, currency, catalogue],
  );
  if (!shift || !totals) return null;
  return (
    <section className={classes.panel} data-testid="close-shift">
      <PanelHead title={t('shift.close.title')} back={t('parked.back')} onBack={() => till.showGoods()} />
      <p className={classes.since}>{t('shift.close.since', { at: dateTimeText(shift.openedAt) })}</p>
      <CloseBody shift={shift} totals={totals} />
    </section>
  );
};
