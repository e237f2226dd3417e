import { Icon, LanguageSwitch, useScheme, useUiT } from '@zhanggui/ui';
import { useT } from '../texts.ts';
import classes from './tools.module.css';

export type ToolsProps = { readonly hasRoom: boolean; readonly onFaults: () => void };

/** What belongs to the sandbox and not to the wallets: faults, light or dark, language. */
export const Tools = ({ hasRoom, onFaults }: ToolsProps) => {
  const t = useT();
  const ui = useUiT();
  const { scheme, toggleScheme } = useScheme();
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <span className={classes.tools}>
      <button
        type="button"
        className={`zg-press ${classes.tool}`}
        data-testid="break-things"
        title={t('page.break')}
        aria-label={t('page.break')}
        onClick={onFaults}
      >
        {hasRoom ? t('page.break') : <Icon name="exclamation" />}
      </button>
      <button
        type="button"
        className={`zg-press ${classes.tool}`}
        data-testid="scheme-switch"
        title={ui(`scheme.${other}`)}
        aria-label={ui(`scheme.${other}`)}
        onClick={toggleScheme}
      >
        <Icon name={other === 'dark' ? 'moon' : 'sun'} />
      </button>
      <LanguageSwitch />
    </span>
  );
};
