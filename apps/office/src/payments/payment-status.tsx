import type { PaymentRow } from '@zhanggui/api/contract';
import { Status } from '@zhanggui/ui';
import { useT } from '../texts.ts';
import { paymentState, stateLook } from './payment-state.ts';

export const PaymentStatus = ({ payment, testId }: { payment: PaymentRow; testId?: string }) => {
  const t = useT();
  const state = paymentState(payment);
  return <Status {...stateLook[state]} label={t(`state.${state}`)} testId={testId} />;
};
