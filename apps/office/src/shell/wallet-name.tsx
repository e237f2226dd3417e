import type { Wallet } from '@zhanggui/api/contract';
import { WalletMark } from '@zhanggui/ui';
import { useT } from '../texts.ts';
import classes from './wallet-name.module.css';

export const WalletName = ({ wallet }: { wallet: Wallet }) => {
  const t = useT();
  return (
    <span className={classes.name}>
      <WalletMark wallet={wallet} size="small" />
      {t(`tender.${wallet}`)}
    </span>
  );
};
