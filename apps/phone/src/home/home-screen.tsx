import { usePick } from '@zhanggui/ui';
import type { ReactNode } from 'react';
import { BillRow } from '../bills/bill-row.tsx';
import { usePhone } from '../phone-context.ts';
import { goTo } from '../place-effect.ts';
import { ShownButton } from '../scan/shown-button.tsx';
import { BigButton } from '../shell/big-button.tsx';
import { useT } from '../texts.ts';
import classes from './home-screen.module.css';
import { WalletCard } from './wallet-card.tsx';
import { WalletTabs } from './wallet-tabs.tsx';

const recentMax = 6;

/** Which wallet, how much is in it, and at the bottom, for the thumb, the two ways to pay. */
export const HomeScreen = ({ tools }: { tools: ReactNode }) => {
  const t = useT();
  const pick = usePick();
  const { view } = usePhone();
  return (
    <section className={classes.home} data-testid="screen-home">
      <header className={classes.head}>
        <h2 className={classes.hello}>{t('home.hello', { name: pick(view.consumer.name) })}</h2>
        {tools}
      </header>
      <div className={classes.body}>
        <WalletTabs />
        <WalletCard />
        <Recent />
      </div>
      <footer className={classes.foot}>
        <ShownButton look="plain" />
        <div className={classes.ways}>
          <BigButton look="tile" icon="camera" testId="open-scan" onPress={() => goTo({ screen: 'scan' })}>
            {t('home.scan')}
          </BigButton>
          <BigButton look="main-tile" icon="qr" testId="open-code" onPress={() => goTo({ screen: 'code' })}>
            {t('home.code')}
          </BigButton>
        </div>
      </footer>
    </section>
  );
};

const Recent = () => {
  const t = useT();
  const { history } = usePhone().view;
  return (
    <div className={classes.recent}>
      <div className={classes.recentHead}>
        <h3 className={classes.recentTitle}>{t('home.recent')}</h3>
        <button
          type="button"
          className={`zg-press ${classes.all}`}
          data-testid="open-bills"
          onClick={() => goTo({ screen: 'bills', notices: false })}
        >
          {t('home.all')}
        </button>
      </div>
      {history.length === 0 && <p className={classes.none}>{t('bills.none.hint')}</p>}
      <div className={classes.rows}>
        {history.slice(0, recentMax).map((record) => (
          <BillRow key={record.id} record={record} />
        ))}
      </div>
    </div>
  );
};
