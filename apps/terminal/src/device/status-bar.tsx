import type { OnlineState, TerminalView } from '@zhanggui/terminal';
import { Icon, LanguageSwitch, Status, type StatusRole } from '@zhanggui/ui';
import { useT } from '../texts.ts';
import classes from './status-bar.module.css';

const roles: Record<OnlineState, StatusRole> = {
  connecting: 'offline',
  'signing-in': 'busy',
  'signed-in': 'ok',
  'signed-out': 'offline',
};

export type StatusBarProps = {
  readonly view: TerminalView;
  readonly onPaper: () => void;
  readonly onTray: () => void;
  readonly onFaults: () => void;
};

/** One fixed place for what is true of the terminal; on a small screen also the way to cards and faults. */
export const StatusBar = ({ view, onPaper, onTray, onFaults }: StatusBarProps) => {
  const t = useT();
  return (
    <div className={classes.bar}>
      <Status role={roles[view.online]} label={t(`online.${view.online}`)} look="plain" testId="online" />
      <span className={classes.operator}>{t('operator', { no: view.operator })}</span>
      <span className={classes.narrow}>
        {view.paper.length > 0 && (
          <button
            type="button"
            className={`zg-press ${classes.paper}`}
            data-testid="open-paper"
            title={t('paper.title')}
            onClick={onPaper}
          >
            <Icon name="receipt" />
            {t('paper.slips', { count: view.paper.length })}
          </button>
        )}
        <button
          type="button"
          className={`zg-press ${classes.tool}`}
          data-testid="open-tray"
          title={t('page.cards')}
          onClick={onTray}
        >
          <Icon name="card" />
        </button>
        <button
          type="button"
          className={`zg-press ${classes.tool}`}
          data-testid="open-faults"
          title={t('page.break')}
          onClick={onFaults}
        >
          <Icon name="exclamation" />
        </button>
        <LanguageSwitch />
      </span>
    </div>
  );
};

/** Payments whose end is not known yet: on every screen, until they are settled. */
export const ReversalNotice = ({ count }: { count: number }) => {
  const t = useT();
  if (count === 0) return null;
  return (
    <div className={classes.reversal}>
      <Status role="unknown" label={t('reversal.pending', { count })} look="plain" testId="reversal-pending" />
    </div>
  );
};
