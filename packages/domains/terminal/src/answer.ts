import { responseCode } from '@zhanggui/iso8583';
import type { Fields, HostReply, Outgoing } from './host.ts';
import type { Text } from './texts.ts';

/** Reversal reasons of field 39 in an 0400 (Q/CUP 009.1, reversal). */
export const reversalReasons = { noAnswer: '98', notCompleted: '96', badMac: 'A0', other: '06' } as const;

export type Verdict =
  | Readonly<{ kind: 'approved'; code: string; fields: Fields; signInAgain: boolean }>
  | Readonly<{ kind: 'declined'; code: string; fields: Fields; signInAgain: boolean }>
  /** It never left this machine. */
  | Readonly<{ kind: 'not-sent' }>
  /** No answer that can be believed: `reason` is why a reversal must follow. */
  | Readonly<{ kind: 'uncertain'; reason: string; note: string }>;

/** Fields that must come back as they went (Q/CUP 009.1, message formats). */
const echoed = [3, 4, 11, 41, 42] as const;

/** The MTI of the answer to a request: 0200 -> 0210. */
export const answerMti = (mti: string): string =>
  `${mti.slice(0, 2)}${String(Number(mti.slice(2)) + 10).padStart(2, '0')}`;

/**
 * What an answer means. Order of checks: MTI and echoed fields, response code, MAC. Only 00 is an approval: this
 * terminal does not offer part payment, so 10 (partial approval) is undone like any answer it cannot act on. An answer
 * whose echoed fields differ is not believed either way and is undone: a reversal of nothing harms nobody, while
 * dropping it could leave the cardholder charged for a sale that failed.
 */
export const judge = (request: Outgoing, reply: HostReply): Verdict => {
  if (reply.kind === 'not-sent') return { kind: 'not-sent' };
  if (reply.kind === 'timeout')
    return { kind: 'uncertain', reason: reversalReasons.noAnswer, note: 'no answer in time' };
  const { fields } = reply;
  const code = String(fields[39] ?? '');
  const differs =
    reply.mti !== answerMti(request.mti) ||
    echoed.some((number) => fields[number] !== undefined && fields[number] !== request.fields[number]);
  if (reply.mac === 'bad') return { kind: 'uncertain', reason: reversalReasons.badMac, note: 'MAC does not match' };
  if (differs) return { kind: 'uncertain', reason: reversalReasons.other, note: 'answer differs from the request' };
  if (code === '10') return { kind: 'uncertain', reason: reversalReasons.other, note: 'partial approval not offered' };
  const signInAgain = responseCode(code).signInAgain === true || reply.requirement === '3';
  if (code !== '00') return { kind: 'declined', code, fields, signInAgain };
  if (reply.mac !== 'good') return { kind: 'uncertain', reason: reversalReasons.badMac, note: 'approved without MAC' };
  return { kind: 'approved', code, fields, signInAgain };
};

/** The sentence for a response code. */
export const codeText = (code: string): Text => {
  const { zh, en } = responseCode(code);
  return { zh, en };
};
