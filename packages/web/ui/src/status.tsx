import type { ReactNode } from 'react';
import { Icon, type IconName } from './icons.tsx';
import classes from './status.module.css';

/** A state in three ways at once: colour, picture, word. Unknown never looks like success. */
export type StatusRole = 'ok' | 'danger' | 'warn' | 'unknown' | 'offline' | 'busy' | 'info';

const pictures: Record<StatusRole, IconName> = {
  ok: 'check',
  danger: 'cross',
  warn: 'exclamation',
  unknown: 'question',
  offline: 'cloud-off',
  busy: 'clock',
  info: 'circle',
};

export type StatusProps = {
  readonly role: StatusRole;
  readonly label: string;
  readonly icon?: IconName;
  /** `plain` is text in a bar, `badge` a small filled label. */
  readonly look?: 'plain' | 'badge';
  readonly testId?: string;
};

export const Status = ({ role, label, icon, look = 'badge', testId }: StatusProps) => (
  <span className={classes.status} data-role={role} data-look={look} data-testid={testId}>
    <Icon name={icon ?? pictures[role]} size="small" />
    <span className={classes.label}>{label}</span>
  </span>
);

export type StatusPanelProps = {
  readonly role: StatusRole;
  readonly title: string;
  readonly icon?: IconName;
  /** What happened to the money, what to do next. */
  readonly detail?: ReactNode;
  /** For support, small and last. */
  readonly code?: string;
  /** Ways on. */
  readonly children?: ReactNode;
  readonly testId?: string;
};

/** A state that has a place of its own: what happened, whether money moved, what to do next, and the code last. */
export const StatusPanel = ({ role, title, icon, detail, code, children, testId }: StatusPanelProps) => (
  <section className={classes.panel} data-role={role} data-testid={testId} role="status">
    <span className={classes.disc}>
      <Icon name={icon ?? pictures[role]} size="large" />
    </span>
    <div className={classes.words}>
      <h2 className={classes.title}>{title}</h2>
      {detail !== undefined && <div className={classes.detail}>{detail}</div>}
      {code !== undefined && <div className={classes.code}>{code}</div>}
    </div>
    {children !== undefined && <div className={classes.ways}>{children}</div>}
  </section>
);
