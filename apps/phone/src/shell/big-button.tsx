import { Icon, type IconName } from '@zhanggui/ui';
import type { ReactNode } from 'react';
import classes from './big-button.module.css';

export type BigButtonProps = {
  readonly children: ReactNode;
  readonly icon?: IconName;
  /** `main` is the one thing to do here; `tile` stands beside another, picture above word. */
  readonly look?: 'main' | 'plain' | 'tile' | 'main-tile' | 'finder';
  readonly disabled?: boolean;
  readonly onPress: () => void;
  readonly testId: string;
};

export const BigButton = ({ children, icon, look = 'main', disabled, onPress, testId }: BigButtonProps) => (
  <button
    type="button"
    className={`zg-press ${classes.button}`}
    data-look={look}
    data-testid={testId}
    disabled={disabled}
    onClick={onPress}
  >
    {icon && <Icon name={icon} size={look.endsWith('tile') ? 'large' : 'normal'} />}
    <span>{children}</span>
  </button>
);
