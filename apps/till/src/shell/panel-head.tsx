import { Action } from './action.tsx';
import classes from './panel-head.module.css';

/** Title of a panel and the way back, in the same corner on every panel. */
export const PanelHead = ({ title, back, onBack }: { title: string; back?: string; onBack?: () => void }) => (
  <header className={classes.head}>
    {back !== undefined && onBack !== undefined && (
      <Action look="quiet" icon="back" testId="panel-back" onPress={onBack}>
        {back}
      </Action>
    )}
    <h1 className={classes.title}>{title}</h1>
  </header>
);
