import type { PhoneRecord } from '@zhanggui/api/contract';
import { cny } from '@zhanggui/money';
import { moneyText, Status, WalletMark } from '@zhanggui/ui';
import { goTo } from '../place-effect.ts';
import { useT } from '../texts.ts';
import classes from './bill-row.module.css';
import { recordWords } from './bills-view.ts';
import { useTimeTexts } from './time-text.ts';

/** What a record is called in a list: a refund and a top-up say what they are. */
export const useRecordTitle = (): ((record: PhoneRecord) => string) => {
  const t = useT();
  return ({ kind, title }) => (kind === 'payment' ? title : t(`record.${kind}`, { title }));
};

export const BillRow = ({ record }: { record: PhoneRecord }) => {
  const t = useT();
  const titleOf = useRecordTitle();
  const { time } = useTimeTexts();
  const { signedMinor, isMoved, state, role } = recordWords(record);
  return (
    <button
      type="button"
      className={`zg-press ${classes.row}`}
      data-testid="bill-row"
      data-record={record.id}
      data-state={state}
      onClick={() => goTo({ screen: 'bill', id: record.id })}
    >
      <WalletMark wallet={record.wallet} />
      <span className={classes.words}>
        <span className={classes.title}>{titleOf(record)}</span>
        <span className={classes.below}>
          <span>{time(record.at)}</span>
          <Status role={role} label={t(`state.${state}`)} look="plain" />
        </span>
      </span>
      <span className={classes.amount} data-still={!isMoved || undefined}>
        {moneyText(cny(signedMinor), { plus: isMoved })}
      </span>
    </button>
  );
};
