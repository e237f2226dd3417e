import type { PhoneRecord } from '@zhanggui/api/contract';
import { Amount, Icon, moneyOfMinor, usePick } from '@zhanggui/ui';
import { usePhone } from '../phone-context.ts';
import { goHome, goTo } from '../place-effect.ts';
import type { Outcome } from '../session.ts';
import { BigButton } from '../shell/big-button.tsx';
import { useT } from '../texts.ts';
import classes from './result-screen.module.css';

const faces = {
  paid: { icon: 'check', title: 'result.paid' },
  returned: { icon: 'undo', title: 'result.returned' },
  refused: { icon: 'cross', title: 'result.refused' },
  cancelled: { icon: 'cross', title: 'result.refused' },
} as const;

/** What was paid may have come back while it is still on the screen: the counter had given it up. */
const faceOf = (outcome: Outcome, record: PhoneRecord | undefined): keyof typeof faces =>
  record?.state === 'returned' ? 'returned' : outcome.kind;

/** How a payment ended, over everything else until it is put away. */
export const ResultScreen = ({ outcome }: { outcome: Outcome }) => {
  const t = useT();
  const { tell, view } = usePhone();
  // The record may come a moment after the answer.
  const record = outcome.kind === 'paid' ? view.history.find(({ id }) => id === outcome.recordId) : undefined;
  const face = faceOf(outcome, record);
  const done = (): void => {
    tell({ kind: 'outcome-put-away' });
    if (outcome.kind === 'paid') goHome();
  };
  return (
    <section className={classes.result} data-testid="result" data-kind={face} role="status">
      <div className={classes.words}>
        <span className={classes.disc}>
          <Icon name={faces[face].icon} size="large" />
        </span>
        <h2 className={classes.title}>{t(faces[face].title)}</h2>
        {record && <PaidWords record={record} />}
        {outcome.kind !== 'paid' && <RefusedWords outcome={outcome} />}
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

const PaidWords = ({ record }: { record: PhoneRecord }) => {
  const pick = usePick();
  const t = useT();
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
