/** Processing restrictions (EMV Book 3 §10.4): is this application meant for this terminal, this service, this day. */
import { equal } from '@zhanggui/bytes';
import { raise, type Session, text } from './session.ts';
import { hasBit } from './verification-results.ts';

/** Application usage control, tag 9F07: where the card may be used. */
const usage = {
  domesticGoods: [1, 6],
  internationalGoods: [1, 5],
  domesticServices: [1, 4],
  internationalServices: [1, 3],
  otherThanAtm: [1, 1],
} as const;

export const restrictProcessing = (session: Session): void => {
  const [cardVersion, terminalVersion] = [session.data.get('9F08'), session.data.get('9F09')];
  if (cardVersion && terminalVersion && !equal(cardVersion, terminalVersion))
    raise(session, 'application-versions-differ');
  if (!serviceAllowed(session)) raise(session, 'service-not-allowed');
  const today = session.input.date;
  if (text(session, '5F25') > today) raise(session, 'application-not-yet-effective');
  if (text(session, '5F24') < today) raise(session, 'application-expired');
};

const serviceAllowed = (session: Session): boolean => {
  const control = session.data.get('9F07');
  if (!control) return true;
  if (!hasBit(control, usage.otherThanAtm)) return false;
  const issuerCountry = text(session, '5F28');
  if (issuerCountry === '' || session.input.transactionType !== '00') return true;
  const domestic = issuerCountry === text(session, '9F1A');
  return domestic
    ? hasBit(control, usage.domesticGoods) || hasBit(control, usage.domesticServices)
    : hasBit(control, usage.internationalGoods) || hasBit(control, usage.internationalServices);
};
