import { parseMoney } from '@zhanggui/money';
import { Keypad, LanguageSwitch, moneyOfMinor, moneyText, type PadKey, pressKey, Seal, usePick } from '@zhanggui/ui';
import { useState } from 'react';
import { currencyOf } from '../counter.ts';
import { usePadKeys } from '../session/pad-keys-effect.ts';
import { Action } from '../shell/action.tsx';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import classes from './open-shift-screen.module.css';

const limits = { wholeDigitsMax: 5, decimals: 2 };

/** The float is counted before the first sale. */
export const OpenShiftScreen = () => {
  const t = useT();
  const pick = usePick();
  const till = useTill();
  const session = useTillState((state) => state.session);
  const currency = currencyOf(session);
  const [pad, setPad] = useState('');
  const float = parseMoney(pad, currency) ?? moneyOfMinor('0', currency);
  const press = (key: PadKey) => setPad((text) => pressKey(text, key, limits));
  const go = () => void till.openShift(float);
  usePadKeys(press, go);
  if (!session) return null;
  return (
    <main className={classes.screen} data-testid="open-shift">
      <div className={classes.card}>
        <header className={classes.head}>
          <Seal size="var(--zg-mark-large)" />
          <div className={classes.names}>
            <h1 className={classes.title}>{t('shift.open.title')}</h1>
            <p className={classes.quiet}>
              {pick(session.till.name)} · {pick(session.staff.name)}
            </p>
          </div>
          <LanguageSwitch />
        </header>
        <p className={classes.quiet}>{t('shift.open.detail')}</p>
        <div className={classes.field}>
          <span className={classes.quiet}>{t('shift.open.float')}</span>
          <span className={classes.value} data-testid="float">
            {moneyText(float)}
          </span>
          <Action
            look="quiet"
            icon="backspace"
            label={t('tender.clear')}
            testId="float-back"
            onPress={() => press('back')}
          />
        </div>
        <Keypad layout="amount" testId="float-pad" onKey={press} />
        <Action look="pay" wide testId="open-shift-go" onPress={go}>
          {t('shift.open.go')}
        </Action>
        <Action look="quiet" icon="lock" testId="open-shift-sign-out" onPress={() => void till.signOut()}>
          {t('menu.sign-out')}
        </Action>
      </div>
    </main>
  );
};
