import { moneyText } from '@zhanggui/ui';
import { Action } from '../shell/action.tsx';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import { useTenderView } from './use-tender-view.ts';

/** The key in the bottom right corner while paying: takes the cash that is on the counter. */
export const TenderMain = () => {
  const t = useT();
  const till = useTill();
  const view = useTenderView();
  const way = useTillState((state) => state.way);
  if (!view) return null;
  if (view.isFree)
    return (
      <Action look="pay" wide testId="finish-free" onPress={() => void till.payExactCash()}>
        {t('tender.finish')}
      </Action>
    );
  const { cash } = view;
  // With the phone on the counter the one thing to do next is the scan; cash stays possible.
  const isPhone = way === 'phone' || view.attempt?.kind === 'wallet';
  const amount = moneyText(cash.amount);
  return (
    <Action
      look={isPhone ? 'plain' : 'pay'}
      wide
      testId="take-cash"
      disabled={!cash.allowed}
      reason={view.isLocked ? t('attempt.locked') : undefined}
      onPress={() => void till.payCash(cash.amount)}
    >
      {cash.settles ? t('tender.take-cash', { amount }) : t('tender.take-part', { amount })}
    </Action>
  );
};
