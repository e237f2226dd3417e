import { Icon, moneyText, StatusPanel } from '@zhanggui/ui';
import { lazy, Suspense, useState } from 'react';
import { Action } from '../shell/action.tsx';
import { useTill } from '../till-context.ts';
import { useT } from '../use-t.ts';
import { AttemptPanel } from './attempt-panel.tsx';
import { phoneFace } from './attempt-view.ts';
import classes from './phone-panel.module.css';
import { ShownCode } from './shown-code.tsx';
import type { TenderView } from './tender-view.ts';

const CameraReader = lazy(() => import('../scan/camera-reader.tsx'));

const CodeField = () => {
  const t = useT();
  const till = useTill();
  const [text, setText] = useState('');
  return (
    <form
      className={classes.field}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        void till.takeCode(text);
        setText('');
      }}
    >
      <label className={classes.fieldLabel}>
        <span>{t('phone.field')}</span>
        <input
          className={classes.input}
          data-testid="phone-code"
          inputMode="numeric"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button
        type="submit"
        className={`zg-press ${classes.go}`}
        data-testid="phone-code-go"
        disabled={text.trim() === ''}
      >
        {t('phone.field.go')}
      </button>
    </form>
  );
};

const Camera = () => {
  const t = useT();
  const till = useTill();
  const [isOn, setOn] = useState(false);
  return (
    <>
      {isOn && (
        <Suspense fallback={<p className={classes.quiet}>{t('camera.loading')}</p>}>
          <CameraReader
            onCode={(text) => {
              setOn(false);
              void till.takeCode(text);
            }}
          />
        </Suspense>
      )}
      <Action icon="camera" testId="phone-camera" onPress={() => setOn(!isOn)}>
        {t(isOn ? 'phone.camera.off' : 'phone.camera')}
      </Action>
    </>
  );
};

const TheirCode = ({ view }: { view: TenderView }) => {
  const t = useT();
  return (
    <section className={classes.part} data-main>
      <div className={classes.head}>
        <span className={classes.disc}>
          <Icon name="scan" size="large" />
        </span>
        <div>
          <h2 className={classes.title}>{t('phone.scan')}</h2>
          <p className={classes.quiet}>{t('phone.scan.hint', { amount: moneyText(view.phone.amount) })}</p>
        </div>
      </div>
      <CodeField />
      <Camera />
    </section>
  );
};

const OurCode = ({ view }: { view: TenderView }) => {
  const t = useT();
  const till = useTill();
  const { wallets, amount } = view.phone;
  return (
    <section className={classes.part}>
      <h2 className={classes.subtitle}>{t('phone.show')}</h2>
      {wallets.map((wallet) => (
        <Action
          key={wallet}
          icon="qr"
          testId={`show-code-${wallet}`}
          onPress={() => void till.showCode(wallet, amount)}
        >
          {t('phone.show.wallet', { wallet: t(`wallet.${wallet}`) })}
        </Action>
      ))}
    </section>
  );
};

/** Payment from the customer's phone: their code to us, or ours to them, and what became of it. */
export const PhonePanel = ({ view }: { view: TenderView }) => {
  const t = useT();
  const { attempt, phone } = view;
  if (attempt?.kind === 'wallet')
    return attempt.qr !== null && phoneFace(attempt) === 'shown' ? (
      <ShownCode attempt={attempt} qr={attempt.qr} />
    ) : (
      <AttemptPanel attempt={attempt} />
    );
  if (phone.refusal === 'none') return <StatusPanel role="offline" icon="phone" title={t('tender.phone.none')} />;
  if (phone.refusal === 'offline') return <StatusPanel role="offline" title={t('tender.phone.offline')} />;
  return (
    <div className={classes.both} data-testid="phone-panel">
      <TheirCode view={view} />
      <OurCode view={view} />
    </div>
  );
};
