import type { PrintedRow } from '@zhanggui/receipt';
import type { CSSProperties } from 'react';
import { useUiT } from './face.tsx';
import { cellRuns } from './receipt-cells.ts';
import classes from './receipt-paper.module.css';

export type ReceiptPaperProps = {
  /** Rows of `layout(receipt, { columns })`: what the printer gets, row by row. */
  readonly rows: readonly PrintedRow[];
  readonly columns: number;
  readonly testId?: string;
};

const PaperRow = ({ row }: { row: PrintedRow }) => (
  <div className={classes.row} data-bold={row.bold || undefined} data-size={row.size} data-align={row.align}>
    {cellRuns(row.text).map((run, index) =>
      run.wide ? (
        // Rows never change once printed, so the position is the identity.
        <span key={index} className={classes.wide}>
          {run.text}
        </span>
      ) : (
        run.text
      ),
    )}
  </div>
);

/** The paper as it comes out of the printer: one grid of columns, Han two columns wide, nothing clipped. */
export const ReceiptPaper = ({ rows, columns, testId = 'receipt-paper' }: ReceiptPaperProps) => {
  const t = useUiT();
  return (
    <section
      className={classes.paper}
      style={{ '--columns': columns } as CSSProperties}
      aria-label={t('paper.label')}
      data-testid={testId}
    >
      <div className={classes.rows} style={{ width: `${columns}ch` }}>
        {rows.map((row, index) => (
          <PaperRow key={index} row={row} />
        ))}
      </div>
    </section>
  );
};
