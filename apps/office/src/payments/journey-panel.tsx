import { useQuery } from '@tanstack/react-query';
import type { JourneyAnswer, PaymentRow } from '@zhanggui/api/contract';
import { Icon, moneyOfMinor, moneyText, usePick } from '@zhanggui/ui';
import { office } from '../api.ts';
import { Waiting, WentWrong } from '../shell/answer.tsx';
import { preciseClockText } from '../shell/clock-text.ts';
import { SidePanel } from '../shell/page.tsx';
import { useT } from '../texts.ts';
import { type Chapter, chapters, outcome, type Step } from './journey-view.ts';
import { PaymentStatus } from './payment-status.tsx';
import classes from './journey.module.css';

/** One role's part: who, what it did, what it answered, and how long that took. */
const StepRow = ({ step }: { step: Step }) => {
  const t = useT();
  const pick = usePick();
  const { role, errand, code } = step;
  return (
    <li
      className={classes.step}
      data-answer={code === undefined ? 'none' : step.isGood ? 'good' : 'refused'}
      data-testid={`hop-${step.roleName}-${step.mti}`}
    >
      <span className={classes.mark}>
        <Icon name={code === undefined ? 'question' : step.isGood ? 'check' : 'cross'} size="small" />
      </span>
      <div className={classes.who}>
        <span className={classes.role}>{role ? t(`role.${role}`) : step.roleName}</span>
        <span className={classes.mti}>{step.mti}</span>
        {step.latencyMs !== undefined && (
          <span className={classes.took}>{t('payments.latency', { ms: step.latencyMs })}</span>
        )}
      </div>
      {role && <div className={classes.did}>{t(`did.${role}.${errand}`)}</div>}
      <div className={classes.answer}>
        {code !== undefined && (
          <span className={classes.words}>
            <span className={classes.code}>{code}</span> {step.codeText && pick(step.codeText)}
          </span>
        )}
        {step.remark && <span className={classes.words}>{t(`remark.${step.remark}`)}</span>}
        <span className={classes.clock}>{preciseClockText(step.at)}</span>
      </div>
    </li>
  );
};

const ChapterList = ({ chapter }: { chapter: Chapter }) => {
  const t = useT();
  return (
    <section className={classes.chapter} data-testid={`chapter-${chapter.errand}`}>
      <h3 className={classes.chapterTitle}>{t(`chapter.${chapter.errand}`)}</h3>
      <ol className={classes.steps}>
        {chapter.steps.map((step, index) => (
          <StepRow key={index} step={step} />
        ))}
      </ol>
    </section>
  );
};

const Facts = ({ payment }: { payment: PaymentRow }) => {
  const t = useT();
  const facts = [
    [t('payments.card'), payment.maskedPan],
    [t('payments.terminal'), payment.terminalId],
    [t('payments.trace'), payment.stan && `${payment.batch ?? ''} / ${payment.stan}`],
    [t('payments.rrn'), payment.rrn],
    [t('payments.auth'), payment.authCode],
    [t('sales.receipt'), payment.receiptNo],
  ] as const;
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd className={classes.code}>{value ?? '—'}</dd>
        </div>
      ))}
    </dl>
  );
};

const Story = ({ payment, hops }: JourneyAnswer) => {
  const t = useT();
  const pick = usePick();
  const { text, ms } = outcome(payment, hops);
  return (
    <>
      <div className={classes.summary}>
        <span className={classes.summaryAmount}>{moneyText(moneyOfMinor(payment.amountMinor))}</span>
        <PaymentStatus payment={payment} testId="journey-state" />
      </div>
      <p className={classes.told} data-testid="journey-told">
        {t(text, { ms, reason: payment.text ? pick(payment.text) : '', code: payment.code ?? '—' })}
      </p>
      <Facts payment={payment} />
      {hops.length === 0 && <p className={classes.told}>{t('payments.noHops')}</p>}
      {chapters(hops).map((chapter, index) => (
        <ChapterList key={index} chapter={chapter} />
      ))}
    </>
  );
};

/** One payment as a story: who saw it, what they answered, what that means, and how long they took. */
export const JourneyPanel = ({ id, onClose }: { id: string; onClose: () => void }) => {
  const t = useT();
  const answer = useQuery({ queryKey: ['journey', id], queryFn: () => office.journey(id), refetchInterval: 5_000 });
  return (
    <SidePanel title={t('payments.journey')} onClose={onClose} testId="journey">
      {answer.data && <Story {...answer.data} />}
      {answer.isPending && <Waiting />}
      {answer.isError && !answer.data && <WentWrong error={answer.error} onAgain={() => void answer.refetch()} />}
    </SidePanel>
  );
};
