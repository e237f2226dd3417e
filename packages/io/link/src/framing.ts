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

const defineFraming = (name: string, prefix: Prefix): Framing => ({
  name,
  encode(frame) {
    if (frame.length > prefix.lengthMax) throw new FrameError('frame-too-long');
    const out = new Uint8Array(prefix.bytes + frame.length);
    prefix.put(out, frame.length);
    out.set(frame, prefix.bytes);
    return out;
  },
  decoder: ({ maxBytes }) => createDecoder(prefix, maxBytes),
});

const binary2: Prefix = {
  bytes: 2,
  lengthMax: 0xffff,
  put(out, length) {
    out[0] = length >> 8;
    out[1] = length & 0xff;
  },
  get: (bytes, at) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0),
};

const ascii4: Prefix = {
  bytes: 4,
  lengthMax: 9999,
  put(out, length) {
    const digits = String(length).padStart(4, '0');
    for (let index = 0; index < digits.length; index += 1) out[index] = digits.charCodeAt(index);
  },
  get(bytes, at) {
    let length = 0;
    for (let index = at; index < at + 4; index += 1) {
      const digit = (bytes[index] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return undefined;
      length = length * 10 + digit;
    }
    return length;
  },
};

/** binary2: two bytes, big-endian, as terminals send · ascii4: four digits, as institutions send. */
export const FRAMINGS = {
  binary2: defineFraming('binary2', binary2),
  ascii4: defineFraming('ascii4', ascii4),
} as const;
