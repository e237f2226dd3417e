import { ask, type Desk, type Job } from './program.ts';
import { screens } from './screens.ts';
import type { Text } from './texts.ts';
import type { Tone } from './view.ts';

const noticeMsDefault = 3000;

/** A short message that goes away by itself, by any key, or when a till needs the terminal. */
export function* notice(desk: Desk, message: Text, tone: Tone, detail?: Text): Job<void> {
  yield* ask('wait', {
    screen: screens.notice(message, tone, detail),
    for: ['key', 'sale-waiting'],
    timeoutMs: Math.min(desk.parameters.resultMs ?? noticeMsDefault, noticeMsDefault),
  });
}
