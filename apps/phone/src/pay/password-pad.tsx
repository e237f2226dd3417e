import { Keypad, Status } from '@zhanggui/ui';
import { type ReactNode, useState } from 'react';
import { useT } from '../texts.ts';
import { useKeyboard } from './keyboard-effect.ts';
import classes from './password-pad.module.css';
import { passwordDigits, typedPassword } from './pay-view.ts';

export type PasswordPadProps = {
  readonly isBusy: boolean;
  /** What was wrong with the last one. */
  readonly trouble: ReactNode;
  readonly onFull: (password: string) => void;
};

/** Six digits, never shown; the sixth sends them, and they are forgotten here at once. */
export const PasswordPad = ({ isBusy, trouble, onFull }: PasswordPadProps) => {
  const t = useT();
  const [digits, setDigits] = useState('');
  const press = (key: string): void => {
    if (isBusy) return;
    const typed = typedPassword(digits, key);
    setDigits(typed.length === passwordDigits ? '' : typed);
    if (typed.length === passwordDigits) onFull(typed);
  };
  useKeyboard(press);
  const count = isBusy ? passwordDigits : digits.length;
  return (
    <div className={classes.pad} data-testid="password-pad">
      <p className={classes.title}>{t('pay.password')}</p>
      <div className={classes.dots} role="img" aria-label={t('pay.entered', { count })} data-count={count}>
        {Array.from({ length: passwordDigits }, (_, index) => (
          <span key={index} className={classes.dot} data-full={index < count || undefined} />
        ))}
      </div>
      <div className={classes.line}>
        {isBusy ? (
          <Status role="busy" label={t('pay.busy')} look="plain" testId="pay-busy" />
        ) : (
          (trouble ?? <span className={classes.hint}>{t('pay.password.hint')}</span>)
        )}
      </div>
      <Keypad layout="pin" disabled={isBusy} testId="password" onKey={press} />
    </div>
  );
};
