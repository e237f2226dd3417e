import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Reconciliation, Wallet } from '@zhanggui/api/contract';
import { languageTag, StatusPanel, useLocale, usePick } from '@zhanggui/ui';
import { office, Refusal } from '../api.ts';
import { Choice } from '../shell/choice.tsx';
import { dateText } from '../shell/clock-text.ts';
import { DatePick } from '../shell/page.tsx';
import { useT } from '../texts.ts';

type Day = Readonly<{ wallet: Wallet; date: string }>;

/** Fetches a day's bill and compares it; a day compared before is brought up to date. */
export const useReconcile = (onDone: (done: Reconciliation) => void) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (day: Day) => office.reconcile(day),
    onSuccess: async ({ reconciliation }) => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['reconciliations'] }),
        client.invalidateQueries({ queryKey: ['differences'] }),
      ]);
      onDone(reconciliation);
    },
  });
};

export const ReconcileForm = ({
  wallets,
  chosen,
  today,
  busy,
  onChoose,
  onRun,
}: {
  wallets: readonly Wallet[];
  chosen: Day;
  today: string;
  busy: boolean;
  onChoose: (chosen: Partial<Day>) => void;
  onRun: (day: Day) => void;
}) => {
  const t = useT();
  return (
    <>
      <Choice
        label={t('wallet.name')}
        value={chosen.wallet}
        options={wallets.map((wallet) => ({ value: wallet, label: t(`tender.${wallet}`) }))}
        onChange={(wallet) => wallet && onChoose({ wallet })}
        testId="reconcile-wallet"
      />
      <DatePick
        value={chosen.date}
        today={today}
        onChange={(date) => onChoose({ date: date ?? today })}
        testId="reconcile-date"
      />
      <Button onClick={() => onRun(chosen)} loading={busy} data-testid="reconcile-run">
        {t('bill.run')}
      </Button>
    </>
  );
};

/** Why a day was not compared, and what to do. */
export const ReconcileFailure = ({ error, day }: { error: Error; day: Day | undefined }) => {
  const t = useT();
  const pick = usePick();
  const { locale } = useLocale();
  const refused = error instanceof Refusal ? error.refused : undefined;
  const isNotOut = refused?.code === 'bill-unavailable' && day !== undefined;
  return (
    <StatusPanel
      role={isNotOut ? 'warn' : 'danger'}
      title={t('bill.failed')}
      detail={
        isNotOut
          ? t('bill.unavailable', {
              wallet: t(`tender.${day.wallet}`),
              date: dateText(day.date, languageTag[locale]),
            })
          : refused && pick(refused.message)
      }
      code={refused?.code}
      testId="reconcile-failed"
    />
  );
};
