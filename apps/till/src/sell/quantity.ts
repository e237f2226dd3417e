/** A quantity as people read it: pieces whole, weights with three decimals (`2`, `0.350`). */
export const quantityText = (quantityMilli: number, weighed: boolean): string => {
  const digits = String(quantityMilli).padStart(4, '0');
  const whole = digits.slice(0, -3);
  return weighed ? `${whole}.${digits.slice(-3)}` : whole;
};

/** Thousandths of typed text; undefined when nothing that counts was typed. */
export const quantityOfText = (text: string): number | undefined => {
  const match = /^(\d{1,4})(?:\.(\d{0,3}))?$/.exec(text);
  if (!match) return undefined;
  const milli = Number(`${match[1] ?? ''}${(match[2] ?? '').padEnd(3, '0')}`);
  return milli > 0 ? milli : undefined;
};

/** Basis points of a typed percentage: `15` is 1500; undefined outside 0.01 to 100. */
export const basisPointsOfText = (text: string): number | undefined => {
  const match = /^(\d{1,3})(?:\.(\d{0,2}))?$/.exec(text);
  if (!match) return undefined;
  const points = Number(`${match[1] ?? ''}${(match[2] ?? '').padEnd(2, '0')}`);
  return points >= 1 && points <= 10_000 ? points : undefined;
};

/** `1500` is `15`, `1250` is `12.5`. */
export const percentText = (basisPoints: number): string => {
  const digits = String(basisPoints).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`.replace(/\.?0+$/, '');
};
