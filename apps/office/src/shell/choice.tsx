import classes from './choice.module.css';

type Option<Value extends string> = Readonly<{ value: Value; label: string }>;

/** One of a few, or all of them: what narrows a table. */
export const Choice = <Value extends string>({
  label,
  all,
  value,
  options,
  onChange,
  testId,
}: {
  label: string;
  /** What stands for no choice; without it one has to be chosen. */
  all?: string;
  value: Value | undefined;
  options: readonly Option<Value>[];
  onChange: (value: Value | undefined) => void;
  testId: string;
}) => (
  <select
    className={classes.select}
    aria-label={label}
    value={value ?? ''}
    onChange={(event) => onChange(options.find((option) => option.value === event.currentTarget.value)?.value)}
    data-testid={testId}
  >
    {all !== undefined && <option value="">{all}</option>}
    {options.map((option) => (
      <option key={option.value} value={option.value}>
        {option.label}
      </option>
    ))}
  </select>
);
