import type { Digit } from './view.ts';

/** PIN length limits (ISO 9564-1 §4.1). */
const digitsMin = 4;
const digitsMax = 12;

/**
 * The keypad's own memory of a PIN. The digits live in this closure only: the program gets the encrypted block, the
 * view gets the count. `take` empties it.
 */
export const openPinPad = () => {
  let digits: string[] = [];
  return {
    count: (): number => digits.length,
    press: (digit: Digit): void => {
      if (digits.length < digitsMax) digits.push(digit);
    },
    clear: (): void => {
      digits = [];
    },
    /** What confirm means now: nothing keyed is a bypass, too few digits is no answer yet. */
    readiness: (): 'bypass' | 'short' | 'ready' =>
      digits.length === 0 ? 'bypass' : digits.length < digitsMin ? 'short' : 'ready',
    take: (): string => {
      const pin = digits.join('');
      digits = [];
      return pin;
    },
  };
};

export type PinPad = ReturnType<typeof openPinPad>;
