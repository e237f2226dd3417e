import { Keypad, LanguageSwitch, type PadKey, Seal, usePick } from '@zhanggui/ui';
import { useState } from 'react';
import { Action } from '../shell/action.tsx';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import { usePadKeys } from './pad-keys-effect.ts';
import classes from './sign-in-screen.module.css';

const digitsMax = 8;
const pinDigitsMin = 4;

/** A PIN keeps its leading zeros, so it is typed as text, not as a number. */
const pressPin = (text: string, key: PadKey): string =>
  key === 'clear' ? '' : key === 'back' ? text.slice(0, -1) : text.length < digitsMax ? text + key : text;

const Tills = () => {
  const pick = usePick();
  const t = useT();
  const till = useTill();
  const tills = useTillState((state) => state.tills);
  const tillId = useTillState((state) => state.tillId);
  return (
    <div className={classes.tills} role="group" aria-label={t('sign-in.till')}>
      {tills.map(({ id, name }) => (
        <Action key={id} testId={`till-${id}`} pressed={id === tillId} onPress={() => till.chooseTill(id)}>
          {pick(name)}
        </Action>
      ))}
    </div>
  );
};

const Trouble = () => {
  const t = useT();
  const pick = usePick();
  const notice = useTillState((state) => state.notice);
  const connection = useTillState((state) => state.connection);
  const waiting = useTillState((state) => state.outbox.length);
  const words =
    notice?.kind === 'server'
      ? pick(notice.message)
      : notice?.kind === 'signed-out-elsewhere'
        ? t('notice.signed-out-elsewhere')
        : connection === 'offline'
          ? t('sign-in.offline')
          : waiting > 0
            ? t('sign-in.kept', { count: waiting })
            : undefined;
  return (
    <p
      className={classes.trouble}
      role="status"
      data-testid="sign-in-trouble"
      data-shown={words !== undefined || undefined}
    >
      {words}
    </p>
  );
};

/** Staff number, then PIN. The PIN lives in this component alone, as dots, and is gone once sent. */
export const SignInScreen = () => {
  const t = useT();
  const till = useTill();
  const busy = useTillState((state) => state.busy);
  const [number, setNumber] = useState('');
  const [pin, setPin] = useState('');
  const [step, setStep] = useState<'number' | 'pin'>('number');
  const isReady = step === 'number' ? number !== '' : pin.length >= pinDigitsMin;
  const press = (key: PadKey) => (step === 'number' ? setNumber(pressPin(number, key)) : setPin(pressPin(pin, key)));
  const go = () => {
    if (!isReady || busy) return;
    if (step === 'number') return setStep('pin');
    setPin('');
    void till.signIn(number, pin);
  };
  usePadKeys(press, go);
  return (
    <main className={classes.screen} data-testid="sign-in">
      <div className={classes.card}>
        <header className={classes.head}>
          <Seal size="var(--zg-mark-large)" />
          <h1 className={classes.title}>{t('sign-in.title')}</h1>
          <LanguageSwitch />
        </header>
        <Tills />
        <button
          type="button"
          className={`zg-press ${classes.field}`}
          data-current={step === 'number' || undefined}
          data-testid="staff-number"
          onClick={() => setStep('number')}
        >
          <span className={classes.label}>{t('sign-in.number')}</span>
          <span className={classes.value}>{number}</span>
        </button>
        <button
          type="button"
          className={`zg-press ${classes.field}`}
          data-current={step === 'pin' || undefined}
          data-testid="staff-pin"
          disabled={number === ''}
          aria-label={t('sign-in.pin.typed', { count: pin.length })}
          onClick={() => setStep('pin')}
        >
          <span className={classes.label}>{t('sign-in.pin')}</span>
          <span className={classes.value}>{'●'.repeat(pin.length)}</span>
        </button>
        <Trouble />
        <Keypad layout="pin" testId="sign-in-pad" onKey={press} />
        <Action look="pay" wide testId="sign-in-go" disabled={!isReady || busy} onPress={go}>
          {step === 'number' ? t('sign-in.next') : t('sign-in.go')}
        </Action>
      </div>
    </main>
  );
};
