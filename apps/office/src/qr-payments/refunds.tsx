import { Button } from '@mantine/core';
import type { QrPaymentDetail, QrRefund } from '@zhanggui/api/contract';
import { Icon, moneyOfMinor, moneyText, Status, usePick } from '@zhanggui/ui';
import { useState } from 'react';
import { clockText } from '../shell/clock-text.ts';
import { Copyable } from '../shell/copyable.tsx';
import { useT } from '../texts.ts';
import { refundLook } from './qr-payment-state.ts';
import classes from './qr-payments.module.css';
import { isUnderWay, refundable } from './qr-payments-view.ts';
import { RefundCard } from './refund-card.tsx';
import { RefundForm } from './refund-form.tsx';

/** Who the payments name when nobody asked. */
const automatic = 'qrpay';

export const useRefunder = (): ((by: string) => string) => {
  const t = useT();
  return (by) => (by === automatic ? t('refund.itself') : by);
};

const RefundRow = ({ refund, requestId }: { refund: QrRefund; requestId: string }) => {
  const t = useT();
  const pick = usePick();
  const by = useRefunder();
  return (
    <li className={classes.refund} data-testid="refund-row" data-state={refund.state}>
      <div className={classes.refundHead}>
        <span className={classes.refundAmount}>{moneyText(moneyOfMinor(refund.amountMinor))}</span>
        <Status {...refundLook[refund.state]} label={t(`refund.state.${refund.state}`)} />
        <span className={classes.clock}>{clockText(refund.endedAt ?? refund.at)}</span>
      </div>
      <div>
        {refund.reason} <span className={classes.quiet}>{t('refund.by', { by: by(refund.by) })}</span>
      </div>
      {refund.state === 'refused' && refund.text && (
        <div className={classes.refusal}>
          {pick(refund.text)} <span className={classes.code}>{refund.code}</span>
        </div>
      )}
      {refund.state === 'undeliverable' ? (
        <RefundCard refund={refund} requestId={requestId} />
      ) : (
        isUnderWay(refund) && <div className={classes.quiet}>{t('refund.waiting')}</div>
      )}
      <div className={classes.quiet}>
        <Copyable name={t('refund.number')} text={refund.outRefundNo} />
      </div>
    </li>
  );
};

/** What went back and what is on its way; and while something is left, the way to give it back. */
export const Refunds = ({ detail }: { detail: QrPaymentDetail }) => {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  const left = refundable(detail);
  const canRefund = left.minor > 0n;
  if (!canRefund && !isOpen && detail.refunds.length === 0) return null;
  return (
    <section className={classes.refunds}>
      <h3 className={classes.heading}>{t('refund.title')}</h3>
      {detail.refunds.length > 0 && (
        <ul className={classes.plainList}>
          {detail.refunds.map((refund) => (
            <RefundRow key={refund.refundId} refund={refund} requestId={detail.payment.requestId} />
          ))}
        </ul>
      )}
      {isOpen ? (
        <RefundForm payment={detail.payment} left={left} onClose={() => setOpen(false)} />
      ) : (
        canRefund && (
          <Button
            variant="default"
            leftSection={<Icon name="undo" size="small" />}
            onClick={() => setOpen(true)}
            data-testid="refund-open"
          >
            {t('refund.open')}
          </Button>
        )
      )}
    </section>
  );
};
