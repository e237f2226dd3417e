import type { EpochMs } from '@zhanggui/time';
import type { Input, PinReply } from './program.ts';
import { openPinPad } from './pin-pad.ts';
import type { Key, ScreenName } from './view.ts';

/** What the program waits for right now. */
type Waiting = { wants(input: Input): boolean; settle(input: Input): void };

/**
 * Where hands meet the program. What nobody waits for is dropped, as a key pressed during processing is; only keys typed
 * faster than the same question can be asked again are kept for it. While a PIN is keyed in, digits go to the PIN pad and
 * nowhere else.
 */
export const openInbox = (now: () => EpochMs, onChange: () => void) => {
  const pad = openPinPad();
  let waiting: Waiting | undefined;
  let onPinKey: ((key: Key) => void) | undefined;
  let deadline: EpochMs | undefined;
  let asked: ScreenName | undefined;
  let typedAhead: Key[] = [];

  const clear = (): void => {
    waiting = undefined;
    onPinKey = undefined;
    deadline = undefined;
  };

  /** Keys typed ahead belong to the question they were typed at; an amount begins on the idle screen. */
  const takeTypedAhead = (screen: ScreenName): Key | undefined => {
    const continues = screen === asked || (screen === 'amount' && asked === 'idle');
    if (!continues) typedAhead = [];
    asked = screen;
    return typedAhead.shift();
  };

  const wait = (screen: ScreenName, kinds: readonly Input['kind'][], timeoutMs: number | undefined): Promise<Input> =>
    new Promise((resolve) => {
      const key = takeTypedAhead(screen);
      if (key !== undefined && kinds.includes('key')) return resolve({ kind: 'key', key });
      const settle = (input: Input): void => {
        clearTimeout(timer);
        clear();
        resolve(input);
      };
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => settle({ kind: 'timeout' }), timeoutMs);
      deadline = timeoutMs === undefined ? undefined : ((now() + timeoutMs) as EpochMs);
      waiting = { wants: (input) => kinds.includes(input.kind), settle };
      onChange();
    });

  /** Runs the PIN pad until confirm, cancel, the card leaving the slot, or the end of patience. */
  const askPin = (timeoutMs: number, encrypt: (pin: string) => Promise<Uint8Array>): Promise<PinReply> =>
    new Promise((resolve, reject) => {
      pad.clear();
      asked = undefined;
      const settle = (reply: PinReply): void => {
        clearTimeout(timer);
        pad.clear();
        clear();
        resolve(reply);
      };
      const timer = setTimeout(() => settle({ kind: 'timeout' }), timeoutMs);
      deadline = (now() + timeoutMs) as EpochMs;
      const confirm = (): void => {
        const readiness = pad.readiness();
        if (readiness === 'bypass') settle({ kind: 'bypassed' });
        if (readiness !== 'ready') return;
        clearTimeout(timer);
        clear();
        encrypt(pad.take()).then((block) => resolve({ kind: 'entered', block }), reject);
      };
      onPinKey = (key) => {
        if (key === 'cancel') settle({ kind: 'cancelled' });
        else if (key === 'confirm') confirm();
        else if (key === 'clear') pad.clear();
        else if (key !== 'menu' && key !== 'up' && key !== 'down') pad.press(key);
        onChange();
      };
      waiting = {
        wants: ({ kind }) => kind === 'card-removed' || kind === 'cancel-requested',
        settle: ({ kind }) => settle({ kind: kind === 'card-removed' ? 'card-gone' : 'cancelled' }),
      };
      onChange();
    });

  return {
    wait,
    askPin,
    deadline: (): EpochMs | undefined => deadline,
    pinDigits: (): number | undefined => (onPinKey ? pad.count() : undefined),
    deliver: (input: Input): void => {
      if (input.kind === 'key' && onPinKey) return onPinKey(input.key);
      if (waiting?.wants(input)) waiting.settle(input);
      else if (input.kind === 'key' && !waiting) typedAhead.push(input.key);
    },
    /** A message without a question: what was typed before it answers nothing after it. */
    forget: (): void => {
      asked = undefined;
    },
    /** Lets go of whoever waits, so that the terminal can stop. */
    release: (): void => waiting?.settle({ kind: 'timeout' }),
  };
};

export type Inbox = ReturnType<typeof openInbox>;
