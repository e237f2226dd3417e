import { priceBasket } from '@zhanggui/basket';
import { Amount, Status } from '@zhanggui/ui';
import type { OpenSale } from '../records.ts';
import { Action } from '../shell/action.tsx';
import { PanelHead } from '../shell/panel-head.tsx';
import { timeText } from '../shell/time-text.ts';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import { isUnresolved } from './park-commands.ts';
import classes from './parked-panel.module.css';

const ParkedRow = ({ sale }: { sale: OpenSale }) => {
  const t = useT();
  const till = useTill();
  const { total, pieceCount } = priceBasket(sale.basket);
  const isBound = isUnresolved(sale) || sale.tenders.length > 0;
  return (
    <li className={classes.row} data-testid="parked-row">
      <div className={classes.words}>
        <span className={classes.title}>{t('parked.at', { at: timeText(sale.parkedAt ?? sale.openedAt) })}</span>
        <span className={classes.quiet}>{t('basket.pieces', { count: pieceCount })}</span>
        {isUnresolved(sale) && <Status role="unknown" label={t('parked.unresolved')} />}
      </div>
      <Amount value={total} size="section" strong />
      <Action look="danger" testId="parked-drop" icon="bin" disabled={isBound} onPress={() => void till.drop(sale.id)}>
        {t('parked.drop')}
      </Action>
      <Action look="primary" testId="parked-recall" onPress={() => void till.recall(sale.id)}>
        {t('parked.recall')}
      </Action>
    </li>
  );
};

export const ParkedPanel = () => {
  const t = useT();
  const till = useTill();
  const parked = useTillState((state) => state.parked);
  return (
    <section className={classes.panel} data-testid="parked-panel">
      <PanelHead title={t('parked.title')} back={t('parked.back')} onBack={() => till.showGoods()} />
      <ul className={classes.rows}>
        {parked.map((sale) => (
          <ParkedRow key={sale.id} sale={sale} />
        ))}
        {parked.length === 0 && <li className={classes.none}>{t('parked.none')}</li>}
      </ul>
    </section>
  );
};
