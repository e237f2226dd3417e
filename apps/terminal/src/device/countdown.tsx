import { useT } from '../texts.ts';
import classes from './countdown.module.css';
import { useSecondsLeft } from './countdown-effect.ts';

export type CountdownProps = { readonly deadline: number | undefined; readonly now: number };

/** Seconds until this screen gives up, in figures and as a bar that runs out. */
export const Countdown = ({ deadline, now }: CountdownProps) =>
  deadline === undefined ? null : <Running deadline={deadline} now={now} />;

const Running = ({ deadline, now }: { deadline: number; now: number }) => {
  const t = useT();
  const { seconds, share } = useSecondsLeft(deadline, now);
  return (
    <div className={classes.countdown} data-testid="countdown">
      <span className={classes.track}>
        <span className={classes.bar} style={{ width: `${share * 100}%` }} />
      </span>
      <span className={classes.seconds}>{t('countdown', { seconds })}</span>
    </div>
  );
};
