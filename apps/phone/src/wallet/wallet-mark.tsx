import type { Wallet } from '@zhanggui/api/contract';
import classes from './wallet-mark.module.css';

/** Three marks of our own, one shape each, so that they are told apart without colour and resemble nobody's. */
const marks: Record<Wallet, string> = {
  wechat: 'M7 9.5a5 5 0 0 1 10 0v5a5 5 0 0 1-10 0zM7 12h10',
  alipay: 'M12 5.5 18.5 12 12 18.5 5.5 12zM12 9v6',
  unionpay: 'M6 7h12M6 12h12M6 17h12M9 7v5M15 12v5',
};

export const WalletMark = ({ wallet }: { wallet: Wallet }) => (
  <span className={classes.mark} data-wallet={wallet} aria-hidden="true">
    <svg viewBox="0 0 24 24" className={classes.drawing}>
      <path d={marks[wallet]} />
    </svg>
  </span>
);
