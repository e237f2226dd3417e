import type { QrPaymentRow } from '@zhanggui/api/contract';
import { Status } from '@zhanggui/ui';
import { useT } from '../texts.ts';
import { qrState, qrStateLook } from './qr-payment-state.ts';
import classes from './qr-payments.module.css';

/** What became of it, and beside it what a person should know. */
export const QrPaymentStatus = ({ payment, testId }: { payment: QrPaymentRow; testId?: string }) => {
  const t = useT();
  const state = qrState(payment);
  return (
    <span className={classes.states}>
      <Status {...qrStateLook[state]} label={t(`qr.state.${state}`)} testId={testId} />
      {payment.alarm && <Status role="warn" label={t(`qr.alarm.${payment.alarm}`)} />}
    </span>
  );
};
