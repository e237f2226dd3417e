import { Icon } from '@zhanggui/ui';
import type { ComponentProps } from 'react';
import classes from './status-bar.module.css';

type MoreKeyProps = ComponentProps<'button'> & { readonly label: string };

/** The key of the menu; the menu gives it what it needs to open. */
export const MoreKey = ({ label, ...rest }: MoreKeyProps) => (
  <button {...rest} type="button" className={`zg-press ${classes.more}`} aria-label={label} data-testid="menu">
    <Icon name="menu" />
  </button>
);
