import { useUiT } from './face.tsx';
import { Icon } from './icons.tsx';
import type { PadKey } from './key-buffer.ts';
import classes from './keypad.module.css';

/** `amount` counts like a calculator, `count` without the point, `pin` like a telephone. */
export type KeypadLayout = 'amount' | 'count' | 'pin';

const keysOf: Record<KeypadLayout, readonly PadKey[]> = {
  amount: ['7', '8', '9', '4', '5', '6', '1', '2', '3', '0', '00', '.'],
  count: ['7', '8', '9', '4', '5', '6', '1', '2', '3', 'clear', '0', 'back'],
  pin: ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'clear', '0', 'back'],
};

export type KeypadProps = {
  readonly layout: KeypadLayout;
  readonly onKey: (key: PadKey) => void;
  readonly disabled?: boolean;
  readonly testId?: string;
};

const Face = ({ padKey }: { padKey: PadKey }) => {
  const t = useUiT();
  if (padKey === 'back') return <Icon name="backspace" />;
  if (padKey === 'clear') return <span className={classes.word}>{t('key.clear.short')}</span>;
  return <>{padKey}</>;
};

/** Number keys for a thumb. It keeps no text of its own: the screen owns the buffer (`pressKey`). */
export const Keypad = ({ layout, onKey, disabled, testId = 'keypad' }: KeypadProps) => {
  const t = useUiT();
  const label = (key: PadKey): string | undefined =>
    key === 'back' ? t('key.back') : key === 'clear' ? t('key.clear') : undefined;
  return (
    <div className={classes.keypad} data-testid={testId}>
      {keysOf[layout].map((key) => (
        <button
          key={key}
          type="button"
          className={`zg-press ${classes.key}`}
          data-testid={`${testId}-${key === '.' ? 'dot' : key}`}
          aria-label={label(key)}
          disabled={disabled}
          onClick={(event) => {
            event.currentTarget.blur();
            onKey(key);
          }}
        >
          <Face padKey={key} />
        </button>
      ))}
    </div>
  );
};
