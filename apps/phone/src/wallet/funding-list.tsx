import type { PhoneWalletState } from '@zhanggui/api/contract';
import { Amount, Icon, moneyOfMinor } from '@zhanggui/ui';
import { useT } from '../texts.ts';
import classes from './funding-list.module.css';
import { useFundingName } from './funding-name.ts';

export type FundingListProps = {
  readonly wallet: PhoneWalletState;
  readonly chosen: string;
  /** The balance is too small for less than this. */
  readonly neededMinor?: string;
  readonly onChoose: (funding: string) => void;
};

/** The balance and the cards of a wallet, one of them chosen. */
export const FundingList = ({ wallet, chosen, neededMinor = '0', onChoose }: FundingListProps) => {
  const t = useT();
  const nameOf = useFundingName();
  const isShort = BigInt(wallet.balanceMinor) < BigInt(neededMinor);
  return (
    <div className={classes.list} role="radiogroup" aria-label={t('funding.title')}>
      {['balance', ...wallet.cards.map(({ id }) => id)].map((funding) => (
        <button
          key={funding}
          type="button"
          role="radio"
          aria-checked={funding === chosen}
          className={`zg-press ${classes.row}`}
          data-testid={`funding-${funding}`}
          disabled={funding === 'balance' && isShort}
          onClick={() => onChoose(funding)}
        >
          <Icon name={funding === 'balance' ? 'cash' : 'card'} />
          <span className={classes.name}>{nameOf(wallet.cards, funding)}</span>
          {funding === 'balance' && (
            <span className={classes.balance}>
              {isShort && <span>{t('funding.short')}</span>}
              <Amount value={moneyOfMinor(wallet.balanceMinor)} />
            </span>
          )}
          <span className={classes.dot} data-on={funding === chosen || undefined} aria-hidden="true" />
        </button>
      ))}
    </div>
  );
};
