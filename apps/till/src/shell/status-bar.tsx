import { ConnectionBar, Icon, LanguageSwitch, Seal, Status, usePick } from '@zhanggui/ui';
import { lazy, Suspense } from 'react';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import { useNow } from './clock-effect.ts';
import type { LayoutChoice } from './layout.ts';
import { MoreKey } from './more-key.tsx';
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

const MoreMenu = lazy(() => import('./more-menu.tsx'));

/** The key stands there before the menu behind it is loaded. */
const More = (props: LayoutChoice) => {
  const t = useT();
  return (
    <Suspense fallback={<MoreKey label={t('status.menu')} disabled />}>
      <MoreMenu {...props} />
    </Suspense>
  );
};

/** One line, always in the same place: where, who, when, and whether the shop hears us. */
export const StatusBar = ({ layout, onLayout }: LayoutChoice) => {
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
