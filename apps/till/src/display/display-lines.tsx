import { Amount, usePick } from '@zhanggui/ui';
import { useT } from '../use-t.ts';
import classes from './display-lines.module.css';
import type { DisplayLine } from './display-snapshot.ts';
import { useLineInView } from './line-in-view-effect.ts';

const Row = ({ line, isChanged }: { line: DisplayLine; isChanged: boolean }) => {
  const t = useT();
  const pick = usePick();
  return (
    <li className={classes.row} data-testid="display-row" data-changed={isChanged || undefined}>
      <span className={classes.name}>{pick(line.name)}</span>
      <Amount value={line.amount} size="section" strong />
      <span className={classes.detail}>
        {line.quantity} × <Amount value={line.unitPrice} />
        {t('goods.per', { unit: pick(line.unit) })}
      </span>
      {line.discount.minor > 0n && (
        <span className={classes.discount}>
          −<Amount value={line.discount} />
        </span>
      )}
    </li>
  );
};

/** The goods, the last change in view. */
export const DisplayLines = ({ lines, changedId }: { lines: readonly DisplayLine[]; changedId: string }) => {
  const list = useLineInView(lines);
  return (
    <ol className={classes.lines} ref={list}>
      {lines.map((line) => (
        <Row key={line.id} line={line} isChanged={line.id === changedId} />
      ))}
    </ol>
  );
};
