import type { KeyboardEvent, ReactNode } from 'react';
import classes from './data-table.module.css';

export type Column<Row> = {
  readonly key: string;
  /** Header, with the unit of the figures below it: `金额 (¥)`. */
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly width?: string;
  readonly cell: (row: Row) => ReactNode;
  /** What stands in the totals row under this column. */
  readonly total?: ReactNode;
};

export type DataTableProps<Row> = {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly caption: string;
  /** What an empty table says: why it is empty and what would fill it. */
  readonly empty: ReactNode;
  readonly selectedKey?: string;
  readonly onRow?: (row: Row) => void;
  readonly dense?: boolean;
  readonly testId?: string;
};

const alignOf = (align: 'left' | 'right' | undefined) => (align === 'right' ? 'right' : undefined);

/** From row to row with the arrows, to either end with Home and End. */
const rowAfterKey = (row: HTMLTableRowElement, key: string): Element | null | undefined => {
  if (key === 'ArrowDown') return row.nextElementSibling;
  if (key === 'ArrowUp') return row.previousElementSibling;
  if (key === 'Home') return row.parentElement?.firstElementChild;
  return key === 'End' ? row.parentElement?.lastElementChild : undefined;
};

const moveBetweenRows = (event: KeyboardEvent<HTMLTableRowElement>): void => {
  const next = rowAfterKey(event.currentTarget, event.key);
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
};

/** The plain table: sticky header, first column fixed, figures right, rows that open with a click or Enter and are walked with the arrows. */
export const DataTable = <Row,>(props: DataTableProps<Row>) => {
  const { columns, rows, rowKey, caption, empty, selectedKey, onRow, dense, testId } = props;
  const hasTotals = columns.some((column) => column.total !== undefined);
  return (
    <div className={classes.frame} data-testid={testId}>
      <table className={classes.table} data-dense={dense || undefined} data-clickable={onRow ? true : undefined}>
        <caption className={classes.caption}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" data-align={alignOf(column.align)} style={{ width: column.width }}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = rowKey(row);
            return (
              <tr
                key={key}
                data-testid={testId === undefined ? undefined : `${testId}-row-${key}`}
                data-selected={key === selectedKey || undefined}
                tabIndex={onRow ? 0 : undefined}
                onClick={onRow && (() => onRow(row))}
                aria-current={key === selectedKey || undefined}
                onKeyDown={onRow && ((event) => (event.key === 'Enter' ? onRow(row) : moveBetweenRows(event)))}
              >
                {columns.map((column) => (
                  <td key={column.key} data-align={alignOf(column.align)}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
        {hasTotals && (
          <tfoot>
            <tr>
              {columns.map((column) => (
                <td key={column.key} data-align={alignOf(column.align)}>
                  {column.total}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
      {rows.length === 0 && <div className={classes.empty}>{empty}</div>}
    </div>
  );
};
