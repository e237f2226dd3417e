import type { InterchangeFields, Message } from '@zhanggui/iso8583';

export type InterchangeMessage = Message<InterchangeFields>;

export const isAnswer = (mti: string): boolean => (mti.charCodeAt(2) - 48) % 2 === 1;

const withThirdDigit = (mti: string, step: 1 | -1): string =>
  `${mti.slice(0, 2)}${String.fromCharCode(mti.charCodeAt(2) + step)}${mti.slice(3)}`;

/** MTI of the answer: the third digit goes up by one (0200 -> 0210, 0420 -> 0430). */
export const answerMti = (mti: string): string => withThirdDigit(mti, 1);

/**
 * What makes a request and its answer belong together, whichever connection they travel on: the request's MTI, field 7, field 11
 * and the forwarding institution (field 33; in what the centre sends of its own the receiving one, field 100).
 */
export const messageKey = ({ mti, fields }: InterchangeMessage): string =>
  `${isAnswer(mti) ? withThirdDigit(mti, -1) : mti}.${fields[7]}.${fields[11]}.${fields[33] ?? fields[100]}`;

/** Sign-on, echo, cut-over and script notices travel without field 128; key resets and everything else carry it. */
export const carriesMac = (mti: string): boolean => !/^0(82|83|62|63)/.test(mti);

/** Fields every answer repeats from its request, where the request has them. */
const repeatedFields = [2, 3, 4, 7, 11, 12, 13, 15, 18, 19, 25, 32, 33, 37, 41, 42, 49, 60, 100, 121] as const;

/** The answer to a request: what every answer repeats from it, then `fields` on top. Field 128 is put in when it is sent. */
export const answerTo = (request: InterchangeMessage, fields: InterchangeFields): InterchangeMessage => {
  const repeated: { -readonly [Field in (typeof repeatedFields)[number]]?: string } = {};
  for (const field of repeatedFields) {
    const value = request.fields[field];
    if (value !== undefined) repeated[field] = value;
  }
  return { mti: answerMti(request.mti), fields: { ...repeated, ...fields } };
};
