import { Icon, usePick, WalletMark } from '@zhanggui/ui';
import { usePhone } from '../phone-context.ts';
import { goTo, turnTo } from '../place-effect.ts';
import { NoticeAmount, noticePictures } from '../shell/banners.tsx';
import { Screen } from '../shell/screen.tsx';
import { useT } from '../texts.ts';
import { BillRow } from './bill-row.tsx';
import classes from './bills-screen.module.css';
import { type BillDay, billDays } from './bills-view.ts';
import { useTimeTexts } from './time-text.ts';

/** Everything that went out and came back, and everything the wallets told. */
export const BillsScreen = ({ areNotices }: { areNotices: boolean }) => {
  const t = useT();
  const sides = [
    { name: 'records', on: !areNotices, notices: false },
    { name: 'notices', on: areNotices, notices: true },
  ] as const;
  return (
    <Screen name="bills" title={t('bills.title')}>
      <div className={classes.sides} role="tablist">
        {sides.map(({ name, on, notices }) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={on}
            className={`zg-press ${classes.side}`}
            data-testid={`bills-${name}`}
            onClick={() => turnTo({ screen: 'bills', notices })}
          >
            {t(`bills.${name}`)}
          </button>
        ))}
      </div>
      {areNotices ? <Notices /> : <Records />}
    </Screen>
  );
};

const Records = () => {
  const t = useT();
  const { view } = usePhone();
  const { day } = useTimeTexts();
  const titleOf = (group: BillDay): string => (group.when === 'earlier' ? group.day : t(`bills.${group.when}`));
  if (view.history.length === 0) return <Nothing title={t('bills.none')} hint={t('bills.none.hint')} />;
  return (
    <div className={classes.list}>
      {billDays(view.history, { now: view.now, dayOf: day }).map((group) => (
        <section key={group.day} className={classes.day}>
          <h3 className={classes.dayTitle}>{titleOf(group)}</h3>
          <div className={classes.rows}>
            {group.records.map((record) => (
              <BillRow key={record.id} record={record} />
            ))}
          </div>
        </section>
      ))}
    </div>
  );
};

const Notices = () => {
  const t = useT();
  const pick = usePick();
  const { notices } = usePhone().view;
  const { full } = useTimeTexts();
  if (notices.length === 0) return <Nothing title={t('bills.no-notices')} />;
  return (
    <div className={classes.list}>
      <div className={classes.rows}>
        {notices.map((notice) => (
          <button
            key={notice.id}
            type="button"
            className={`zg-press ${classes.notice}`}
            data-testid="notice-row"
            data-kind={notice.kind}
            disabled={notice.recordId === undefined}
            onClick={() => notice.recordId !== undefined && goTo({ screen: 'bill', id: notice.recordId })}
          >
            <WalletMark wallet={notice.wallet} />
            <span className={classes.words}>
              <span>{pick(notice.text)}</span>
              <span className={classes.at}>{full(notice.at)}</span>
            </span>
            <NoticeAmount notice={notice} />
            <Icon name={noticePictures[notice.kind]} size="small" />
          </button>
        ))}
      </div>
    </div>
  );
};

const Nothing = ({ title, hint }: { title: string; hint?: string }) => (
  <div className={classes.nothing} data-testid="bills-none">
    <Icon name="receipt" size="large" />
    <p className={classes.nothingTitle}>{title}</p>
    {hint && <p className={classes.hint}>{hint}</p>}
  </div>
);
