import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { QrPaymentRow } from '@zhanggui/api/contract';
import { uuidv7 } from '@zhanggui/ids';
import type { Money } from '@zhanggui/money';
import { moneyText, StatusPanel, usePick } from '@zhanggui/ui';
import { type FormEvent, useState } from 'react';
import { office, Refusal } from '../api.ts';
import { useT } from '../texts.ts';
import classes from './qr-payments.module.css';
import { type RefundDraft, refundDraft } from './qr-payments-view.ts';

/** A request nobody answered may have been taken: it is sent again as it was, under its number. */
const isUncertain = (error: Error | null): boolean =>
  error !== null && !(error instanceof Refusal && error.status > 0 && error.status < 500);

const newId = (): string => uuidv7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));

const useRefund = (requestId: string, refundId: string, onDone: () => void) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: { amountMinor: string; reason: string }) => office.refund(requestId, { refundId, ...asked }),
    onSuccess: (detail) => {
      client.setQueryData(['qr-payment', requestId], detail);
      onDone();
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['qr-payments'] }),
        client.invalidateQueries({ queryKey: ['qr-payment', requestId] }),
      ]),
  });
};

const Failure = ({ error }: { error: Error }) => {
  const t = useT();
  const pick = usePick();
  const refused = error instanceof Refusal ? error.refused : undefined;
  const message = refused && pick(refused.message);
  return isUncertain(error) ? (
    <StatusPanel
      role="unknown"
      title={t('refund.uncertain')}
      detail={`${message ?? ''} ${t('refund.uncertainTold')}`}
      code={refused?.code}
      testId="refund-failed"
    />
  ) : (
    <StatusPanel
      role="danger"
      title={t('refund.failed')}
      detail={message}
      code={refused?.code}
      testId="refund-failed"
    />
  );
};

/** What pressing the button does, in a sentence. */
const Promised = ({ draft, payment }: { draft: RefundDraft; payment: QrPaymentRow }) => {
  const t = useT();
  if (draft.kind === 'refused') return null;
  const values = {
    amount: moneyText(draft.amount),
    kept: moneyText(draft.kept),
    wallet: t(`tender.${payment.wallet}`),
  };
  return (
    <p className={classes.promised} data-testid="refund-told">
      {t(draft.kept.minor === 0n ? 'refund.willAll' : 'refund.willPart', values)}
    </p>
  );
};

const fieldClasses = { label: classes.fieldLabel, error: classes.fieldError };

const reasons = ['goods', 'overcharged', 'twice'] as const;

/** Gives money back. One form is one refund, however often its button is pressed. */
export const RefundForm = ({ payment, left, onClose }: { payment: QrPaymentRow; left: Money; onClose: () => void }) => {
  const t = useT();
  const [refundId] = useState(newId);
  // What was left when the form was opened: what is asked for is under way at once and must not refuse itself.
  const [most] = useState(left);
  const [amount, setAmount] = useState(() => moneyText(left, { symbol: false }).replaceAll(',', ''));
  const [reason, setReason] = useState('');
  const [wasPressed, setPressed] = useState(false);
  const refund = useRefund(payment.requestId, refundId, onClose);
  const draft = refundDraft(amount, most);
  const isFixed = refund.isPending || isUncertain(refund.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setPressed(true);
    if (draft.kind === 'ready' && reason.trim() !== '' && !refund.isPending)
      refund.mutate({ amountMinor: String(draft.amount.minor), reason: reason.trim() });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label={t('refund.amount')}
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
        error={draft.kind === 'refused' && t(`refund.fault.${draft.reason}`, { left: moneyText(most) })}
        inputMode="decimal"
        autoComplete="off"
        readOnly={isFixed}
        classNames={fieldClasses}
        data-testid="refund-amount"
      />
      <TextInput
        label={t('refund.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={wasPressed && reason.trim() === '' && t('refund.reasonNeeded')}
        maxLength={80}
        autoComplete="off"
        autoFocus
        readOnly={isFixed}
        classNames={fieldClasses}
        data-testid="refund-reason"
      />
      <div className={classes.reasons}>
        {reasons.map((name) => (
          <Button
            key={name}
            variant="default"
            size="compact-sm"
            disabled={isFixed}
            onClick={() => setReason(t(`refund.reason.${name}`))}
          >
            {t(`refund.reason.${name}`)}
          </Button>
        ))}
      </div>
      <Promised draft={draft} payment={payment} />
      {refund.error && <Failure error={refund.error} />}
      <div className={classes.ways}>
        <Button variant="default" onClick={onClose} disabled={refund.isPending}>
          {t(isUncertain(refund.error) ? 'refund.leave' : 'refund.cancel')}
        </Button>
        <Button type="submit" loading={refund.isPending} data-testid="refund-do">
          {draft.kind === 'ready' ? t('refund.do', { amount: moneyText(draft.amount) }) : t('refund.doNothing')}
        </Button>
      </div>
    </form>
  );
};
