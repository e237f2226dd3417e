import { CodecError } from './codec-error.ts';
import { layout } from './layout.ts';

/** Field 60 between institutions: why the message is sent, and the conditions under which the card was used. */
export const interchangeField60 = layout({
  field: 'F60',
  required: { reason: 4 },
  optional: {
    accountOwner: 1,
    readingCapability: 1,
    chipCondition: 1,
    reserved: 1,
    terminalType: 2,
    smallAmountWithoutPin: 1,
    chipReliability: 1,
    ecommerce: 2,
    interaction: 1,
    feeType: 2,
    feeLevel: 1,
    macAlgorithm: 3,
    partialApproval: 1,
    initiation: 1,
    medium: 1,
    chipApplication: 1,
    accountSettlement: 2,
    cardLevel: 1,
    cardProduct: 2,
  },
});

/** The transaction that a void, refund or reversal refers to. */
export type OriginalTransaction = {
  readonly mti: string;
  readonly stan: string;
  /** MMDDhhmmss of its field 7. */
  readonly transmittedAt: string;
  readonly acquirer: string;
  readonly forwarder: string;
};

const original = layout({
  field: 'F90',
  required: { mti: 4, stan: 6, transmittedAt: 10, acquirer: 11, forwarder: 11 },
  optional: {},
});

const CODE_WIDTH = 11;
const MEMBER_CODE_WIDTH = 8;

/** Member codes have eight digits in practice; zeros beyond those are filling. */
const withoutFilling = (code: string): string =>
  code.startsWith('000') ? code.slice(CODE_WIDTH - MEMBER_CODE_WIDTH) : code;

/** Field 90. The two institution codes sit right-aligned in eleven digits. */
export const field90 = {
  encode: (view: OriginalTransaction): string =>
    original.encode({
      ...view,
      acquirer: view.acquirer.padStart(CODE_WIDTH, '0'),
      forwarder: view.forwarder.padStart(CODE_WIDTH, '0'),
    }),
  /** Throws `CodecError` on another length. */
  decode(text: string): OriginalTransaction {
    const view = original.decode(text);
    return { ...view, acquirer: withoutFilling(view.acquirer), forwarder: withoutFilling(view.forwarder) };
  },
};

/** One balance of field 54. `amount` is twelve digits in minor units; accountType 10 savings, 30 credit; amountType 02 available. */
export type Balance = {
  readonly accountType: string;
  readonly amountType: string;
  readonly currency: string;
  readonly sign: 'C' | 'D';
  readonly amount: string;
};

const BALANCE_WIDTH = 20;
const BALANCE = /^(?<accountType>\d{2})(?<amountType>\d{2})(?<currency>\w{3})(?<sign>[CD])(?<amount>\d{12})$/;

const decodeBalance = (text: string): Balance => {
  const { accountType = '', amountType = '', currency = '', sign, amount = '' } = BALANCE.exec(text)?.groups ?? {};
  if (sign !== 'C' && sign !== 'D') throw new CodecError('value-malformed', { field: 'F54' });
  return { accountType, amountType, currency, sign, amount };
};

/** Field 54 of both dialects: balances of twenty characters each. */
export const field54 = {
  encode: (balances: readonly Balance[]): string =>
    balances
      .map(({ accountType, amountType, currency, sign, amount }) => accountType + amountType + currency + sign + amount)
      .join(''),
  /** Throws `CodecError` on any other shape. */
  decode(text: string): Balance[] {
    const balances: Balance[] = [];
    for (let at = 0; at < text.length; at += BALANCE_WIDTH)
      balances.push(decodeBalance(text.slice(at, at + BALANCE_WIDTH)));
    return balances;
  },
};
