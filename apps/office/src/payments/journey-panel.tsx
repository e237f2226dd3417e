import { useQuery } from '@tanstack/react-query';
import type { Hop, PaymentRow } from '@zhanggui/api/contract';
import { moneyOfMinor, moneyText, Status, usePick } from '@zhanggui/ui';
import { office } from '../api.ts';
import { Waiting, WentWrong } from '../shell/answer.tsx';
import { preciseClockText } from '../shell/clock-text.ts';
import { SidePanel } from '../shell/page.tsx';
import { useT } from '../texts.ts';
import classes from './payments.module.css';
import { stateRole } from './state-role.ts';

const knownRoles = ['terminal', 'acquirer', 'switch', 'issuer'] as const;
type KnownRole = (typeof knownRoles)[number];
const isKnownRole = (role: string): role is KnownRole => knownRoles.some((known) => known === role);

const HopRow = ({ hop }: { hop: Hop }) => {
  const t = useT();
  const answered = hop.code !== null;
  return (
    <li className={classes.hop} data-answered={answered || undefined} data-testid={`hop-${hop.role}-${hop.mti}`}>
      <div className={classes.hopHead}>
        <span className={classes.hopRole}>{isKnownRole(hop.role) ? t(`role.${hop.role}`) : hop.role}</span>
        <span className={classes.code}>{hop.mti}</span>
        <span className={classes.hopCode} data-ok={hop.code === '00' || undefined}>
          {hop.code ?? t('payments.pending')}
        </span>
      </div>
      <div className={classes.hopFoot}>
        <span>{preciseClockText(hop.at)}</span>
        {hop.latencyMs !== null && <span>{t('payments.latency', { ms: Math.round(hop.latencyMs) })}</span>}
        {hop.note && <span>{hop.note}</span>}
      </div>
    </li>
  );
};

const Facts = ({ payment }: { payment: PaymentRow }) => {
  const t = useT();
  const facts = [
    [t('payments.card'), payment.maskedPan],
    [t('payments.rrn'), payment.rrn],
    [t('payments.auth'), payment.authCode],
    [t('payments.trace'), payment.stan && `${payment.batch ?? ''} / ${payment.stan}`],
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

/** One payment, hop by hop: who saw it, what they answered, and how long they took. */
export const JourneyPanel = ({ id, onClose }: { id: string; onClose: () => void }) => {
  const t = useT();
  const pick = usePick();
  const answer = useQuery({ queryKey: ['journey', id], queryFn: () => office.journey(id), refetchInterval: 5_000 });
  if (!answer.data)
    return answer.isPending ? <Waiting /> : <WentWrong error={answer.error} onAgain={() => void answer.refetch()} />;
  const { payment, hops } = answer.data;
  return (
    <SidePanel title={t('payments.journey')} onClose={onClose} testId="journey">
      <div className={classes.summary}>
        <span className={classes.summaryAmount}>{moneyText(moneyOfMinor(payment.amountMinor))}</span>
        <Status role={stateRole[payment.state]} label={t(`state.${payment.state}`)} testId="journey-state" />
      </div>
      {payment.text && (
        <p className={classes.quiet}>
          {pick(payment.text)} {payment.code && <span className={classes.code}>({payment.code})</span>}
        </p>
      )}
      <Facts payment={payment} />
      {hops.length === 0 ? (
        <p className={classes.quiet}>{t('payments.noHops')}</p>
      ) : (
        <ol className={classes.hops}>
          {hops.map((hop, index) => (
            <HopRow key={index} hop={hop} />
          ))}
        </ol>
      )}
    </SidePanel>
  );
};
