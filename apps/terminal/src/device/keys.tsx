import type { Key } from '@zhanggui/terminal';
import { useT } from '../texts.ts';
import classes from './keys.module.css';

type FunctionKey = 'cancel' | 'clear' | 'confirm' | 'menu' | 'up' | 'down';

/** Rows as on the device: a telephone's digits, the three coloured keys down the right. */
const keys: readonly Key[] = [
  '1',
  '2',
  '3',
  'cancel',
  '4',
  '5',
  '6',
  'clear',
  '7',
  '8',
  '9',
  'confirm',
  'up',
  '0',
  'down',
  'menu',
];

/** Shapes that say what a key does without colour: cross, arrow back, ring (tactile marks of EN 1332-3). */
const shapes: Record<FunctionKey, string> = {
  cancel: 'm6 6 12 12M18 6 6 18',
  clear: 'M20 12H5M11 6l-6 6 6 6',
  confirm: 'M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14Z',
  menu: 'M5 7h14M5 12h14M5 17h14',
  up: 'm6 14.5 6-6 6 6',
  down: 'm6 9.5 6 6 6-6',
};

const isFunctionKey = (key: Key): key is FunctionKey => Number.isNaN(Number(key));

export const Keys = ({ onKey }: { onKey: (key: Key) => void }) => (
  <div className={classes.keys} data-testid="keys">
    {keys.map((key) => (
      <KeyCap key={key} name={key} onKey={onKey} />
    ))}
  </div>
);

const KeyCap = ({ name, onKey }: { name: Key; onKey: (key: Key) => void }) => (
  <button
    type="button"
    className={`zg-press ${classes.key}`}
    data-key={isFunctionKey(name) ? name : 'digit'}
    data-testid={`key-${name}`}
    onClick={(event) => {
      // Focus would stay on the key and a scanner's or a keyboard's Enter would press it again.
      event.currentTarget.blur();
      onKey(name);
    }}
  >
    {isFunctionKey(name) ? <FunctionFace name={name} /> : name}
  </button>
);

const FunctionFace = ({ name }: { name: FunctionKey }) => {
  const t = useT();
  return (
    <>
      <svg className={classes.shape} viewBox="0 0 24 24" aria-hidden="true">
        <path d={shapes[name]} />
      </svg>
      <span className={classes.word}>{t(`key.${name}`)}</span>
    </>
  );
};
