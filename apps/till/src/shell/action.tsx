import { Icon, type IconName } from '@zhanggui/ui';
import type { MouseEvent, ReactNode } from 'react';
import classes from './action.module.css';

export type ActionProps = {
  /** `pay` is the one primary action of a screen; `plain` stands on paper, `quiet` in a bar. */
  readonly look?: 'pay' | 'primary' | 'plain' | 'quiet' | 'danger';
  readonly icon?: IconName;
  readonly disabled?: boolean;
  /** Why it cannot be done now; shown where the verb is. */
  readonly reason?: string;
  readonly pressed?: boolean;
  readonly wide?: boolean;
  readonly onPress: () => void;
  readonly testId: string;
  readonly label?: string;
  readonly children?: ReactNode;
};

/** A key of the till. After a tap the focus leaves it, so that the next scan's Enter cannot press it again. */
export const Action = (props: ActionProps) => {
  const { look = 'plain', icon, disabled, reason, pressed, wide, onPress, testId, label, children } = props;
  const onClick = (event: MouseEvent<HTMLButtonElement>) => {
    if (event.detail > 0) event.currentTarget.blur();
    onPress();
  };
  return (
    <button
      type="button"
      className={`zg-press ${classes.action}`}
      data-look={look}
      data-pressed={pressed || undefined}
      data-wide={wide || undefined}
      data-testid={testId}
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      disabled={disabled || reason !== undefined}
      onClick={onClick}
    >
      {icon && <Icon name={icon} />}
      {children !== undefined && <span className={classes.words}>{children}</span>}
      {reason !== undefined && <span className={classes.reason}>{reason}</span>}
    </button>
  );
};
