import type { Choice } from '@zhanggui/terminal';
import { usePick } from '@zhanggui/ui';
import { useWire } from '../face-context.ts';
import classes from './choices.module.css';

export type ChoicesProps = { readonly choices: readonly Choice[]; readonly selected: number | undefined };

/** Choose by touch, by the digit in front, or by arrows and confirm. */
export const Choices = ({ choices, selected }: ChoicesProps) => {
  const wire = useWire();
  const pick = usePick();
  return (
    <div className={classes.choices} data-count={choices.length}>
      {choices.map(({ item, label }, index) => (
        <button
          key={item}
          type="button"
          className={`zg-press ${classes.choice}`}
          data-testid={`choice-${item}`}
          data-selected={index === selected || undefined}
          onClick={() => wire.send({ kind: 'choose', item })}
        >
          <span className={classes.digit}>{index + 1}</span>
          {pick(label)}
        </button>
      ))}
    </div>
  );
};
