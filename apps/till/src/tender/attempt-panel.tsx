import { type LocalText, moneyText, StatusPanel, usePick } from '@zhanggui/ui';
import type { CardAttempt } from '../records.ts';
import { Action } from '../shell/action.tsx';
import { useNow } from '../shell/clock-effect.ts';
import { useTill } from '../till-context.ts';
import { useT } from '../use-t.ts';
import classes from './attempt-panel.module.css';
import { type AttemptAction, attemptLooks, waitedSeconds } from './attempt-view.ts';

const sentence = (text: LocalText | null, pick: (text: LocalText) => string): string => {
  const reason = text ? pick(text) : '';
  return reason === '' || /[.。!！?？]$/.test(reason) ? reason : `${reason}${pick({ zh: '。', en: '.' })}`;
};

const codeOf = ({ code, trace }: CardAttempt, t: ReturnType<typeof useT>): string | undefined => {
  if (code === null) return undefined;
  return trace.stan ? t('attempt.code', { code, stan: trace.stan }) : t('attempt.code.only', { code });
};

const Way = ({ action, attempt }: { action: AttemptAction; attempt: CardAttempt }) => {
  const t = useT();
  const till = useTill();
  switch (action) {
    case 'cancel':
      return (
        <Action testId="attempt-cancel" icon="cross" onPress={() => void till.cancelCard()}>
          {t('attempt.cancel')}
        </Action>
      );
    case 'retry':
      return (
        <Action look="primary" testId="attempt-retry" icon="card" onPress={() => void till.payCard(attempt.amount)}>
          {t('attempt.retry', { amount: moneyText(attempt.amount) })}
        </Action>
      );
    case 'ask-again':
      return (
        <Action look="primary" testId="attempt-ask-again" icon="repeat" onPress={() => void till.askAgain()}>
          {t('attempt.ask-again')}
        </Action>
      );
    case 'set-aside':
      return (
        <Action testId="attempt-set-aside" icon="pause" onPress={() => void till.park()}>
          {t('attempt.set-aside')}
        </Action>
      );
  }
};

/** Where the card payment stands: what happened, whether money moved, what to do now. */
export const AttemptPanel = ({ attempt }: { attempt: CardAttempt }) => {
  const t = useT();
  const pick = usePick();
  const now = useNow(1000);
  const { role, icon, actions } = attemptLooks[attempt.state];
  const values = { amount: moneyText(attempt.amount), reason: sentence(attempt.text, pick) };
  const seconds = waitedSeconds(attempt, now);
  return (
    <div className={classes.place} data-testid="attempt" data-state={attempt.state}>
      <StatusPanel
        role={role}
        icon={icon}
        title={t(`attempt.${attempt.state}`)}
        detail={
          <>
            {t(`attempt.${attempt.state}.detail`, values)}
            {seconds !== undefined && <span className={classes.waited}>{t('attempt.waited', { seconds })}</span>}
          </>
        }
        code={codeOf(attempt, t)}
      >
        {actions.length > 0 && actions.map((action) => <Way key={action} action={action} attempt={attempt} />)}
      </StatusPanel>
    </div>
  );
};
