import { Menu } from '@mantine/core';
import { ConnectionBar, Icon, LanguageSwitch, Seal, Status, usePick, useScheme } from '@zhanggui/ui';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import { useNow } from './clock-effect.ts';
import type { Layout } from './layout.ts';
import classes from './status-bar.module.css';
import { timeText } from './time-text.ts';

const lateMs = 3_600_000;
const clockStepMs = 5000;

const Who = () => {
  const t = useT();
  const pick = usePick();
  const session = useTillState((state) => state.session);
  if (!session) return null;
  return (
    <div className={classes.who}>
      <span className={classes.shop}>{pick(session.shop.name)}</span>
      <span className={classes.quiet}>{pick(session.till.name)}</span>
      <span className={classes.quiet} data-testid="status-cashier">
        <Icon name="person" size="small" />
        {pick(session.staff.name)}
        <span className={classes.hidden}>{t('status.cashier', { name: pick(session.staff.name) })}</span>
      </span>
    </div>
  );
};

const Link = ({ now }: { now: number }) => {
  const t = useT();
  const till = useTill();
  const connection = useTillState((state) => state.connection);
  const waiting = useTillState((state) => state.outbox.length);
  const oldestAt = useTillState((state) => state.outbox[0]?.at ?? Number.POSITIVE_INFINITY);
  const keptCount = useTillState((state) => state.keptCount);
  const needsSignIn = useTillState((state) => state.needsSignIn);
  return (
    <>
      {keptCount > 0 && <Status role="warn" label={t('status.kept', { count: keptCount })} testId="kept-count" />}
      {needsSignIn && <Status role="warn" label={t('sign-in.again')} testId="needs-sign-in" />}
      <ConnectionBar
        state={connection}
        waiting={waiting}
        late={now - oldestAt > lateMs}
        onOpen={() => till.showUploads()}
      />
    </>
  );
};

const Printer = () => {
  const t = useT();
  const state = useTill().printerState;
  return (
    <span className={classes.printer} data-testid="printer" data-state={state}>
      <Icon name="printer" size="small" />
      {t(`status.printer.${state}`)}
    </span>
  );
};

const More = ({ layout, onLayout }: { layout: Layout; onLayout: (layout: Layout) => void }) => {
  const t = useT();
  const till = useTill();
  const { scheme, toggleScheme } = useScheme();
  const otherLayout: Layout = layout === 'touch' ? 'scan' : 'touch';
  const otherScheme = scheme === 'light' ? 'dark' : 'light';
  return (
    <Menu position="bottom-end" width="16rem" returnFocus={false}>
      <Menu.Target>
        <button type="button" className={`zg-press ${classes.more}`} aria-label={t('status.menu')} data-testid="menu">
          <Icon name="menu" />
        </button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        <Menu.Item
          leftSection={<Icon name="drawer" />}
          onClick={() => till.showCloseShift()}
          data-testid="menu-close-shift"
        >
          {t('menu.close-shift')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="upload" />} onClick={() => till.showUploads()} data-testid="menu-uploads">
          {t('menu.uploads')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="screen" />} onClick={() => till.openDisplay()} data-testid="menu-display">
          {t('display.open')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="layout" />} onClick={() => onLayout(otherLayout)} data-testid="menu-layout">
          {t(`menu.layout.${otherLayout}`)}
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name={otherScheme === 'dark' ? 'moon' : 'sun'} />}
          onClick={toggleScheme}
          data-testid="menu-scheme"
        >
          {t(`menu.scheme.${otherScheme}`)}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="lock" />} onClick={() => void till.signOut()} data-testid="menu-sign-out">
          {t('menu.sign-out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};

/** One line, always in the same place: where, who, when, and whether the shop hears us. */
export const StatusBar = ({ layout, onLayout }: { layout: Layout; onLayout: (layout: Layout) => void }) => {
  const now = useNow(clockStepMs);
  return (
    <header className={classes.bar} data-testid="status-bar">
      <Seal />
      <Who />
      <span className={classes.gap} />
      <Link now={now} />
      <Printer />
      <time className={classes.clock}>{timeText(now)}</time>
      <LanguageSwitch />
      <More layout={layout} onLayout={onLayout} />
    </header>
  );
};
