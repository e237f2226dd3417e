import type { Entry } from '@zhanggui/terminal';
import { useT } from '../texts.ts';
import classes from './entry.module.css';

const pinPlaces = 6;

/** How many PIN digits are in; the digits themselves never reach a browser. */
export const PinDots = ({ count }: { count: number }) => {
  const t = useT();
  const places = Math.max(pinPlaces, count);
  return (
    <div className={classes.dots} data-testid="pin-dots" role="img" aria-label={t('pin.digits', { count })}>
      {Array.from({ length: places }, (_, index) => (
        <span key={index} className={classes.dot} data-full={index < count || undefined} />
      ))}
    </div>
  );
};

export const EntryLine = ({ entry }: { entry: Entry }) => (
  <output className={classes.entry} data-testid="entry">
    {entry.text}
    <span className={classes.caret} aria-hidden="true" />
  </output>
);
