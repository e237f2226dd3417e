import { StatusPanel } from '@zhanggui/ui';
import { useT } from '../texts.ts';
import { waitParts } from './pay-view.ts';

/** Three wrong passwords: what happened, that nothing was taken, and when to try again. */
export const LockedPanel = ({ ms }: { ms: number }) => {
  const t = useT();
  return (
    <StatusPanel
      role="warn"
      icon="lock"
      title={t('pay.locked')}
      detail={t('pay.locked.detail', { time: t('pay.locked.time', waitParts(ms)) })}
      testId="password-locked"
    />
  );
};
