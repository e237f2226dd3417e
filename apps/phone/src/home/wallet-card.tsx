import { Amount, Icon, moneyOfMinor } from '@zhanggui/ui';
import { goTo } from '../place-effect.ts';
import { useT } from '../texts.ts';
import { useChosenWallet } from '../wallet/chosen-wallet-effect.ts';
import { useFundingName } from '../wallet/funding-name.ts';
import classes from './wallet-card.module.css';

/** The wallet in front: its balance and what it pays from; a tap leads to both. */
export const WalletCard = () => {
  const t = useT();
  const nameOf = useFundingName();
  const { wallet, balanceMinor, cards, funding } = useChosenWallet();
  return (
    <button
      type="button"
      className={`zg-press ${classes.card}`}
      data-wallet={wallet}
      data-testid="wallet-card"
      onClick={() => goTo({ screen: 'cards' })}
    >
      <span className={classes.line}>
        {t(`wallet.${wallet}`)} · {t('wallet.balance')}
      </span>
      <Amount value={moneyOfMinor(balanceMinor)} size="subtotal" strong testId="balance" />
      <span className={classes.line} data-testid="pays-from">
        <span>{t('wallet.pays-from', { funding: nameOf(cards, funding) })}</span>
        <Icon name="right" />
      </span>
    </button>
  );
};
