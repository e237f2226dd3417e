import type { PhoneNotice } from '@zhanggui/api/contract';
import { Amount, Icon, type IconName, moneyOfMinor, usePick, WalletMark } from '@zhanggui/ui';
import { usePhone } from '../phone-context.ts';
import { goTo } from '../place-effect.ts';
import { useT } from '../texts.ts';
import classes from './banners.module.css';

export const noticePictures: Record<PhoneNotice['kind'], IconName> = {
  paid: 'check',
  refused: 'cross',
  refund: 'undo',
  reversed: 'undo',
};

export const NoticeAmount = ({ notice: { amountMinor } }: { notice: PhoneNotice }) =>
  amountMinor === undefined ? null : <Amount value={moneyOfMinor(amountMinor)} size="line" />;

/** What came in by itself; it stays until it is opened or put away. */
export const Banners = () => {
  const { session, tell } = usePhone();
  const t = useT();
  const pick = usePick();
  const open = ({ id, recordId }: PhoneNotice): void => {
    tell({ kind: 'banner-put-away', id });
    goTo(recordId === undefined ? { screen: 'bills', notices: true } : { screen: 'bill', id: recordId });
  };
  return (
    <div className={classes.banners} aria-live="polite">
      {session.banners.map((notice) => (
        <div key={notice.id} className={classes.banner} data-testid="banner" data-kind={notice.kind}>
          <button
            type="button"
            className={`zg-press ${classes.open}`}
            data-testid="banner-open"
            onClick={() => open(notice)}
          >
            <WalletMark wallet={notice.wallet} />
            <span className={classes.words}>
              <span className={classes.wallet}>
                <Icon name={noticePictures[notice.kind]} size="small" />
                {t(`wallet.${notice.wallet}`)}
              </span>
              <span>{pick(notice.text)}</span>
            </span>
            <NoticeAmount notice={notice} />
          </button>
          <button
            type="button"
            className={`zg-press ${classes.close}`}
            data-testid="banner-close"
            aria-label={t('page.close')}
            onClick={() => tell({ kind: 'banner-put-away', id: notice.id })}
          >
            <Icon name="cross" />
          </button>
        </div>
      ))}
    </div>
  );
};
