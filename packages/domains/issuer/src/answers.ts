import { answerTo, type InterchangeMessage } from '@zhanggui/interchange-link';
import { field54 } from '@zhanggui/iso8583';
import { field55Answer } from './chip.ts';
import type { Answer } from './group.ts';
import type { IssuerRequest } from './requests.ts';

const balanceField = (availableMinor: bigint, accountKind: 'debit' | 'credit', currency: string): string =>
  field54.encode([
    {
      accountType: accountKind === 'debit' ? '10' : '30',
      amountType: '02',
      currency,
      sign: availableMinor < 0n ? 'D' : 'C',
      amount: String(availableMinor < 0n ? -availableMinor : availableMinor).padStart(12, '0'),
    },
  ]);

/** `arpc` is the answer cryptogram of a chip whose own cryptogram was good. */
export const answerMessage = (
  request: IssuerRequest,
  answer: Answer & { accountKind: 'debit' | 'credit' },
  arpc: Uint8Array | undefined,
): InterchangeMessage => {
  const { message, kind, chip, currency } = request;
  const isAuthorisation = kind === 'sale' || kind === 'balance';
  return answerTo(message, {
    39: answer.code,
    ...(isAuthorisation && { 14: '0000' }),
    ...(answer.authCode !== null && { 38: answer.authCode }),
    ...(answer.availableMinor !== null && { 54: balanceField(answer.availableMinor, answer.accountKind, currency) }),
    ...(chip && arpc && { 55: field55Answer(chip, arpc, answer.code) }),
  });
};
