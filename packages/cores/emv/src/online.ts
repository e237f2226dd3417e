/** Online processing (EMV Book 3 §10.9): the issuer decides, the card checks that it was the issuer, and has the last word. */
import { fromAscii, hex } from '@zhanggui/bytes';
import { decodeTlv, findTag, type Tlv, TlvError } from '@zhanggui/tlv';
import { proposeWithoutIssuer } from './actions.ts';
import { commands, transmit } from './apdu.ts';
import type { OnlineResult, Steps } from './conversation.ts';
import { generateSecond } from './cryptogram.ts';
import { requestField55 } from './field55.ts';
import { cardData, type Ending } from './outcome.ts';
import { runScripts } from './scripts.ts';
import { done, raise, type Session, text } from './session.ts';
import { hasBit } from './verification-results.ts';

const aipWantsIssuerAuthentication = [1, 3] as const;

/** Authorisation response codes the terminal itself gives (Book 4 Annex A6), tag 8A. */
export const terminalResponseCodes = {
  offlineApproved: 'Y1',
  offlineDeclined: 'Z1',
  unableApproved: 'Y3',
  unableDeclined: 'Z3',
} as const;

export function* goOnline(session: Session): Steps<Ending> {
  const answer = yield* askIssuer(session);
  return answer.kind === 'online-unable' ? yield* endWithoutIssuer(session) : yield* endWithIssuer(session, answer);
}

function* askIssuer(session: Session): Steps<OnlineResult> {
  const reply = yield {
    kind: 'online',
    data: {
      ...cardData(session),
      field55: requestField55(session),
      arqc: text(session, '9F26'),
      tvr: hex(session.tvr),
      cvm: session.method,
    },
  };
  if (reply.kind !== 'online-result' && reply.kind !== 'online-unable')
    throw new TypeError(`an online request was answered with ${reply.kind}`);
  return reply;
}

function* endWithIssuer(session: Session, answer: Extract<OnlineResult, { kind: 'online-result' }>): Steps<Ending> {
  session.hostApproved = answer.approved;
  session.data.set('8A', fromAscii(answer.arc));
  const issuerData = issuerTlv(answer.field55);
  yield* authenticateIssuer(session, findTag(issuerData, '91'));
  yield* runScripts(session, issuerData, '71');
  const decision = yield* generateSecond(session, answer.approved ? 'TC' : 'AAC');
  yield* runScripts(session, issuerData, '72');
  if (!answer.approved) return { kind: 'declined', reason: 'host-declined' };
  if (decision.signatureFailed) return { kind: 'declined', reason: 'signature-failed' };
  return decision.type === 'TC'
    ? { kind: 'approved', online: true }
    : { kind: 'declined', reason: 'card-declined-after-approval' };
}

function* endWithoutIssuer(session: Session): Steps<Ending> {
  const proposal = proposeWithoutIssuer(session);
  const { unableApproved, unableDeclined } = terminalResponseCodes;
  session.data.set('8A', fromAscii(proposal === 'TC' ? unableApproved : unableDeclined));
  const decision = yield* generateSecond(session, proposal);
  return decision.type === 'TC' && !decision.signatureFailed
    ? { kind: 'approved', online: false }
    : { kind: 'declined', reason: 'unable-to-go-online' };
}

/** The card that wants a command gets EXTERNAL AUTHENTICATE; any other finds tag 91 in its CDOL2, if it asks for it. */
function* authenticateIssuer(session: Session, issuerAuthentication: Uint8Array | undefined): Steps<void> {
  if (!issuerAuthentication || issuerAuthentication.length < 8 || issuerAuthentication.length > 16) return;
  session.data.set('91', issuerAuthentication);
  if (!hasBit(session.data.get('82'), aipWantsIssuerAuthentication)) return;
  const { status } = yield* transmit(session, commands.externalAuthenticate(issuerAuthentication));
  if (status !== 0x9000) raise(session, 'issuer-authentication-failed');
  done(session, 'issuer-authentication-performed');
}

/** What cannot be read counts as not sent: the card will then miss its issuer's proof and say so. */
const issuerTlv = (field55: Uint8Array | undefined): Tlv[] => {
  try {
    return decodeTlv(field55 ?? new Uint8Array());
  } catch (error) {
    if (error instanceof TlvError) return [];
    throw error;
  }
};
