import { useNow } from '../shell/clock-effect.ts';
import { useT } from '../use-t.ts';
import { countdownText } from './countdown-text.ts';

/** How long a shown code can still be paid. */
export const Countdown = ({ until }: { until: number }) => {
  const t = useT();
  const time = countdownText(until, useNow(500));
  return <span data-testid="countdown">{time === undefined ? t('phone.over') : t('phone.left', { time })}</span>;
};
