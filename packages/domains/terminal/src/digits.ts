import { promptMsDefault } from './card.ts';
import { ask, type Desk, type Job } from './program.ts';
import type { Key, Screen } from './view.ts';

type DigitsQuestion = {
  /** The screen for what has been typed so far. */
  screen(typed: string): Screen;
  /** A key that began the entry. */
  first?: Key;
  digitsMax: number;
  isComplete(typed: string): boolean;
};

const isDigit = (key: Key): boolean => /^\d$/.test(key);

/** Takes digits until confirm; clear takes one back; undefined when cancelled, timed out, or a till needs the terminal. */
export function* askDigits(desk: Desk, question: DigitsQuestion): Job<string | undefined> {
  let typed = question.first !== undefined && isDigit(question.first) && question.first !== '0' ? question.first : '';
  for (;;) {
    const input = yield* ask('wait', {
      screen: question.screen(typed),
      for: ['key', 'sale-waiting'],
      timeoutMs: desk.parameters.promptMs ?? promptMsDefault,
    });
    if (input.kind !== 'key' || input.key === 'cancel') return undefined;
    if (input.key === 'confirm' && question.isComplete(typed)) return typed;
    if (input.key === 'clear') typed = typed.slice(0, -1);
    else if (isDigit(input.key) && typed.length < question.digitsMax) typed += input.key;
  }
}
