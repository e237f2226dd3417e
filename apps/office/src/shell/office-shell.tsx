import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { Icon, type IconName, LanguageSwitch, Seal, usePick, useScheme } from '@zhanggui/ui';
import { office, Refusal } from '../api.ts';
import type { officeTexts } from '../office-texts.ts';
import { SignInScreen } from '../sign-in/sign-in-screen.tsx';
import { useT } from '../texts.ts';
import { Waiting, WentWrong } from './answer.tsx';
import classes from './office-shell.module.css';

const jobs: readonly {
  to: '/today' | '/sales' | '/payments' | '/qr-payments' | '/reconciliation' | '/goods';
  text: keyof typeof officeTexts;
  icon: IconName;
}[] = [
  { to: '/today', text: 'nav.today', icon: 'layout' },
  { to: '/sales', text: 'nav.sales', icon: 'receipt' },
  { to: '/payments', text: 'nav.payments', icon: 'card' },
  { to: '/qr-payments', text: 'nav.qr-payments', icon: 'qr' },
  { to: '/reconciliation', text: 'nav.reconciliation', icon: 'balance' },
  { to: '/goods', text: 'nav.goods', icon: 'tag' },
];

const Navigation = () => {
  const t = useT();
  return (
    <nav className={classes.nav} aria-label={t('nav.label')}>
      {jobs.map((job) => (
        <Link
          key={job.to}
          to={job.to}
          className={classes.link}
          activeProps={{ 'data-active': true }}
          data-testid={`nav-${job.to.slice(1)}`}
        >
          <Icon name={job.icon} />
          <span>{t(job.text)}</span>
        </Link>
      ))}
    </nav>
  );
};

const Foot = ({ name }: { name: string }) => {
  const t = useT();
  const client = useQueryClient();
  const { scheme, toggleScheme } = useScheme();
  const leave = () => void office.signOut().then(() => client.resetQueries());
  return (
    <div className={classes.foot}>
      <span className={classes.person}>
        <Icon name="person" size="small" /> {name}
      </span>
      <div className={classes.tools}>
        <LanguageSwitch />
        <button
          type="button"
          className={`zg-press ${classes.tool}`}
          onClick={toggleScheme}
          aria-label={t(scheme === 'dark' ? 'nav.light' : 'nav.dark')}
          title={t(scheme === 'dark' ? 'nav.light' : 'nav.dark')}
          data-testid="scheme-switch"
        >
          <Icon name={scheme === 'dark' ? 'sun' : 'moon'} size="small" />
        </button>
        <button type="button" className={`zg-press ${classes.tool}`} onClick={leave} data-testid="sign-out">
          {t('nav.signOut')}
        </button>
      </div>
    </div>
  );
};

/** The frame of every office screen; without a session it is the sign-in. */
export const OfficeShell = () => {
  const t = useT();
  const pick = usePick();
  const session = useQuery({ queryKey: ['session'], queryFn: office.session });
  if (session.isPending) return <Waiting />;
  if (session.error instanceof Refusal && session.error.status === 401) return <SignInScreen />;
  if (!session.data) return <WentWrong error={session.error} onAgain={() => void session.refetch()} />;
  return (
    <div className={classes.frame}>
      <aside className={classes.side}>
        <div className={classes.brand}>
          <Seal />
          <div>
            <div className={classes.shop}>{pick(session.data.shop.name)}</div>
            <div className={classes.note}>{t('app.title')}</div>
          </div>
        </div>
        <Navigation />
        <Foot name={pick(session.data.staff.name)} />
      </aside>
      <main className={classes.main}>
        <Outlet />
      </main>
    </div>
  );
};
