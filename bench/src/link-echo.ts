import { iso1987Binary } from '@zhanggui/iso8583';

/** What both ends do with a frame before they send one. */
export type Echo = { answer(request: Uint8Array): Uint8Array; next(answer: Uint8Array): Uint8Array };

/** Nobody looks into the frames. */
const frames: Echo = { answer: (frame) => frame, next: (frame) => frame };

/** Each end decodes what it gets and encodes what it sends, as a channel of jPOS does. */
const messages: Echo = {
  answer: (frame) => iso1987Binary.encode({ ...iso1987Binary.decode(frame), mti: '0210' }),
  next: (frame) => iso1987Binary.encode({ ...iso1987Binary.decode(frame), mti: '0200' }),
};

export const echoes = { messages, frames } as const;
