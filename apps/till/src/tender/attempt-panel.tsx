import { type LocalText, moneyText, StatusPanel, usePick } from '@zhanggui/ui';
import type { Attempt } from '../records.ts';
import { Action } from '../shell/action.tsx';
import { useNow } from '../shell/clock-effect.ts';
import { useTill } from '../till-context.ts';
import { useT } from '../use-t.ts';
import classes from './attempt-panel.module.css';
import { type AttemptAction, attemptLook, phoneFace, waitedSeconds } from './attempt-view.ts';

const noReason: LocalText = { zh: '没有说明原因', en: 'No reason was given' };

const sentence = (text: LocalText | null, pick: (text: LocalText) => string): string => {
  const reason = pick(text ?? noReason);
  return reason === '' || /[.。!！?？]$/.test(reason) ? reason : `${reason}${pick({ zh: '。', en: '.' })}`;
};

type T = ReturnType<typeof useT>;

const codeOf = (attempt: Attempt, t: T): string | undefined => {
  const { code } = attempt;
  if (code === null) return undefined;
  if (attempt.kind === 'wallet') return t('phone.code', { code });
  const { stan } = attempt.trace;
  return stan ? t('attempt.code', { code, stan }) : t('attempt.code.only', { code });
};

const wordsOf = (attempt: Attempt, reason: string, t: T): { title: string; detail: string } => {
  const amount = moneyText(attempt.amount);
  if (attempt.kind === 'card')
    return {
      title: t(`attempt.${attempt.state}`),
      detail: t(`attempt.${attempt.state}.detail`, { amount, reason }),
    };
  const face = phoneFace(attempt);
  const wallet = t(`wallet.${attempt.wallet}`);
  return { title: t(`phone.${face}`, { wallet }), detail: t(`phone.${face}.detail`, { amount, reason, wallet }) };
};

const Retry = ({ attempt }: { attempt: Attempt }) => {
  const t = useT();
  const till = useTill();
  const { amount } = attempt;
  if (attempt.kind === 'card')
    return (
      <Action look="primary" testId="attempt-retry" icon="card" onPress={() => void till.payCard(amount)}>
        {t('attempt.retry')}
      </Action>
    );
  const { how, wallet } = attempt;
  // A payment code is good once: the customer shows a new one.
  const again = () => (how === 'code' ? till.leaveAttempt('phone') : till.showCode(wallet, amount));
  return (
    <Action look="primary" testId="attempt-retry" icon={how === 'code' ? 'scan' : 'qr'} onPress={() => void again()}>
      {t(`phone.retry.${how}`)}
    </Action>
  );
};

const Way = ({ action, attempt }: { action: AttemptAction; attempt: Attempt }) => {
  const t = useT();
  const till = useTill();
  switch (action) {
    case 'cancel':
      return (
        <Action testId="attempt-cancel" icon="cross" onPress={() => void till.cancelAttempt()}>
          {t(attempt.kind === 'card' ? 'attempt.cancel' : 'phone.cancel')}
        </Action>
      );
    case 'retry':
      return <Retry attempt={attempt} />;
    case 'other-way':
      return (
        <Action testId="attempt-other-way" icon="back" onPress={() => void till.leaveAttempt('any')}>
          {t('attempt.other-way')}
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

/** What can be done about a payment now. */
export const AttemptWays = ({ attempt }: { attempt: Attempt }) =>
  attemptLook(attempt).actions.map((action) => <Way key={action} action={action} attempt={attempt} />);

/** Where the payment stands: what happened, whether money moved, what to do now. */
export const AttemptPanel = ({ attempt }: { attempt: Attempt }) => {
  const t = useT();
  const pick = usePick();
  const now = useNow(1000);
  const { role, icon, actions } = attemptLook(attempt);
  const { title, detail } = wordsOf(attempt, sentence(attempt.text, pick), t);
  const seconds = waitedSeconds(attempt, now);
  return (
    <div className={classes.place} data-testid="attempt" data-kind={attempt.kind} data-state={attempt.state}>
      <StatusPanel
        role={role}
        icon={icon}
        title={title}
        detail={
          <>
            {detail}
            {seconds !== undefined && <span className={classes.waited}>{t('attempt.waited', { seconds })}</span>}
          </>
        }
        code={codeOf(attempt, t)}
      >
        {actions.length > 0 && <AttemptWays attempt={attempt} />}
      </StatusPanel>
    </div>
  );
};
