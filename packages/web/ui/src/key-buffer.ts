/** A key of a number pad; `back` takes one character back, `clear` takes all. */
export type PadKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '00' | '.' | 'back' | 'clear';

export type PadLimits = {
  /** Digits before the decimal point. */
  readonly wholeDigitsMax: number;
  /** Digits after it; 0 refuses the point. */
  readonly decimals: number;
};

const fits = (text: string, { wholeDigitsMax, decimals }: PadLimits): boolean => {
  const [whole = '', fraction = ''] = text.split('.');
  return whole.length <= wholeDigitsMax && fraction.length <= decimals && (decimals > 0 || !text.includes('.'));
};

/** The text after one key press; a key that would not fit changes nothing. */
export const pressKey = (text: string, key: PadKey, limits: PadLimits): string => {
  if (key === 'clear') return '';
  if (key === 'back') return text.slice(0, -1);
  if (key === '.') {
    const dotted = `${text === '' ? '0' : text}.`;
    return text.includes('.') || !fits(dotted, limits) ? text : dotted;
  }
  const next = text === '0' ? (/[1-9]/.test(key) ? key : '0') : text === '' && key === '00' ? '0' : text + key;
  return fits(next, limits) ? next : text;
};
