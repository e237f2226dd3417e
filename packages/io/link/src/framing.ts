import { concat } from '@zhanggui/bytes';

export type FrameErrorCode = 'frame-too-long' | 'length-malformed';

/** A stream that cannot be cut into frames any more: the connection is of no further use. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly code: FrameErrorCode;

  constructor(code: FrameErrorCode) {
    super(code);
    this.code = code;
  }
}

/** Cuts a byte stream into frames. It holds at most one unfinished frame. */
export type FrameDecoder = {
  /** Frames that this chunk completes, without their length prefix, as views of `chunk` where they can be. Throws `FrameError`. */
  push(chunk: Uint8Array): Uint8Array[];
};

/** How frames are told apart in a byte stream. An empty frame keeps a quiet line open and is swallowed. */
export type Framing = {
  readonly name: string;
  /** The frame with its length in front. Throws `FrameError`. */
  encode(frame: Uint8Array): Uint8Array;
  decoder(limits: { readonly maxBytes: number }): FrameDecoder;
};

type Prefix = {
  readonly bytes: number;
  readonly lengthMax: number;
  put(out: Uint8Array, length: number): void;
  /** Length announced at a place, or undefined when it is not one. */
  get(bytes: Uint8Array, at: number): number | undefined;
};

const NOTHING = new Uint8Array();

const createDecoder = (prefix: Prefix, maxBytes: number): FrameDecoder => {
  let held: Uint8Array = NOTHING;

  const push = (chunk: Uint8Array): Uint8Array[] => {
    const bytes = held.length === 0 ? chunk : concat(held, chunk);
    const frames: Uint8Array[] = [];
    let at = 0;
    while (at + prefix.bytes <= bytes.length) {
      const length = prefix.get(bytes, at);
      if (length === undefined) throw new FrameError('length-malformed');
      if (length > maxBytes) throw new FrameError('frame-too-long');
      const start = at + prefix.bytes;
      if (start + length > bytes.length) break;
      if (length > 0) frames.push(bytes.subarray(start, start + length));
      at = start + length;
    }
    // A copy, so that a short rest does not keep a whole chunk alive.
    held = at === bytes.length ? NOTHING : bytes.slice(at);
    return frames;
  };

  return { push };
};

/** How the length in front of a frame is written. `bytes` is its own size. */
export type FramingDefinition = {
  readonly name: string;
  readonly length: 'binary' | 'ascii' | 'bcd';
  readonly bytes: 2 | 4;
  /** The length counts its own bytes too. An empty frame still keeps the line open. */
  readonly inclusive?: true;
};

/** Digits, one in each byte or two: `base` is what a byte counts in, `numberOf` its number or undefined. */
const digits = (
  bytes: number,
  base: number,
  { byteOf, numberOf }: { byteOf(number: number): number; numberOf(byte: number): number | undefined },
): Prefix => ({
  bytes,
  lengthMax: base ** bytes - 1,
  put(out, length) {
    let rest = length;
    for (let index = bytes - 1; index >= 0; index -= 1) {
      out[index] = byteOf(rest % base);
      rest = Math.trunc(rest / base);
    }
  },
  get(frame, at) {
    let length = 0;
    for (let index = at; index < at + bytes; index += 1) {
      const number = numberOf(frame[index] ?? 0);
      if (number === undefined) return undefined;
      length = length * base + number;
    }
    return length;
  },
});

const FORMS = {
  binary: (bytes: number) => digits(bytes, 0x100, { byteOf: (number) => number, numberOf: (byte) => byte }),
  ascii: (bytes: number) =>
    digits(bytes, 10, {
      byteOf: (number) => 0x30 + number,
      numberOf: (byte) => (byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : undefined),
    }),
  bcd: (bytes: number) =>
    digits(bytes, 100, {
      byteOf: (number) => (Math.trunc(number / 10) << 4) | (number % 10),
      numberOf: (byte) => (byte >> 4 <= 9 && (byte & 0x0f) <= 9 ? (byte >> 4) * 10 + (byte & 0x0f) : undefined),
    }),
} as const;

/** A length that counts itself. Zero stands for an empty frame, as it does without. */
const inclusive = (prefix: Prefix): Prefix => ({
  ...prefix,
  lengthMax: prefix.lengthMax - prefix.bytes,
  put: (out, length) => prefix.put(out, length + prefix.bytes),
  get(bytes, at) {
    const length = prefix.get(bytes, at);
    if (length === undefined || length === 0) return length;
    return length < prefix.bytes ? undefined : length - prefix.bytes;
  },
});

/** A framing by its length: for those that `FRAMINGS` lacks. */
export const defineFraming = ({ name, length, bytes, inclusive: isInclusive }: FramingDefinition): Framing => {
  const plain = FORMS[length](bytes);
  const prefix = isInclusive ? inclusive(plain) : plain;
  return {
    name,
    encode(frame) {
      if (frame.length > prefix.lengthMax) throw new FrameError('frame-too-long');
      const out = new Uint8Array(prefix.bytes + frame.length);
      prefix.put(out, frame.length);
      out.set(frame, prefix.bytes);
      return out;
    },
    decoder: ({ maxBytes }) => createDecoder(prefix, maxBytes),
  };
};

/**
 * binary2: two bytes, big-endian, as terminals send · ascii4: four digits, as institutions send · bcd2: four digits packed
 * in two bytes · binary4: four bytes. A TPDU and what else stands before the message belong to the frame.
 */
export const FRAMINGS = {
  binary2: defineFraming({ name: 'binary2', length: 'binary', bytes: 2 }),
  ascii4: defineFraming({ name: 'ascii4', length: 'ascii', bytes: 4 }),
  bcd2: defineFraming({ name: 'bcd2', length: 'bcd', bytes: 2 }),
  binary4: defineFraming({ name: 'binary4', length: 'binary', bytes: 4 }),
} as const;
