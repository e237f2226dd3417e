import {
  Amount,
  Icon,
  type IconName,
  LanguageSwitch,
  moneyText,
  QrCode,
  SandboxStripe,
  Seal,
  usePick,
} from '@zhanggui/ui';
import { Countdown } from '../tender/countdown.tsx';
import { useT } from '../use-t.ts';
import { useSnapshot } from './display-effect.ts';
import { DisplayLines } from './display-lines.tsx';
import classes from './display-screen.module.css';
import type { DisplayAsk, DisplayScene, DisplaySnapshot } from './display-snapshot.ts';

type Sale = DisplayScene & { kind: 'sale' };

const Welcome = ({ snapshot }: { snapshot: DisplaySnapshot | undefined }) => {
  const t = useT();
  const pick = usePick();
  return (
    <div className={classes.middle} data-testid="display-idle">
      <Seal size="var(--zg-mark-large)" />
      {snapshot?.shop && <h1 className={classes.shop}>{pick(snapshot.shop)}</h1>}
      <p className={classes.words}>{snapshot?.shop ? t('display.welcome') : t('display.none')}</p>
    </div>
  );
};

const ScanUs = ({ ask }: { ask: DisplayAsk & { kind: 'scan' } }) => {
  const t = useT();
  const wallet = t(`wallet.${ask.wallet}`);
  return (
    <div className={classes.ask} data-testid="display-scan">
      <div className={classes.code}>
        <QrCode text={ask.qr} label={t('phone.qr', { wallet, amount: moneyText(ask.amount) })} testId="display-qr" />
      </div>
      <Amount value={ask.amount} size="change" strong testId="display-amount" />
      <p className={classes.order}>{t('display.scan', { wallet })}</p>
      {ask.expiresAt !== null && (
        <p className={classes.countdown}>
          <Icon name="clock" />
          <Countdown until={ask.expiresAt} />
        </p>
      )}
    </div>
  );
};

const askIcons = {
  present: 'qr',
  password: 'phone',
  card: 'card',
  wait: 'clock',
  unpaid: 'cross',
} as const satisfies Record<Exclude<DisplayAsk['kind'], 'scan'>, IconName>;

const Ask = ({ ask }: { ask: DisplayAsk }) => {
  const t = useT();
  if (ask.kind === 'scan') return <ScanUs ask={ask} />;
  return (
    <div className={classes.ask} data-testid={`display-${ask.kind}`}>
      <span className={classes.disc} data-quiet={ask.kind === 'unpaid' || undefined}>
        <Icon name={askIcons[ask.kind]} size="large" />
      </span>
      <Amount value={ask.amount} size="change" strong testId="display-amount" />
      <p className={classes.order}>{t(`display.${ask.kind}`)}</p>
      {ask.kind === 'unpaid' && <p className={classes.words}>{t('display.unpaid.detail')}</p>}
      {ask.kind === 'password' && (
        <p className={classes.words}>
          {t('display.password.detail', { wallet: t(`wallet.${ask.wallet}`), amount: moneyText(ask.amount) })}
        </p>
      )}
    </div>
  );
};

const Figures = ({ scene }: { scene: Sale }) => {
  const t = useT();
  const isPart = scene.paid.minor > 0n;
  return (
    <footer className={classes.figures}>
      <div className={classes.small}>
        <span>{t('basket.pieces', { count: scene.pieceCount })}</span>
        {scene.discount.minor > 0n && (
          <span className={classes.saved}>{t('display.saved', { amount: moneyText(scene.discount) })}</span>
        )}
        {isPart && (
          <span data-testid="display-paid">
            {t('display.paid')} <Amount value={scene.paid} />
          </span>
        )}
      </div>
      <span className={classes.sum}>
        <span className={classes.label}>{isPart ? t('display.left') : t('display.total')}</span>
        <Amount value={isPart ? scene.left : scene.total} size="change" strong testId="display-total" />
      </span>
    </footer>
  );
};

const SaleScene = ({ scene }: { scene: Sale }) => (
  <div className={classes.sale} data-asking={scene.ask !== null || undefined} data-testid="display-sale">
    <section className={classes.goods}>
      <DisplayLines lines={scene.lines} changedId={scene.changedId} />
      <Figures scene={scene} />
    </section>
    {scene.ask && <Ask ask={scene.ask} />}
  </div>
);

const Done = ({ scene }: { scene: DisplayScene & { kind: 'done' } }) => {
  const t = useT();
  return (
    <div className={classes.middle} data-testid="display-done">
      <span className={classes.disc} data-ok>
        <Icon name="check" size="large" />
      </span>
      <h1 className={classes.shop}>{t('display.thanks')}</h1>
      <p className={classes.words}>{t('display.received', { amount: moneyText(scene.received) })}</p>
      {scene.hasChange && (
        <p className={classes.change}>
          <span className={classes.label}>{t('display.change')}</span>
          <Amount value={scene.change} size="change" strong testId="display-change" />
        </p>
      )}
    </div>
  );
};

const Scene = ({ snapshot }: { snapshot: DisplaySnapshot | undefined }) => {
  const scene = snapshot?.scene;
  switch (scene?.kind) {
    case 'sale':
      return <SaleScene scene={scene} />;
    case 'done':
      return <Done scene={scene} />;
    default:
      return <Welcome snapshot={snapshot} />;
  }
};

/** The screen turned to the customer: goods as they are scanned, what is owed, what to do now, thanks. */
export const DisplayScreen = ({ channel }: { channel: string }) => {
  const t = useT();
  const pick = usePick();
  const snapshot = useSnapshot(channel);
  const isQuiet = snapshot === undefined || snapshot.scene.kind === 'idle';
  return (
    <main className={classes.screen} data-testid="display" aria-label={t('display.title')}>
      {snapshot?.sandbox && <SandboxStripe />}
      <header className={classes.bar}>
        {!isQuiet && (
          <>
            <Seal />
            <span className={classes.name}>{snapshot.shop && pick(snapshot.shop)}</span>
          </>
        )}
        <span className={classes.gap} />
        <LanguageSwitch />
      </header>
      <Scene snapshot={snapshot} />
    </main>
  );
};
