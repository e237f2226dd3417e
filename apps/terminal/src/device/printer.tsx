import type { PrintedRow } from '@zhanggui/receipt';
import { Icon, ReceiptPaper } from '@zhanggui/ui';
import { useWire } from '../face-context.ts';
import { useT } from '../texts.ts';
import classes from './printer.module.css';

/** Columns of the terminal's printer; the server lays the slips out for it. */
const columns = 32;

type Paper = readonly (readonly PrintedRow[])[];

/** The printer beside the device on a wide screen: the slip hangs out until it is torn off. */
export const Printer = ({ paper }: { paper: Paper }) => {
  const t = useT();
  return (
    <section className={classes.printer} aria-label={t('paper.title')} data-testid="printer">
      <Mouth behind={paper.length - 1} />
      {paper.length === 0 ? <p className={classes.empty}>{t('paper.empty')}</p> : <Hanging paper={paper} />}
    </section>
  );
};

/** On a small screen the paper lies over the display until it is torn off or put aside. */
export const PaperSheet = ({ paper, onClose }: { paper: Paper; onClose: () => void }) =>
  paper.length === 0 ? null : (
    <div className={classes.sheet} data-testid="paper-sheet">
      <Mouth behind={paper.length - 1} onClose={onClose} />
      <Hanging paper={paper} />
    </div>
  );

/** Where paper is torn off, always in reach however long the slip. */
const Mouth = ({ behind, onClose }: { behind: number; onClose?: () => void }) => {
  const wire = useWire();
  const t = useT();
  const tear = () => {
    wire.send({ kind: 'tear-paper' });
    if (behind === 0) onClose?.();
  };
  return (
    <div className={classes.mouth}>
      <span className={classes.word} data-testid="paper-behind">
        {behind > 0 ? t('paper.more', { count: behind }) : t('paper.title')}
      </span>
      {behind >= 0 && (
        <button type="button" className={`zg-press ${classes.tear}`} data-testid="tear-paper" onClick={tear}>
          {t('paper.tear')}
        </button>
      )}
      {onClose && (
        <button
          type="button"
          className={`zg-press ${classes.close}`}
          data-testid="paper-close"
          aria-label={t('drawer.close')}
          title={t('drawer.close')}
          onClick={onClose}
        >
          <Icon name="cross" />
        </button>
      )}
    </div>
  );
};

const Hanging = ({ paper: [slip = [], ...behind] }: { paper: Paper }) => (
  <div className={classes.hanging}>
    {/* The count is the identity of a slip: tearing one off brings the next one out from the mouth. */}
    <div key={behind.length} className={classes.slip}>
      <ReceiptPaper rows={slip} columns={columns} testId="slip" />
      <span className={classes.edge} aria-hidden="true" />
    </div>
  </div>
);
