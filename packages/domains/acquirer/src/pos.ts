import { type Message, posField60, type UnionPayPosFields } from '@zhanggui/iso8583';

export type PosMessage = Message<UnionPayPosFields>;

type Field = keyof UnionPayPosFields;

/** The batch a request counts itself to (field 60.2). Throws `CodecError`. */
export const batchOf = ({ fields }: PosMessage): string => posField60.decode(fields[60] ?? '').batch;

/**
 * Which fields an answer has (Q/CUP 009.1), as far as there are values for them: repeated from the request, or put in by
 * this host. Field 64 is put in when the answer is signed.
 */
const repeated = {
  transaction: [3, 4, 11, 23, 25, 41, 42, 49, 60],
  reversal: [3, 4, 11, 23, 25, 41, 42, 49, 60],
  management: [11, 41, 42, 60],
} as const satisfies Record<string, readonly Field[]>;

export type AnswerShape = keyof typeof repeated;

const answerMti = (mti: string): string => `${mti.slice(0, 2)}${Number(mti[2]) + 1}${mti.slice(3)}`;

/** The answer to a terminal: what its shape repeats from the request, and the host's own fields. */
export const posAnswer = (request: PosMessage, shape: AnswerShape, own: UnionPayPosFields): PosMessage => {
  const fields: { -readonly [Each in Field]?: UnionPayPosFields[Each] } = { ...own };
  for (const field of repeated[shape]) fields[field] ??= request.fields[field];
  return { mti: answerMti(request.mti), fields };
};

export const shapeOf = (mti: string): AnswerShape =>
  mti.startsWith('08') ? 'management' : mti.startsWith('04') ? 'reversal' : 'transaction';

/** Answers with these codes carry a MAC; a refusal does not (Q/CUP 009.1). */
export const isApproval = (code: string): boolean => code === '00' || code === '10' || code === '11';
