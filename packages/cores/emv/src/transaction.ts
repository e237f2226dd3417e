/** The contact chip transaction of EMV Book 3 §8 and §10, in the order of its flow chart. */
import { fromAscii } from '@zhanggui/bytes';
import { proposeFirst } from './actions.ts';
import { authenticateData } from './authenticate.ts';
import { verifyCardholder } from './cardholder.ts';
import type { CryptogramType, KernelOutcome, Steps } from './conversation.ts';
import { type CardDecision, generateFirst, generateSecond } from './cryptogram.ts';
import { startApplication } from './initiate.ts';
import { goOnline, terminalResponseCodes } from './online.ts';
import { cardData, type Ending, outcomeOf, outcomeOfFault } from './outcome.ts';
import { readRecords } from './records.ts';
import { restrictProcessing } from './restrictions.ts';
import { manageRisk } from './risk.ts';
import { CardFault, openSession, type Session, type TerminalTransaction } from './session.ts';

/**
 * Yields what it needs of the card, the person and the host; returns how it ended. Whatever a card answers, it ends after
 * a bounded number of commands and throws nothing; only a reply of the wrong kind (the terminal's own bug) throws `TypeError`.
 */
export function* transaction(input: TerminalTransaction): Steps<KernelOutcome> {
  const session = openSession(input);
  try {
    yield* drawUnpredictableNumber(session);
    yield* startApplication(session);
    yield* readRecords(session);
    if (input.flow === 'read-card') return { kind: 'card-read', card: cardData(session) };
    yield* authenticateData(session);
    restrictProcessing(session);
    yield* verifyCardholder(session);
    yield* manageRisk(session);
    return outcomeOf(session, yield* decide(session, proposeFirst(session)));
  } catch (error) {
    if (error instanceof CardFault) return outcomeOfFault(session, error);
    throw error;
  }
}

function* decide(session: Session, proposal: CryptogramType): Steps<Ending> {
  const { offlineApproved, offlineDeclined } = terminalResponseCodes;
  session.data.set('8A', fromAscii(proposal === 'AAC' ? offlineDeclined : offlineApproved));
  const decision = yield* generateFirst(session, proposal);
  if (decision.signatureFailed) return yield* refuseUnsigned(session, decision);
  switch (decision.type) {
    case 'TC':
      return { kind: 'approved', online: false };
    case 'AAC':
      return { kind: 'declined', reason: proposal === 'AAC' ? 'terminal-declined' : 'card-declined' };
    case 'ARQC':
      return yield* goOnline(session);
  }
}

/** A card that signed wrongly never goes online; one that waits for the issuer is told to close (Book 2 §6.6.2). */
function* refuseUnsigned(session: Session, decision: CardDecision): Steps<Ending> {
  if (decision.type === 'ARQC') {
    session.data.set('8A', fromAscii(terminalResponseCodes.offlineDeclined));
    yield* generateSecond(session, 'AAC');
  }
  return { kind: 'declined', reason: 'signature-failed' };
}

function* drawUnpredictableNumber(session: Session): Steps<void> {
  const reply = yield { kind: 'random', bytes: 4 };
  if (reply.kind !== 'random') throw new TypeError(`random bytes were answered with ${reply.kind}`);
  session.data.set('9F37', reply.bytes);
}
