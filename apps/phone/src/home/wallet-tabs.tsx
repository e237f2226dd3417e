import { WalletMark } from '@zhanggui/ui';
import { usePhone } from '../phone-context.ts';
import { useT } from '../texts.ts';
import { chooseWallet, useChosenWallet } from '../wallet/chosen-wallet-effect.ts';
import classes from './wallet-tabs.module.css';

/** Which of the phone's wallets is in front. */
export const WalletTabs = () => {
  const t = useT();
  const { wallets } = usePhone().view;
  const chosen = useChosenWallet().wallet;
  return (
    <div className={classes.tabs} role="radiogroup" aria-label={t('wallet.choose')} data-testid="wallet-tabs">
      {wallets.map(({ wallet }) => (
        <button
          key={wallet}
          type="button"
          role="radio"
          aria-checked={wallet === chosen}
          className={`zg-press ${classes.tab}`}
          data-testid={`wallet-${wallet}`}
          onClick={() => chooseWallet(wallet)}
        >
          <WalletMark wallet={wallet} />
          <span>{t(`wallet.${wallet}.short`)}</span>
        </button>
      ))}
    </div>
  );
};
