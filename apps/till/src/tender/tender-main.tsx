import { moneyText } from '@zhanggui/ui';
import { Action } from '../shell/action.tsx';
import { useTill } from '../till-context.ts';
import { useT } from '../use-t.ts';
import classes from './tender-main.module.css';
import { useTenderView } from './use-tender-view.ts';

/** The key in the bottom right corner while paying: takes the cash that is on the counter. */
export const TenderMain = () => {
  const t = useT();
  const till = useTill();
  const view = useTenderView();
  if (!view) return null;
  if (view.isFree)
    return (
      <Action look="pay" wide testId="finish-free" onPress={() => void till.finishFree()}>
        {t('tender.finish')}
      </Action>
    );
  const { cash } = view;
  const amount = moneyText(cash.amount);
  return (
    <div className={classes.main}>
      <Action
        testId="tender-back"
        icon="back"
        disabled={view.isLocked || view.tenders.length > 0}
        onPress={() => till.showGoods()}
      >
        {t('tender.back')}
      </Action>
      <Action
        look="pay"
        testId="take-cash"
        disabled={!cash.allowed}
        reason={view.isLocked ? t('attempt.locked') : undefined}
        onPress={() => void till.payCash(cash.amount)}
      >
        {cash.settles ? t('tender.take-cash', { amount }) : t('tender.take-part', { amount })}
      </Action>
    </div>
  );
};
