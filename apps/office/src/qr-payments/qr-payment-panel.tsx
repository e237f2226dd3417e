import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { QrPaymentDetail, QrPaymentRow } from '@zhanggui/api/contract';
import { Icon, moneyOfMinor, moneyText, StatusPanel, usePick } from '@zhanggui/ui';
import type { ReactNode } from 'react';
import { office } from '../api.ts';
import { Waiting, WentWrong } from '../shell/answer.tsx';
import { clockText, dayText, stampText } from '../shell/clock-text.ts';
import { Copyable } from '../shell/copyable.tsx';
import { SidePanel } from '../shell/page.tsx';
import { WalletName } from '../shell/wallet-name.tsx';
import { useT } from '../texts.ts';
import { QrPaymentStatus } from './qr-payment-status.tsx';
import { isStill } from './qr-payment-state.ts';
import classes from './qr-payments.module.css';
import { fundingText } from './qr-payments-view.ts';
import { type QrStep, qrStory } from './qr-story.ts';
import { Refunds, useRefunder } from './refunds.tsx';

const Facts = ({ payment }: { payment: QrPaymentRow }) => {
  const t = useT();
  const { place, funding } = payment;
  const fundingWord = funding && fundingText(funding);
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('wallet.name'), <WalletName key="wallet" wallet={payment.wallet} />],
    [t('sales.time'), stampText(payment.at)],
    [t('qr.place'), place.tillId ?? place.terminalId ?? '—'],
    [t('qr.description'), payment.description],
    [t('qr.funding'), fundingWord ? t(fundingWord) : funding],
    [t('qr.payer'), payment.payer && <Copyable key="payer" name={t('qr.payer')} text={payment.payer} />],
    [t('qr.order'), <Copyable key="order" name={t('qr.order')} text={payment.outTradeNo} testId="qr-order-number" />],
    [
      t('qr.walletTrade'),
      payment.walletTradeNo && (
        <Copyable key="trade" name={t('qr.walletTrade')} text={payment.walletTradeNo} testId="qr-wallet-number" />
      ),
    ],
    [t('sales.receipt'), <SaleLink key="sale" payment={payment} />],
  ];
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value ?? '—'}</dd>
        </div>
      ))}
    </dl>
  );
};

const SaleLink = ({ payment: { saleId, receiptNo, at } }: { payment: QrPaymentRow }) => {
  const t = useT();
  if (saleId === null) return <span className={classes.quiet}>{t('qr.noSale')}</span>;
  return (
    <Link to="/sales" search={{ date: dayText(at), open: saleId }} className={classes.link} data-testid="to-sale">
      {receiptNo}
    </Link>
  );
};

const StepRow = ({ step, payment }: { step: QrStep; payment: QrPaymentRow }) => {
  const t = useT();
  const pick = usePick();
  const by = useRefunder();
  const values = {
    wallet: t(`tender.${payment.wallet}`),
    amount: moneyText(moneyOfMinor(step.amountMinor)),
    reason: step.reason ? pick(step.reason) : '',
    code: step.code ?? '—',
    by: by(step.by ?? ''),
    time: step.until === undefined ? '' : clockText(step.until),
  };
  return (
    <li className={classes.step} data-role={step.role} data-testid={`qr-step-${step.name}`}>
      <span className={classes.mark}>
        <Icon name={step.icon} size="small" />
      </span>
      <span className={classes.told}>{t(`qr.step.${step.name}`, values)}</span>
      {step.at !== undefined && <span className={classes.clock}>{clockText(step.at)}</span>}
    </li>
  );
};

const Story = ({ detail }: { detail: QrPaymentDetail }) => {
  const t = useT();
  const { payment } = detail;
  return (
    <>
      <div className={classes.summary}>
        <span className={classes.summaryAmount}>{moneyText(moneyOfMinor(payment.amountMinor))}</span>
        <QrPaymentStatus payment={payment} testId="qr-payment-state" />
      </div>
      {payment.alarm && (
        <StatusPanel
          role="warn"
          title={t(`qr.alarm.${payment.alarm}`)}
          detail={t(`qr.alarmTold.${payment.alarm}`)}
          testId="qr-alarm"
        />
      )}
      <section>
        <h3 className={classes.heading}>{t('qr.story')}</h3>
        <ol className={classes.steps}>
          {qrStory(detail).map((step, index) => (
            <StepRow key={index} step={step} payment={payment} />
          ))}
        </ol>
      </section>
      <Refunds detail={detail} />
      <Facts payment={payment} />
    </>
  );
};

/** One payment from a phone as a story: what was asked, what the payer did, what went back, and the numbers to ask the wallet with. */
export const QrPaymentPanel = ({ id, onClose }: { id: string; onClose: () => void }) => {
  const t = useT();
  const answer = useQuery({
    queryKey: ['qr-payment', id],
    queryFn: () => office.qrPayment(id),
    // What is under way ends by itself, and the panel says so within seconds.
    refetchInterval: ({ state }) => (state.data && isStill(state.data.payment) ? 5_000 : 1_500),
  });
  return (
    <SidePanel title={t('qr.detail')} onClose={onClose} testId="qr-payment">
      {answer.data && <Story detail={answer.data} />}
      {answer.isPending && <Waiting />}
      {answer.isError && !answer.data && <WentWrong error={answer.error} onAgain={() => void answer.refetch()} />}
    </SidePanel>
  );
};
