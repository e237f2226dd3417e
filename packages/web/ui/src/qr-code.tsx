import { encode } from 'uqr';
import classes from './qr-code.module.css';

export type QrCodeProps = {
  readonly text: string;
  /** What it is, for those who cannot see it. */
  readonly label: string;
  readonly testId?: string;
};

/** Modules of quiet zone that ISO/IEC 18004 asks for around a code. */
const quietModules = 4;

/** One path for all dark modules, a run of them at a time, so that no gap shows between neighbours. */
const darkPath = (rows: readonly (readonly boolean[])[]): string =>
  rows
    .flatMap((row, y) =>
      row.flatMap((isDark, x) => {
        if (!isDark || row[x - 1]) return [];
        const end = row.indexOf(false, x);
        return [`M${x} ${y}h${(end === -1 ? row.length : end) - x}v1H${x}z`];
      }),
    )
    .join('');

/** A QR code as wide as its place, black on white whatever the scheme. */
export const QrCode = ({ text, label, testId }: QrCodeProps) => {
  const { data, size } = encode(text, { ecc: 'M', border: quietModules });
  return (
    <svg
      role="img"
      aria-label={label}
      className={classes.code}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      data-testid={testId}
      data-text={text}
    >
      <path d={darkPath(data)} />
    </svg>
  );
};
