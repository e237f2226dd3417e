import type { PrintedRow } from '@zhanggui/receipt';
import { ReceiptPaper } from '@zhanggui/ui';
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
      <div className={classes.mouth}>
        <span className={classes.word}>{t('paper.title')}</span>
      </div>
      {paper.length === 0 ? <p className={classes.empty}>{t('paper.empty')}</p> : <Hanging paper={paper} />}
    </section>
  );
};

/** On a small screen the paper comes out over the display. */
export const PaperSheet = ({ paper }: { paper: Paper }) =>
  paper.length === 0 ? null : (
    <div className={classes.sheet} data-testid="paper-sheet">
      <Hanging paper={paper} />
    </div>
  );

const Hanging = ({ paper }: { paper: Paper }) => {
  const wire = useWire();
  const t = useT();
  const [slip = []] = paper;
  const behind = paper.length - 1;
  return (
    <div className={classes.hanging}>
      {/* The count is the identity of a slip: tearing one off brings the next one out from the mouth. */}
      <div key={behind} className={classes.slip}>
        <ReceiptPaper rows={slip} columns={columns} testId="slip" />
        <span className={classes.edge} aria-hidden="true" />
      </div>
      <div className={classes.ways}>
        <button
          type="button"
          className={`zg-press ${classes.tear}`}
          data-testid="tear-paper"
          onClick={() => wire.send({ kind: 'tear-paper' })}
        >
          {t('paper.tear')}
        </button>
        {behind > 0 && (
          <span className={classes.behind} data-testid="paper-behind">
            {t('paper.more', { count: behind })}
          </span>
        )}
      </div>
    </div>
  );
};
