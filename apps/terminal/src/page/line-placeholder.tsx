import { StatusPanel } from '@zhanggui/ui';
import type { LineState } from '../ports.ts';
import { useT } from '../texts.ts';
import classes from './terminal-page.module.css';

/** Before the first view there is nothing true to draw but the state of the line. */
export const LinePlaceholder = ({ line }: { line: LineState }) => {
  const t = useT();
  return (
    <div className={classes.placeholder}>
      {line === 'lost' ? (
        <StatusPanel role="offline" title={t('line.lost')} testId="line-lost" />
      ) : (
        <StatusPanel role="busy" title={t('line.connecting')} testId="line-connecting" />
      )}
    </div>
  );
};
