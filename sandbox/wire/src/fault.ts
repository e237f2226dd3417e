export type Direction = 'to-server' | 'to-client';

/**
 * drop: the frame is lost · delay: it comes `delayMs` later, perhaps after others · corrupt: its last byte, which belongs to
 * the MAC of a message that has one, is changed · duplicate: it comes twice · cut: the connection breaks instead.
 */
export type FaultAction = 'drop' | 'delay' | 'corrupt' | 'duplicate' | 'cut';

export type Fault = {
  readonly direction: Direction;
  readonly action: FaultAction;
  /** How many frames it meets before it is over. */
  readonly count: number | 'always';
  readonly delayMs?: number;
  /** Which frames it meets; every one unless stated. */
  matches?(frame: Uint8Array): boolean;
};

/** The faults in force, in the order they were set. The first that matches a frame is the one it meets. */
export type FaultList = {
  readonly active: readonly Fault[];
  set(fault: Fault): void;
  clear(): void;
  /** The fault that this frame meets, if any, counted down. */
  meet(direction: Direction, frame: Uint8Array): Fault | undefined;
};

export const createFaultList = (): FaultList => {
  let active: { readonly fault: Fault; left: number }[] = [];
  return {
    get active() {
      return active.map(({ fault, left }): Fault => ({ ...fault, count: Number.isFinite(left) ? left : 'always' }));
    },
    set(fault) {
      active.push({ fault, left: fault.count === 'always' ? Number.POSITIVE_INFINITY : fault.count });
    },
    clear() {
      active = [];
    },
    meet(direction, frame) {
      const met = active.find(
        ({ fault, left }) => left > 0 && fault.direction === direction && (fault.matches?.(frame) ?? true),
      );
      if (met === undefined) return undefined;
      met.left -= 1;
      active = active.filter(({ left }) => left > 0);
      return met.fault;
    },
  };
};

/** What becomes of a frame: the frames that go on, and when. */
export type Passage =
  | { readonly kind: 'frames'; readonly frames: readonly Uint8Array[]; readonly delayMs: number }
  | { readonly kind: 'cut' };

const corrupted = (frame: Uint8Array): Uint8Array => {
  const copy = Uint8Array.from(frame);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
};

const frames = (...passing: Uint8Array[]): Passage => ({ kind: 'frames', frames: passing, delayMs: 0 });

export const passageOf = (frame: Uint8Array, fault: Fault | undefined): Passage => {
  switch (fault?.action) {
    case undefined:
      return frames(frame);
    case 'drop':
      return frames();
    case 'duplicate':
      return frames(frame, frame);
    case 'corrupt':
      return frames(corrupted(frame));
    case 'delay':
      return { kind: 'frames', frames: [frame], delayMs: fault.delayMs ?? 0 };
    case 'cut':
      return { kind: 'cut' };
  }
};
