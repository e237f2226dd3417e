import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { listenToWedge } from './scan-listener.ts';

/** As much of a browser as the listener sees: a window that hears keys, and a field that holds text. */
class Field extends EventTarget {
  type = 'search';
  #value = '';
  get value(): string {
    return this.#value;
  }
  set value(value: string) {
    this.#value = value;
  }
}

type Page = { window: EventTarget; search: Field; focus: Field | undefined };

const faked = ['window', 'document', 'HTMLInputElement', 'HTMLTextAreaElement'] as const;
let page: Page;
let scans: string[];
/** The till's own search, which the field on the screen follows a moment later. */
let search: string;
let stop: () => void;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  page = { window: new EventTarget(), search: new Field(), focus: undefined };
  const document = {
    get activeElement() {
      return page.focus ?? null;
    },
  };
  const fakes = { window: page.window, document, HTMLInputElement: Field, HTMLTextAreaElement: class extends Field {} };
  for (const name of faked) Object.defineProperty(globalThis, name, { value: fakes[name], configurable: true });
  scans = [];
  search = '';
  page.search.addEventListener('input', () => {
    search = page.search.value;
  });
  stop = listenToWedge({
    scan: (text) => void scans.push(search + text),
    typed: (text) => {
      search += text;
      page.focus = page.search;
    },
  });
});
afterEach(() => {
  stop();
  mock.timers.reset();
  for (const name of faked) Reflect.deleteProperty(globalThis, name);
});

const press = (key: string, timeStamp: number): void => {
  const event = new Event('keydown', { cancelable: true });
  const target = page.focus ?? page.window;
  const facts = { key, code: '', shiftKey: false, timeStamp, target };
  for (const [name, value] of Object.entries(facts)) Object.defineProperty(event, name, { value });
  page.window.dispatchEvent(event);
  // The screen follows the till before the browser does what the key does by itself.
  page.search.value = search;
  if (event.defaultPrevented || !page.focus || key === 'Enter') return;
  page.focus.value += key;
  page.focus.dispatchEvent(new Event('input'));
};

/** A gun whose pieces come `pauseMs` apart; a busy computer hands over the keys before it looks at its clock. */
const shoot = (pieces: readonly string[], pauseMs: number, isBusy: boolean): void => {
  let at = 0;
  for (const piece of pieces) {
    for (const key of piece) {
      at += 8;
      press(key, at);
      if (!isBusy) mock.timers.tick(8);
    }
    at += pauseMs;
    if (!isBusy) mock.timers.tick(pauseMs);
    page.search.value = search;
  }
  press('Enter', at - pauseMs + 8);
};

for (const isBusy of [false, true])
  for (const pieces of [
    ['6901234567892'],
    ['69012', '34567892'],
    ['6901', '2345', '67892'],
    ['690', '123', '4567', '892'],
  ])
    test(`a code in ${pieces.length} pieces is one code, ${isBusy ? 'also when keys overtake the clock' : 'each after a pause'}`, () => {
      shoot(pieces, 220, isBusy);
      const [scan = search] = scans;
      assert.equal(scan, '6901234567892', 'head and tail are the code, with nothing lost and nothing twice');
    });

test('a burst into a field is taken out of it again', () => {
  page.focus = page.search;
  page.search.value = 'ke';
  search = 'ke';
  shoot(['6901234567892'], 220, false);
  assert.deepEqual([scans, page.search.value], [['ke6901234567892'], 'ke']);
});
