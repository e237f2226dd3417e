import { useQuery } from '@tanstack/react-query';
import type { KeptSale } from '@zhanggui/api/contract';
import { Status, usePick } from '@zhanggui/ui';
import { office } from '../api.ts';
import { Waiting } from '../shell/answer.tsx';
import { clockText } from '../shell/clock-text.ts';
import { SidePanel } from '../shell/page.tsx';
import { useT } from '../texts.ts';
import classes from './sales.module.css';

/** The address of the list of kept uploads, where a sale's id would stand. */
export const keptPanel = 'kept';

const useKept = () => useQuery({ queryKey: ['kept-sales'], queryFn: office.keptSales });

/** Uploads the server could not book: said on the screen until somebody has looked. */
export const KeptNotice = ({ onOpen }: { onOpen: () => void }) => {
  const t = useT();
  const count = useKept().data?.sales.length ?? 0;
  if (count === 0) return null;
  return (
    <button type="button" className={`zg-press ${classes.kept}`} onClick={onOpen} data-testid="kept-sales">
      <Status role="warn" label={t('sales.kept', { n: count })} />
    </button>
  );
};

const KeptRow = ({ kept }: { kept: KeptSale }) => {
  const pick = usePick();
  return (
    <li className={classes.line}>
      <span>
        {kept.faults.map((fault, index) => (
          <span key={index} className={classes.fault}>
            {pick(fault.message)} <span className={classes.code}>{fault.place}</span>
          </span>
        ))}
        <span className={classes.quiet}>{kept.tillId}</span>
      </span>
      <span className={classes.amount}>{clockText(kept.keptAt)}</span>
    </li>
  );
};

export const KeptPanel = ({ onClose }: { onClose: () => void }) => {
  const t = useT();
  const { data } = useKept();
  return (
    <SidePanel title={t('sales.keptTitle')} onClose={onClose} testId="kept-panel">
      <p className={classes.explain}>{t('sales.keptExplain')}</p>
      {data ? (
        <ul className={classes.lines}>
          {data.sales.map((kept) => (
            <KeptRow key={kept.id} kept={kept} />
          ))}
        </ul>
      ) : (
        <Waiting />
      )}
    </SidePanel>
  );
};
