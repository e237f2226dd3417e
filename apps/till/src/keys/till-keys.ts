import type { TillState } from '../till-state.ts';

export type KeyCommand =
  | 'search'
  | 'quantity'
  | 'price'
  | 'discount'
  | 'remove'
  | 'park'
  | 'recall'
  | 'pay'
  | 'phone'
  | 'exact'
  | 'back';

export type TillKey = Readonly<{
  key: string;
  shift?: boolean;
  command: KeyCommand;
  /** A key that also types or edits text does nothing while a text field has the focus. */
  typing?: boolean;
}>;

/** The till's keys, one table: printable, remappable. F5, F11 and F12 stay the browser's. */
export const tillKeys: readonly TillKey[] = [
  { key: 'F2', command: 'search' },
  { key: '*', command: 'quantity', typing: true },
  { key: 'F4', command: 'price' },
  { key: 'F8', command: 'discount' },
  { key: 'Delete', command: 'remove', typing: true },
  { key: 'F6', command: 'park' },
  { key: 'F6', shift: true, command: 'recall' },
  { key: 'F7', command: 'phone' },
  { key: 'F9', command: 'pay' },
  { key: 'F9', shift: true, command: 'exact' },
  { key: 'Escape', command: 'back' },
];

type Pressed = Readonly<{ key: string; shiftKey: boolean; inField: boolean }>;

export const commandOfKey = ({ key, shiftKey, inField }: Pressed): KeyCommand | undefined =>
  tillKeys.find(
    (row) =>
      row.key === key &&
      (row.typing === true || (row.shift ?? false) === shiftKey) &&
      !(row.typing === true && inField),
  )?.command;

/** The line a key without a line means: the chosen one, else the last. */
export const lineOfKey = ({ line, sale }: Pick<TillState, 'line' | 'sale'>): string | undefined =>
  line?.lineId ?? sale?.basket.lines.at(-1)?.id;
