import { Icon } from '@zhanggui/ui';
import { useState } from 'react';
import { useT } from '../texts.ts';
import classes from './copyable.module.css';

/** A number somebody will type into another system: whole, and copied with a press where the browser lets a page copy. */
export const Copyable = ({ name, text, testId }: { name: string; text: string; testId?: string }) => {
  const t = useT();
  const [copied, setCopied] = useState<string>();
  const isCopied = copied === text;
  const label = isCopied ? t('copy.done') : t('copy.do', { name });
  return (
    <span className={classes.copyable}>
      <span className={classes.code} data-testid={testId}>
        {text}
      </span>
      {window.isSecureContext && (
        <button
          type="button"
          className={`zg-press ${classes.copy}`}
          aria-label={label}
          title={label}
          onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(text))}
        >
          <Icon name={isCopied ? 'check' : 'copy'} size="small" />
        </button>
      )}
    </span>
  );
};
