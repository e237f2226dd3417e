import classes from './connection-bar.module.css';
import { useUiT } from './face.tsx';
import { Icon, type IconName } from './icons.tsx';

export type ConnectionState = 'online' | 'offline' | 'connecting';

export type ConnectionBarProps = {
  readonly state: ConnectionState;
  /** Sales kept here and not yet with the shop. */
  readonly waiting?: number;
  /** They have waited for long: the count turns yellow. */
  readonly late?: boolean;
  readonly onOpen?: () => void;
};

const pictures: Record<ConnectionState, IconName> = { online: 'cloud', offline: 'cloud-off', connecting: 'clock' };

/** The link to the shop in words, in one fixed place; offline is grey and calm, because selling goes on. */
export const ConnectionBar = ({ state, waiting = 0, late = false, onOpen }: ConnectionBarProps) => {
  const t = useUiT();
  return (
    <button
      type="button"
      className={`zg-press ${classes.bar}`}
      data-testid="connection"
      data-state={state}
      data-waiting={waiting}
      data-late={late || undefined}
      disabled={onOpen === undefined}
      onClick={onOpen}
    >
      <span className={classes.part} data-state={state}>
        <Icon name={pictures[state]} size="small" />
        <span className={classes.long}>{t(`connection.${state}`)}</span>
        <span className={classes.short} aria-hidden="true">
          {t(`connection.${state}.short`)}
        </span>
      </span>
      {waiting > 0 && (
        <span className={classes.waiting}>
          <Icon name="upload" size="small" />
          <span className={classes.long}>{t('connection.waiting', { count: waiting })}</span>
          <span className={classes.short} aria-hidden="true">
            {waiting}
          </span>
        </span>
      )}
    </button>
  );
};
