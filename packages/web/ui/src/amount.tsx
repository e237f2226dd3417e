import type { Money } from '@zhanggui/money';
import classes from './amount.module.css';
import { moneyText } from './money-text.ts';

export type AmountSize = 'note' | 'text' | 'line' | 'section' | 'subtotal' | 'total' | 'change';

export type AmountProps = {
  readonly value: Money;
  readonly size?: AmountSize;
  readonly symbol?: boolean;
  readonly plus?: boolean;
  readonly strong?: boolean;
  readonly quiet?: boolean;
  /** A price that no longer applies. */
  readonly struck?: boolean;
  readonly testId?: string;
};

/** Money: tabular figures, never wrapped, sign kept; a negative amount is red and carries its minus. */
export const Amount = ({ value, size = 'text', symbol, plus, strong, quiet, struck, testId }: AmountProps) => (
  <span
    className={classes.amount}
    data-size={size}
    data-strong={strong || undefined}
    data-quiet={quiet || undefined}
    data-struck={struck || undefined}
    data-negative={value.minor < 0n || undefined}
    data-testid={testId}
  >
    {moneyText(value, { symbol, plus })}
  </span>
);
