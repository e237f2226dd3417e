import { Icon } from '@zhanggui/ui';
import type { ReactNode } from 'react';
import { goBack } from '../place-effect.ts';
import { useT } from '../texts.ts';
import classes from './screen.module.css';

export type ScreenProps = {
  readonly name: string;
  readonly title: string;
  readonly children: ReactNode;
  /** What the thumb does next. */
  readonly foot?: ReactNode;
  readonly look?: 'page' | 'finder';
};

/** A screen one step away from home: back on the left, what to do at the bottom. */
export const Screen = ({ name, title, children, foot, look = 'page' }: ScreenProps) => {
  const t = useT();
  return (
    <section className={classes.screen} data-testid={`screen-${name}`} data-look={look}>
      <header className={classes.head}>
        <button
          type="button"
          className={`zg-press ${classes.back}`}
          data-testid="back"
          aria-label={t('page.back')}
          onClick={goBack}
        >
          <Icon name="left" />
        </button>
        <h2 className={classes.title}>{title}</h2>
      </header>
      <div className={classes.body}>{children}</div>
      {foot !== undefined && <footer className={classes.foot}>{foot}</footer>}
    </section>
  );
};
