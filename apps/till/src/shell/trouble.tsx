import { Seal, StatusPanel } from '@zhanggui/ui';
import { Component, type ReactNode } from 'react';
import { useT } from '../use-t.ts';
import { Action } from './action.tsx';
import classes from './trouble.module.css';

const reload = () => location.reload();

export const StartingScreen = () => {
  const t = useT();
  return (
    <main className={classes.screen} data-testid="starting">
      <Seal size="var(--zg-mark-large)" />
      <p className={classes.quiet}>{t('till.starting')}</p>
    </main>
  );
};

/** Selling stops when nothing can be kept: going on would lie. */
export const StorageFailedScreen = () => {
  const t = useT();
  return (
    <main className={classes.screen} data-testid="storage-failed">
      <StatusPanel role="danger" title={t('trouble.storage')} detail={t('trouble.storage.detail')}>
        <Action look="primary" testId="reload" onPress={reload}>
          {t('trouble.reload')}
        </Action>
      </StatusPanel>
    </main>
  );
};

const Broken = () => {
  const t = useT();
  return (
    <StatusPanel role="danger" title={t('trouble.bug')} detail={t('trouble.bug.detail')} testId="broken">
      <Action look="primary" testId="reload" onPress={reload}>
        {t('trouble.reload')}
      </Action>
    </StatusPanel>
  );
};

/** One region of the screen: when it breaks, the others go on. */
export class Region extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <Broken /> : this.props.children;
  }
}
