import classes from './wallet-mark.module.css';

/** Three marks of our own, one shape each, so that they are told apart without colour and resemble nobody's. */
const marks = {
  wechat: 'M7 9.5a5 5 0 0 1 10 0v5a5 5 0 0 1-10 0zM7 12h10',
  alipay: 'M12 5.5 18.5 12 12 18.5 5.5 12zM12 9v6',
  unionpay: 'M6 7h12M6 12h12M6 17h12M9 7v5M15 12v5',
} as const;

export type WalletMarkProps = {
  readonly wallet: keyof typeof marks;
  /** `small` stands in a line of text, beside the wallet's name. */
  readonly size?: 'small' | 'normal';
};

/** A wallet at a glance; its name stands beside it. */
export const WalletMark = ({ wallet, size = 'normal' }: WalletMarkProps) => (
  <span className={classes.mark} data-wallet={wallet} data-size={size} aria-hidden="true">
    <svg viewBox="0 0 24 24" className={classes.drawing}>
      <path d={marks[wallet]} />
    </svg>
  </span>
);
