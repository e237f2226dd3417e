/** A domain's value as JSON carries it: bigint becomes its digits, everything else stays. */
export type Wire<Value> = Value extends bigint
  ? string
  : Value extends string | number | boolean | null | undefined
    ? Value
    : Value extends readonly (infer Part)[]
      ? Wire<Part>[]
      : { -readonly [Key in keyof Value]: Wire<Value[Key]> };

export const wire = <Value>(value: Value): Wire<Value> => {
  const convert = (part: unknown): unknown => {
    if (typeof part === 'bigint') return String(part);
    if (Array.isArray(part)) return part.map(convert);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, convert(inner)]));
  };
  return convert(value) as Wire<Value>;
};
