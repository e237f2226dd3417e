import { Amount, Icon, moneyOfMinor, usePick } from '@zhanggui/ui';
import { usePhone } from '../phone-context.ts';
import { goHome, goTo } from '../place-effect.ts';
import type { Outcome } from '../session.ts';
import { BigButton } from '../shell/big-button.tsx';
import { useT } from '../texts.ts';
import classes from './result-screen.module.css';

/** How a payment ended, over everything else until it is put away. */
export const ResultScreen = ({ outcome }: { outcome: Outcome }) => {
  const t = useT();
  const { tell } = usePhone();
  const done = (): void => {
    tell({ kind: 'outcome-put-away' });
    if (outcome.kind === 'paid') goHome();
  };
  return (
    <section className={classes.result} data-testid="result" data-kind={outcome.kind} role="status">
      <div className={classes.words}>
        <span className={classes.disc}>
          <Icon name={outcome.kind === 'paid' ? 'check' : 'cross'} size="large" />
        </span>
        <h2 className={classes.title}>{t(outcome.kind === 'paid' ? 'result.paid' : 'result.refused')}</h2>
        {outcome.kind === 'paid' ? <PaidWords recordId={outcome.recordId} /> : <RefusedWords outcome={outcome} />}
      </div>
      <div className={classes.ways}>
        {outcome.kind === 'paid' && (
          <BigButton
            look="plain"
            testId="result-detail"
            onPress={() => {
              tell({ kind: 'outcome-put-away' });
              goTo({ screen: 'bill', id: outcome.recordId });
            }}
          >
            {t('result.detail')}
          </BigButton>
        )}
        <BigButton testId="result-done" onPress={done}>
          {t('result.done')}
        </BigButton>
      </div>
    </section>
  );
};

/** The record may come a moment after the answer. */
const PaidWords = ({ recordId }: { recordId: string }) => {
  const pick = usePick();
  const t = useT();
  const record = usePhone().view.history.find(({ id }) => id === recordId);
  if (!record) return null;
  return (
    <>
      <Amount value={moneyOfMinor(record.amountMinor)} size="total" strong testId="result-amount" />
      <p className={classes.line}>{record.title}</p>
      <p className={classes.quiet}>
        {t(`wallet.${record.wallet}`)} · {pick(record.funding)}
      </p>
    </>
  );
};

const RefusedWords = ({ outcome }: { outcome: Exclude<Outcome, { kind: 'paid' }> }) => {
  const pick = usePick();
  const t = useT();
  return (
    <>
      <p className={classes.line} data-testid="result-text">
        {outcome.kind === 'refused' ? pick(outcome.text) : t('result.cancelled')}
      </p>
      <p className={classes.quiet}>{t('result.kept')}</p>
      {outcome.kind === 'refused' && outcome.code !== '' && <p className={classes.code}>{outcome.code}</p>}
    </>
  );
};
