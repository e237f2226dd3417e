import { Autocomplete, Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { QrRefund } from '@zhanggui/api/contract';
import { Icon, moneyOfMinor, moneyText, StatusPanel, usePick } from '@zhanggui/ui';
import { type FormEvent, useState } from 'react';
import { office, Refusal } from '../api.ts';
import { useT } from '../texts.ts';
import classes from './qr-payments.module.css';
import { cardDraft } from './qr-payments-view.ts';

/** WeChat's names of the banks that most cards are of; others are typed. */
const banks = ['ICBC', 'ABC', 'CCB', 'BOC', 'COMM', 'CMB', 'PSBC', 'CITIC', 'CEB'].map((bank) => `${bank}_DEBIT`);
const fieldClasses = { label: classes.fieldLabel, error: classes.fieldError };
const nothing = { bank: '', number: '', holder: '' };

const useCard = (requestId: string, refundId: string) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (card: { bank: string; cardNumber: string; holder: string }) =>
      office.refundToCard(requestId, refundId, card),
    onSettled: () => client.invalidateQueries({ queryKey: ['qr-payment', requestId] }),
  });
};

const Failure = ({ error }: { error: Error }) => {
  const t = useT();
  const pick = usePick();
  const refused = error instanceof Refusal ? error.refused : undefined;
  return (
    <StatusPanel
      role="danger"
      title={t('refundCard.failed')}
      detail={refused && pick(refused.message)}
      code={refused?.code}
      testId="refund-card-failed"
    />
  );
};

type FormProps = Readonly<{ refund: QrRefund; requestId: string; onClose: () => void }>;

const CardForm = ({ refund, requestId, onClose }: FormProps) => {
  const t = useT();
  const [typed, setTyped] = useState(nothing);
  const [wasPressed, setPressed] = useState(false);
  const sending = useCard(requestId, refund.refundId);
  const draft = cardDraft(typed);
  const faultOf = (field: keyof typeof nothing) =>
    wasPressed && draft.kind === 'refused' && draft.faults.includes(field) && t(`refundCard.fault.${field}`);
  const fieldOf = (field: keyof typeof nothing) => ({
    label: t(`refundCard.${field}`),
    value: typed[field],
    error: faultOf(field),
    autoComplete: 'off',
    readOnly: sending.isPending,
    classNames: fieldClasses,
    'data-testid': `refund-card-${field}`,
  });
  const write = (field: keyof typeof nothing, text: string) => setTyped((before) => ({ ...before, [field]: text }));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setPressed(true);
    if (draft.kind === 'ready' && !sending.isPending) {
      const { kind: _kind, ...card } = draft;
      sending.mutate(card);
    }
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <Autocomplete {...fieldOf('bank')} data={banks} onChange={(text) => write('bank', text)} />
      <TextInput
        {...fieldOf('number')}
        inputMode="numeric"
        onChange={(event) => write('number', event.currentTarget.value)}
      />
      <TextInput {...fieldOf('holder')} onChange={(event) => write('holder', event.currentTarget.value)} />
      {sending.error && <Failure error={sending.error} />}
      <div className={classes.ways}>
        <Button variant="default" onClick={onClose} disabled={sending.isPending}>
          {t('refundCard.cancel')}
        </Button>
        <Button type="submit" loading={sending.isPending} data-testid="refund-card-do">
          {t('refundCard.do', { amount: moneyText(moneyOfMinor(refund.amountMinor)) })}
        </Button>
      </div>
    </form>
  );
};

/** A refund that waits at the wallet for a card of the payer. */
export const RefundCard = ({ refund, requestId }: Omit<FormProps, 'onClose'>) => {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <div className={classes.quiet}>{t('refundCard.told')}</div>
      {isOpen ? (
        <CardForm refund={refund} requestId={requestId} onClose={() => setOpen(false)} />
      ) : (
        <Button
          variant="default"
          leftSection={<Icon name="card" size="small" />}
          onClick={() => setOpen(true)}
          data-testid="refund-card-open"
        >
          {t('refundCard.open')}
        </Button>
      )}
    </>
  );
};
