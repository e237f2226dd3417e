import { type Basket, emptyBasket } from '@zhanggui/basket';
import { Amount, Icon, moneyText, usePick } from '@zhanggui/ui';
import { useMemo } from 'react';
import { currencyOf } from '../counter.ts';
import { Action } from '../shell/action.tsx';
import { TenderMain } from '../tender/tender-main.tsx';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import classes from './basket-foot.module.css';
import { totalView } from './sell-view.ts';

const noSegments: readonly never[] = [];

const SegmentKey = ({ id, name }: { id: string; name: string }) => {
  const till = useTill();
  const isChosen = useTillState((state) => state.sale?.basket.segment === id);
  return (
    <button
      type="button"
      className={`zg-press ${classes.segment}`}
      data-testid={`segment-${id}`}
      aria-pressed={isChosen}
      data-chosen={isChosen || undefined}
      onClick={(event) => {
        event.currentTarget.blur();
        void till.setSegment(isChosen ? null : id);
      }}
    >
      {name}
    </button>
  );
};

const Segments = () => {
  const t = useT();
  const pick = usePick();
  const segments = useTillState((state) => state.session?.settings.segments ?? noSegments);
  if (segments.length === 0) return null;
  return (
    <div className={classes.segments} role="group" aria-label={t('basket.segment')}>
      <span className={classes.segmentsTitle}>{t('basket.segment')}</span>
      {segments.map(({ id, name }) => (
        <SegmentKey key={id} id={id} name={pick(name)} />
      ))}
    </div>
  );
};

const Figures = ({ basket }: { basket: Basket }) => {
  const t = useT();
  const view = useMemo(() => totalView(basket), [basket]);
  return (
    <div className={classes.figures}>
      <div className={classes.small}>
        <span data-testid="pieces">{t('basket.pieces', { count: view.pieceCount })}</span>
        {view.hasDiscount && (
          <span className={classes.discount} data-testid="basket-discount">
            <Icon name="tag" size="small" />
            {t('basket.discount.amount', { amount: moneyText(view.discountAmount) })}
          </span>
        )}
      </div>
      <span className={classes.label}>{t('basket.total')}</span>
      <Amount value={view.total} size="total" strong testId="total" />
    </div>
  );
};

const SellMain = ({ canPay, isMain }: { canPay: boolean; isMain: boolean }) => {
  const t = useT();
  const till = useTill();
  return (
    <div className={classes.main}>
      <Action look="plain" testId="exact-cash" icon="cash" disabled={!canPay} onPress={() => void till.payExactCash()}>
        {t('basket.exact')}
      </Action>
      <Action look={isMain ? 'pay' : 'plain'} testId="pay" disabled={!canPay} onPress={() => till.openTender()}>
        {t('basket.pay')}
      </Action>
    </div>
  );
};

const DoneMain = () => {
  const t = useT();
  const till = useTill();
  return (
    <div className={classes.main} data-single>
      <Action look="pay" testId="next-customer" onPress={() => till.nextCustomer()}>
        {t('done.next')}
      </Action>
    </div>
  );
};

/** The total and the one next step, always in the bottom right corner. */
export const BasketFoot = () => {
  const currency = currencyOf(useTillState((state) => state.session));
  const panel = useTillState((state) => state.panel);
  const kept = useTillState((state) => state.sale?.basket);
  const basket = useMemo(() => kept ?? emptyBasket(currency), [kept, currency]);
  const hasLines = basket.lines.length > 0;
  return (
    <footer className={classes.foot} data-testid="basket-foot" data-panel={panel}>
      {panel === 'goods' && <Segments />}
      {panel !== 'done' && <Figures basket={basket} />}
      {panel === 'tender' && hasLines && <TenderMain />}
      {panel === 'done' && <DoneMain />}
      {panel !== 'tender' && panel !== 'done' && <SellMain canPay={hasLines} isMain={panel === 'goods'} />}
    </footer>
  );
};
