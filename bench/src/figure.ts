/** One measured figure, printed as one JSON line for people and scripts alike. */
export type Figure = Readonly<{ name: string; value: number; unit: string; note?: string }>;

export const report = (figure: Figure): void =>
  console.log(JSON.stringify({ ...figure, value: Number(figure.value.toPrecision(4)) }));

/** The value below which the given share of the samples lies. Sorts a copy. */
export const percentile = (samples: readonly number[], share: number): number => {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};
