/** Limits of one scanner gun; guns differ from 10 to 100 ms between keys. */
export type WedgeLimits = Readonly<{
  /** A longer pause ends the run. */
  gapMaxMs: number;
  /** The average pause of a gun that ends its code with Enter or Tab. */
  endedMeanMaxMs: number;
  /** The average pause of a gun that just stops. */
  quietMeanMaxMs: number;
  endedCharactersMin: number;
  quietCharactersMin: number;
}>;

export const defaultWedgeLimits: WedgeLimits = {
  gapMaxMs: 150,
  endedMeanMaxMs: 60,
  quietMeanMaxMs: 35,
  endedCharactersMin: 4,
  quietCharactersMin: 8,
};

/** Keys pressed so far that may still turn out to be a scan. Times are milliseconds of any steady clock. */
export type WedgeRun = Readonly<{ text: string; firstAt: number; lastAt: number }>;

export type WedgeEvent = Readonly<{ kind: 'scan'; text: string }> | Readonly<{ kind: 'typed'; text: string }>;

/** `swallow`: the key belongs to the gun and must do nothing else, an Enter press no button. */
export type WedgeStep = Readonly<{ run: WedgeRun | undefined; events: readonly WedgeEvent[]; swallow: boolean }>;

const meanGapMs = ({ text, firstAt, lastAt }: WedgeRun): number =>
  text.length < 2 ? Number.POSITIVE_INFINITY : (lastAt - firstAt) / (text.length - 1);

/** Eight digits and more with an Enter after them are a code, however slowly a busy computer handed them over. */
const isCode = ({ text }: WedgeRun, limits: WedgeLimits): boolean =>
  text.length >= limits.quietCharactersMin && /^\d+$/.test(text);

const isScan = (run: WedgeRun, ended: boolean, limits: WedgeLimits): boolean =>
  ended
    ? isCode(run, limits) || (run.text.length >= limits.endedCharactersMin && meanGapMs(run) <= limits.endedMeanMaxMs)
    : run.text.length >= limits.quietCharactersMin && meanGapMs(run) <= limits.quietMeanMaxMs;

const settled = (run: WedgeRun, ended: boolean, limits: WedgeLimits): WedgeEvent => ({
  kind: isScan(run, ended, limits) ? 'scan' : 'typed',
  text: run.text,
});

/** The run after a quiet moment: whatever it was, it is over. */
export const settleRun = (run: WedgeRun | undefined, limits: WedgeLimits): WedgeStep => ({
  run: undefined,
  events: run ? [settled(run, false, limits)] : [],
  swallow: false,
});

/** A character key. One that comes too late settles the run before it and begins its own. */
export const pressCharacter = (
  run: WedgeRun | undefined,
  character: string,
  at: number,
  limits: WedgeLimits,
): WedgeStep => {
  if (run && at - run.lastAt <= limits.gapMaxMs)
    return { run: { ...run, text: run.text + character, lastAt: at }, events: [], swallow: false };
  const before = settleRun(run, limits).events;
  return { run: { text: character, firstAt: at, lastAt: at }, events: before, swallow: false };
};

/** Enter or Tab: the end of a scan, or a person's own key after typing. */
export const pressEnd = (run: WedgeRun | undefined, at: number, limits: WedgeLimits): WedgeStep => {
  if (!run) return { run: undefined, events: [], swallow: false };
  if (at - run.lastAt > limits.gapMaxMs) return settleRun(run, limits);
  const event = settled(run, true, limits);
  return { run: undefined, events: [event], swallow: event.kind === 'scan' };
};

/**
 * The character a key stands for. With a Chinese input method on, `key` is `Process` and only the place of the key
 * tells; a gun sends capitals by holding Shift.
 */
export const characterOf = ({ key, code, shiftKey }: { key: string; code: string; shiftKey: boolean }) => {
  if (key.length === 1) return key;
  if (key !== 'Process' && key !== 'Unidentified') return undefined;
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  if (digit !== undefined) return digit;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return shiftKey ? letter : letter?.toLowerCase();
};
