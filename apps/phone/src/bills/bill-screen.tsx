import type { PhoneRecord } from '@zhanggui/api/contract';
import { cny } from '@zhanggui/money';
import { moneyOfMinor, moneyText, Status, usePick, WalletMark } from '@zhanggui/ui';
import { usePhone } from '../phone-context.ts';
import { Screen } from '../shell/screen.tsx';
import { useT } from '../texts.ts';
import { useRecordTitle } from './bill-row.tsx';
import classes from './bill-screen.module.css';
import { recordWords } from './bills-view.ts';
import { useTimeTexts } from './time-text.ts';

/** One record with all that a complaint needs. */
export const BillScreen = ({ id }: { id: string }) => {
  const t = useT();
  const record = usePhone().view.history.find((candidate) => candidate.id === id);
  return (
    <Screen name="bill" title={t('bill.title')}>
      {record ? <Bill record={record} /> : <p className={classes.gone}>{t('bill.gone')}</p>}
    </Screen>
  );
};

const Bill = ({ record }: { record: PhoneRecord }) => {
  const t = useT();
  const titleOf = useRecordTitle();
  const { signedMinor, isMoved, state, role } = recordWords(record);
  return (
    <div className={classes.bill} data-testid="bill" data-record={record.id} data-state={state}>
      <div className={classes.top}>
        <WalletMark wallet={record.wallet} />
        <p className={classes.title}>{titleOf(record)}</p>
        <span className={classes.amount} data-still={!isMoved || undefined} data-testid="bill-amount">
          {moneyText(cny(signedMinor), { plus: isMoved })}
        </span>
        <Status role={role} label={t(`state.${state}`)} testId="bill-state" />
      </div>
      <BillLines record={record} />
    </div>
  );
};

const BillLines = ({ record }: { record: PhoneRecord }) => {
  const t = useT();
  const pick = usePick();
  const { full } = useTimeTexts();
  const lines = [
    ...(record.refundedMinor === '0'
      ? []
      : [{ name: 'refunded', text: moneyText(moneyOfMinor(record.refundedMinor)) } as const]),
    { name: 'wallet', text: t(`wallet.${record.wallet}`) },
    ...(record.description === '' ? [] : [{ name: 'description', text: record.description } as const]),
    { name: record.kind === 'refund' ? 'back-to' : 'funding', text: pick(record.funding) },
    { name: 'time', text: full(record.at) },
    ...(record.walletTradeNo === undefined ? [] : [{ name: 'wallet-no', text: record.walletTradeNo } as const]),
    ...(record.outTradeNo === undefined ? [] : [{ name: 'merchant-no', text: record.outTradeNo } as const]),
  ] as const;
  return (
    <dl className={classes.lines}>
      {lines.map(({ name, text }) => (
        <div
          key={name}
          className={classes.line}
          data-code={name.endsWith('-no') || undefined}
          data-testid={`bill-${name}`}
        >
          <dt className={classes.name}>{t(`bill.${name}`)}</dt>
          <dd className={classes.text}>{text}</dd>
        </div>
      ))}
    </dl>
  );
};
