import { answerTo, type InterchangeMessage } from '@zhanggui/interchange-link';
import type { BusinessDate } from '@zhanggui/time';

/** Field 121, first digit: who answered, so that an acquirer can tell an issuer's answer from the centre's own. */
const answeredBy = { issuer: '5', centre: '4' } as const;
const unspecified = '11'; // conversion and card nature, digits two and three

const homeCountry = '156';

/** What a request must have to be switched at all. */
const mandatory = [2, 3, 7, 11, 32, 33, 37, 41, 42, 49] as const;

export const isComplete = ({ fields }: InterchangeMessage): boolean =>
  mandatory.every((field) => fields[field] !== undefined);

/**
 * A request's identity here: forwarder, transmission time and trace number. Field 7 has no year; it is that of the settlement day,
 * or of the turn of the year the two may stand on different sides of.
 */
export const requestKey = (
  part: { forwarder: string; transmittedAt: string; stan: string },
  today: BusinessDate,
): string => {
  const year = Number(today.slice(0, 4));
  const monthsAhead = Number(part.transmittedAt.slice(0, 2)) - Number(today.slice(5, 7));
  const itsYear = monthsAhead > 6 ? year - 1 : monthsAhead < -6 ? year + 1 : year;
  return `${part.forwarder}.${itsYear}${part.transmittedAt}.${part.stan}`;
};

/** The request as its issuer gets it: with the settlement date, the merchant's country, the receiver, and a PIN block of the issuer's. */
export const forwarded = (
  request: InterchangeMessage,
  part: { settlementDate: string; issuer: string | undefined },
): InterchangeMessage => ({
  mti: request.mti,
  fields: {
    ...request.fields,
    15: part.settlementDate,
    19: request.fields[19] ?? homeCountry,
    100: part.issuer,
    121: `${answeredBy.issuer}${unspecified}`,
  },
});

/** The issuer's answer on its way back: what identifies it is repeated from the request, whatever the issuer put there. */
export const relayed = (request: InterchangeMessage, answer: InterchangeMessage): InterchangeMessage => {
  const {
    14: expiry,
    38: authCode,
    39: code,
    44: additional,
    54: balances,
    55: chipData,
    57: text,
    61: checks,
  } = answer.fields;
  return answerTo(request, {
    14: expiry,
    38: authCode,
    39: code,
    44: additional,
    54: balances,
    55: chipData,
    57: text,
    61: checks,
    121: answer.fields[121] ?? request.fields[121],
  });
};

/** An answer of the centre's own. */
export const refused = (request: InterchangeMessage, code: string): InterchangeMessage =>
  answerTo(request, { 39: code, 121: `${answeredBy.centre}${unspecified}` });
