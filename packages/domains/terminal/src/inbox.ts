import type { EpochMs } from '@zhanggui/time';
import { openPinPad, type PinPress } from './pin-pad.ts';
import type { Input } from './program.ts';
import type { Key, ScreenName } from './view.ts';

/** A question in the air: which inputs answer it, and until when. */
type Question = Readonly<{
  wants(input: Input): boolean;
  settle(input: Input): void;
  deadline: EpochMs | undefined;
}>;

/** How the keying of a PIN ended, before encryption. */
export type PinEntry = PinPress | Readonly<{ kind: 'timeout' }> | Readonly<{ kind: 'card-gone' }>;

/**
 * Where hands meet the program. What nobody waits for is dropped, as a key pressed during processing is; only keys typed
 * faster than the same question can be asked again are kept for it. While a PIN is keyed in, digits go to the PIN pad and
 * nowhere else.
 */
export const openInbox = (now: () => EpochMs, onChange: () => void) => {
  const pad = openPinPad();
  const ahead = openTypeAhead();
  let question: Question | undefined;
  let onPinKey: ((key: Key) => void) | undefined;

  /** Asks one question; the first input it wants, or the end of patience, takes it out of the air. */
  const pose = (timeoutMs: number | undefined, wants: Question['wants'], resolve: (input: Input) => void): void => {
    const settle = (input: Input): void => {
      clearTimeout(timer);
      question = undefined;
      onPinKey = undefined;
      resolve(input);
    };
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => settle({ kind: 'timeout' }), timeoutMs);
    const deadline = timeoutMs === undefined ? undefined : ((now() + timeoutMs) as EpochMs);
    question = { wants, settle, deadline };
    onChange();
  };

  const wait = (screen: ScreenName, kinds: readonly Input['kind'][], timeoutMs: number | undefined): Promise<Input> => {
    const key = ahead.take(screen);
    if (key !== undefined && kinds.includes('key')) return Promise.resolve({ kind: 'key', key });
    return new Promise((resolve) => pose(timeoutMs, (input) => kinds.includes(input.kind), resolve));
  };

  const askPin = (timeoutMs: number): Promise<PinEntry> => {
    pad.clear();
    ahead.forget();
    let pressed: PinPress | undefined;
    return new Promise((resolve) => {
      onPinKey = (key) => {
        pressed = pad.press(key);
        if (pressed) question?.settle({ kind: 'key', key });
        else onChange();
      };
      pose(
        timeoutMs,
        ({ kind }) => kind === 'card-removed' || kind === 'cancel-requested',
        ({ kind }) => {
          pad.clear();
          if (kind === 'key' && pressed) return resolve(pressed);
          if (kind === 'card-removed') return resolve({ kind: 'card-gone' });
          resolve({ kind: kind === 'timeout' ? 'timeout' : 'cancelled' });
        },
      );
    });
  };

  return {
    wait,
    askPin,
    deadline: (): EpochMs | undefined => question?.deadline,
    pinDigits: (): number | undefined => (onPinKey ? pad.count() : undefined),
    deliver: (input: Input): void => {
      if (input.kind === 'key' && onPinKey) return onPinKey(input.key);
      if (question?.wants(input)) question.settle(input);
      else if (input.kind === 'key' && !question) ahead.keep(input.key);
    },
    /** A message without a question: what was typed before it answers nothing after it. */
    forget: (): void => ahead.forget(),
    /** Lets go of whoever waits, so that the terminal can stop. */
    release: (): void => question?.settle({ kind: 'timeout' }),
  };
};

export type Inbox = ReturnType<typeof openInbox>;

/** Keys typed ahead belong to the question they were typed at; an amount begins on the idle screen. */
const openTypeAhead = () => {
  let asked: ScreenName | undefined;
  let keys: Key[] = [];
  return {
    keep: (key: Key): void => {
      keys.push(key);
    },
    take: (screen: ScreenName): Key | undefined => {
      const continues = screen === asked || (screen === 'amount' && asked === 'idle');
      if (!continues) keys = [];
      asked = screen;
      return keys.shift();
    },
    forget: (): void => {
      asked = undefined;
    },
  };
};
