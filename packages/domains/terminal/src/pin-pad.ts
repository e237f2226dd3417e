import type { Key } from './view.ts';

/** PIN length limits (ISO 9564-1). */
const digitsMin = 4;
const digitsMax = 12;

/** What a key on the PIN pad led to; undefined while the PIN is still being keyed. */
export type PinPress =
  | Readonly<{ kind: 'entered'; pin: string }>
  | Readonly<{ kind: 'bypassed' }>
  | Readonly<{ kind: 'cancelled' }>;

/**
 * The keypad's own memory of a PIN. The digits live in this closure only: the program gets the encrypted block, the
 * view gets the count. Every way out empties it. Confirm without a digit is a bypass, with too few it does nothing.
 */
export const openPinPad = () => {
  let digits: string[] = [];
  const take = (): string => {
    const pin = digits.join('');
    digits = [];
    return pin;
  };
  const confirm = (): PinPress | undefined => {
    if (digits.length === 0) return { kind: 'bypassed' };
    return digits.length < digitsMin ? undefined : { kind: 'entered', pin: take() };
  };
  return {
    count: (): number => digits.length,
    clear: (): void => {
      digits = [];
    },
    press: (key: Key): PinPress | undefined => {
      if (key === 'confirm') return confirm();
      if (key === 'cancel' || key === 'clear') digits = [];
      else if (/^\d$/.test(key) && digits.length < digitsMax) digits.push(key);
      return key === 'cancel' ? { kind: 'cancelled' } : undefined;
    },
  };
};
