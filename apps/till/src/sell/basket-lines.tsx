import { Amount, Icon, moneyText, Status, usePick } from '@zhanggui/ui';
import { memo, useMemo } from 'react';
import { Action } from '../shell/action.tsx';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import { isBasketLocked } from './basket-change.ts';
import classes from './basket-lines.module.css';
import { useFollowChanged } from './follow-changed-effect.ts';
import { NoticeBar } from './notice-bar.tsx';
import { type LineView, lineView } from './sell-view.ts';

const noLines: readonly never[] = [];

const DiscountLabel = ({ discount }: { discount: NonNullable<LineView['discount']> }) => {
  const t = useT();
  const label =
    discount.kind === 'percent'
      ? t('basket.discount.percent', { percent: discount.percent })
      : t('basket.discount.amount', { amount: moneyText(discount.amount) });
  return (
    <span className={classes.discount}>
      <Icon name="tag" size="small" />
      {label}
    </span>
  );
};

const Detail = ({ line, departmentId }: { line: LineView; departmentId: string }) => {
  const t = useT();
  const pick = usePick();
  const department = useTillState((state) => state.catalogue.departmentName(departmentId));
  return (
    <span className={classes.detail}>
      <span className={classes.quantity} data-many={line.isMany || undefined}>
        {line.quantity}
      </span>
      <span>
        × <Amount value={line.unitPrice} />
        {t('goods.per', { unit: pick(line.unit) })}
      </span>
      {line.isPriceChanged && <span className={classes.discount}>{t('basket.price.changed')}</span>}
      {line.discount ? (
        <DiscountLabel discount={line.discount} />
      ) : (
        department && <span className={classes.department}>{pick(department)}</span>
      )}
    </span>
  );
};

const BasketRow = memo(({ lineId }: { lineId: string }) => {
  const t = useT();
  const pick = usePick();
  const till = useTill();
  const line = useTillState((state) => state.sale?.basket.lines.find(({ id }) => id === lineId));
  const isChosen = useTillState((state) => state.line?.lineId === lineId);
  // A new count remounts the tint, so that the same line scanned twice is tinted twice.
  const changedCount = useTillState((state) => (state.changed.lineId === lineId ? state.changed.count : 0));
  const view = useMemo(() => line && lineView(line), [line]);
  if (!line || !view) return null;
  return (
    <li>
      <button
        type="button"
        className={`zg-press ${classes.row}`}
        data-testid="basket-row"
        data-barcode={line.item.barcode}
        data-chosen={isChosen || undefined}
        data-changed={changedCount > 0 || undefined}
        aria-label={t('basket.edit', { name: pick(view.name) })}
        onClick={(event) => {
          if (event.detail > 0) event.currentTarget.blur();
          till.openLine(lineId);
        }}
      >
        {changedCount > 0 && <span key={changedCount} className={classes.tint} />}
        <span className={classes.name}>{pick(view.name)}</span>
        <span className={classes.amount}>
          <Amount value={view.amount} size="line" strong testId="basket-row-amount" />
        </span>
        <Detail line={view} departmentId={line.item.departmentId} />
        {view.discount && (
          <span className={classes.gross}>
            <Amount value={view.gross} quiet struck />
          </span>
        )}
      </button>
    </li>
  );
});

const Empty = () => {
  const t = useT();
  return (
    <div className={classes.empty} data-testid="basket-empty">
      <Icon name="scan" size="large" />
      <p className={classes.emptyTitle}>{t('basket.empty')}</p>
      <p>{t('basket.empty.hint')}</p>
    </div>
  );
};

const Head = () => {
  const t = useT();
  const till = useTill();
  const hasLines = useTillState((state) => (state.sale?.basket.lines.length ?? 0) > 0);
  const parkedCount = useTillState((state) => state.parked.length);
  const isLocked = useTillState(isBasketLocked);
  return (
    <div className={classes.head}>
      <h2 className={classes.title}>{t('basket.title')}</h2>
      {isLocked && <Status role="info" icon="lock" label={t('basket.locked')} testId="basket-locked" />}
      <span className={classes.gap} />
      {parkedCount > 0 && (
        <Action look="quiet" icon="receipt" testId="show-parked" onPress={() => till.showParked()}>
          {t('basket.parked', { count: parkedCount })}
        </Action>
      )}
      <Action look="quiet" icon="pause" testId="park" disabled={!hasLines || isLocked} onPress={() => void till.park()}>
        {t('basket.park')}
      </Action>
      <Action look="quiet" icon="bin" testId="clear" disabled={!hasLines || isLocked} onPress={() => void till.clear()}>
        {t('basket.clear')}
      </Action>
    </div>
  );
};

/** The basket row by row; each row reads only its own line. */
export const BasketLines = () => {
  const lines = useTillState((state) => state.sale?.basket.lines ?? noLines);
  const list = useFollowChanged(useTillState((state) => state.changed.count));
  return (
    <section className={classes.basket} data-testid="basket">
      <Head />
      <NoticeBar />
      {lines.length === 0 ? (
        <Empty />
      ) : (
        <ol className={classes.rows} ref={list}>
          {lines.map(({ id }) => (
            <BasketRow key={id} lineId={id} />
          ))}
        </ol>
      )}
    </section>
  );
};
