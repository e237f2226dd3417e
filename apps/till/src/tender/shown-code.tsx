import { Amount, Icon, moneyText, QrCode } from '@zhanggui/ui';
import type { WalletAttempt } from '../records.ts';
import { useT } from '../use-t.ts';
import { AttemptWays } from './attempt-panel.tsx';
import { Countdown } from './countdown.tsx';
import classes from './phone-panel.module.css';

/**
 * Our code for the customer to scan, large, with what it asks for and how long it holds. It comes with the till: one that stays open
 * for days must not have to fetch it when the first customer wants to pay, from a server that may be another by then.
 */
export const ShownCode = ({ attempt, qr }: { attempt: WalletAttempt; qr: string }) => {
  const t = useT();
  const wallet = t(`wallet.${attempt.wallet}`);
  const amount = moneyText(attempt.amount);
  return (
    <div className={classes.shown} data-testid="attempt" data-kind="wallet" data-state={attempt.state}>
      <div className={classes.code}>
        <QrCode text={qr} label={t('phone.qr', { wallet, amount })} testId="qr" />
      </div>
      <div className={classes.beside}>
        <Amount value={attempt.amount} size="subtotal" strong />
        <h2 className={classes.title}>{t('phone.shown', { wallet })}</h2>
        <p className={classes.quiet}>{t('phone.shown.detail', { amount })}</p>
        {attempt.expiresAt !== null && (
          <p className={classes.countdown}>
            <Icon name="clock" />
            <Countdown until={attempt.expiresAt} />
          </p>
        )}
        <div className={classes.ways}>
          <AttemptWays attempt={attempt} />
        </div>
      </div>
    </div>
  );
};
