import classes from './bars.module.css';
import { code128Widths } from './code128.ts';

const height = 36;

/** A barcode, two pixels to a module where there is room; the paper around it is its quiet zone. */
export const Bars = ({ digits, label }: { digits: string; label: string }) => {
  const bars: string[] = [];
  let place = 0;
  for (const [index, width] of code128Widths(digits).entries()) {
    if (index % 2 === 0) bars.push(`M${place} 0h${width}v${height}H${place}z`);
    place += width;
  }
  return (
    <svg
      role="img"
      aria-label={label}
      className={classes.bars}
      viewBox={`0 0 ${place} ${height}`}
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
      style={{ maxWidth: place * 2 }}
      data-testid="code-bars"
    >
      <path d={bars.join('')} />
    </svg>
  );
};
