import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Difference } from '@zhanggui/api/contract';
import { Status, StatusPanel, usePick } from '@zhanggui/ui';
import { type FormEvent, useState } from 'react';
import { office, Refusal } from '../api.ts';
import { dayText, stampText } from '../shell/clock-text.ts';
import { Copyable } from '../shell/copyable.tsx';
import { SidePanel } from '../shell/page.tsx';
import { WalletName } from '../shell/wallet-name.tsx';
import { useT } from '../texts.ts';
import classes from './reconciliation.module.css';
import { adviceOf, differenceState, gapText, sideText, stateLook } from './reconciliation-view.ts';

const Sides = ({ difference: { kind, here, there } }: { difference: Difference }) => {
  const t = useT();
  const rows = [
    { name: 'amount', ours: sideText(here, 'amountMinor'), theirs: sideText(there, 'amountMinor') },
    { name: 'fee', ours: sideText(here, 'feeMinor'), theirs: sideText(there, 'feeMinor') },
    { name: 'time', ours: here && stampText(here.at), theirs: there && stampText(there.at) },
  ] as const;
  const absent = <span className={classes.absent}>{t('difference.absent')}</span>;
  return (
    <table className={classes.sides} data-testid="difference-sides">
      <thead>
        <tr>
          <td />
          <th scope="col">{t('bill.ours')}</th>
          <th scope="col">{t('bill.theirs')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, ours, theirs }) => (
          <tr key={name} data-differs={kind === name || undefined}>
            <th scope="row">{t(`difference.${name}`)}</th>
            <td>{ours ?? absent}</td>
            <td>{theirs ?? absent}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const Advice = ({ difference }: { difference: Difference }) => {
  const t = useT();
  const advice = adviceOf(difference);
  return (
    <dl className={classes.advice}>
      <dt>{t('difference.means')}</dt>
      <dd data-testid="difference-means">{t(`means.${advice}`)}</dd>
      <dt>{t('difference.todo')}</dt>
      <dd data-testid="difference-todo">{t(`todo.${advice}`)}</dd>
    </dl>
  );
};

const Numbers = ({ difference: { outTradeNo, outRefundNo, requestId, here, there } }: { difference: Difference }) => {
  const t = useT();
  return (
    <dl className={classes.advice}>
      <dt>{t('qr.order')}</dt>
      <dd>
        <Copyable name={t('qr.order')} text={outTradeNo} />
      </dd>
      {outRefundNo && (
        <>
          <dt>{t('refund.number')}</dt>
          <dd>
            <Copyable name={t('refund.number')} text={outRefundNo} />
          </dd>
        </>
      )}
      {requestId && (
        <dd>
          <PaymentLink requestId={requestId} at={here?.at ?? there?.at} />
        </dd>
      )}
    </dl>
  );
};

/** The list behind it opens on the day of the line, since a payment is opened wherever it stands. */
const PaymentLink = ({ requestId, at }: { requestId: string; at: number | undefined }) => {
  const t = useT();
  return (
    <Link
      to="/qr-payments"
      search={{ date: at === undefined ? undefined : dayText(at), open: requestId }}
      className={classes.link}
      data-testid="difference-to-payment"
    >
      {t('difference.toPayment')}
    </Link>
  );
};

const useSettle = (id: string, onDone: () => void) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (note: string) => office.settleDifference(id, note),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['differences'] }),
        client.invalidateQueries({ queryKey: ['reconciliations'] }),
      ]);
      onDone();
    },
  });
};

const fieldClasses = { label: classes.fieldLabel, error: classes.fieldError };

const SettleForm = ({ difference, onDone }: { difference: Difference; onDone: () => void }) => {
  const t = useT();
  const pick = usePick();
  const settle = useSettle(difference.id, onDone);
  const isSettled = differenceState(difference) === 'settled';
  const [note, setNote] = useState(isSettled ? (difference.note ?? '') : '');
  const [wasPressed, setPressed] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setPressed(true);
    if (note.trim() !== '') settle.mutate(note.trim());
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <Textarea
        label={t('difference.note')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        error={wasPressed && note.trim() === '' && t('difference.noteNeeded')}
        maxLength={200}
        rows={3}
        classNames={fieldClasses}
        data-testid="difference-note"
      />
      {settle.error && (
        <Status
          role="danger"
          label={settle.error instanceof Refusal ? pick(settle.error.refused.message) : t('load.failedEmpty')}
        />
      )}
      <Button type="submit" loading={settle.isPending} data-testid="difference-settle">
        {t(isSettled ? 'difference.settleAgain' : 'difference.settle')}
      </Button>
    </form>
  );
};

/** Who the books name when a later bill settled it. */
const automatic = 'qrpay';

const Work = ({ difference }: { difference: Difference }) => {
  const t = useT();
  const { by, note, settledAt } = difference;
  const [isRewriting, setRewriting] = useState(false);
  const state = differenceState(difference);
  const who = by === automatic ? t('refund.itself') : by;
  return (
    <section className={classes.work}>
      {who !== undefined && (
        <div data-testid="difference-worked">
          <div className={classes.quiet}>
            {settledAt === undefined
              ? t('difference.reopenedBy', { by: who })
              : t('difference.settledBy', { by: who, at: stampText(settledAt) })}
          </div>
          <p className={classes.note}>{note}</p>
        </div>
      )}
      {state === 'gone' && <p className={classes.note}>{t('difference.goneTold')}</p>}
      {state === 'settled' && !isRewriting && (
        <Button variant="subtle" onClick={() => setRewriting(true)} data-testid="difference-rewrite">
          {t('difference.settleAgain')}
        </Button>
      )}
      {(isRewriting || state === 'open' || state === 'reopened') && (
        <SettleForm key={state} difference={difference} onDone={() => setRewriting(false)} />
      )}
    </section>
  );
};

/** One difference: both sides, what it means, what to do, and what was done. */
export const DifferencePanel = ({
  difference,
  onClose,
}: {
  difference: Difference | undefined;
  onClose: () => void;
}) => {
  const t = useT();
  if (!difference)
    return (
      <SidePanel title={t('difference.kind')} onClose={onClose} testId="difference">
        <StatusPanel role="info" title={t('difference.notHere')} />
      </SidePanel>
    );
  const { kind, line, wallet } = difference;
  const state = differenceState(difference);
  return (
    <SidePanel title={t(`difference.kind.${kind}`)} onClose={onClose} testId="difference">
      <div className={classes.summary}>
        <WalletName wallet={wallet} />
        <span>{t(`difference.line.${line}`)}</span>
        <Status {...stateLook[state]} label={t(`difference.state.${state}`)} testId="difference-state" />
      </div>
      <Sides difference={difference} />
      <p className={classes.note}>{t('difference.gapIs', { gap: gapText(difference, true) })}</p>
      <Advice difference={difference} />
      <Numbers difference={difference} />
      <Work difference={difference} />
    </SidePanel>
  );
};
