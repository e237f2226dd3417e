/** Issuer scripts (EMV Book 3 §10.10): commands of the issuer that the terminal passes to the card unread. */
import { concat } from '@zhanggui/bytes';
import { findTag, type Tlv } from '@zhanggui/tlv';
import { transmit } from './apdu.ts';
import type { Steps } from './conversation.ts';
import { CardFault, done, raise, type Session } from './session.ts';
import type { TvrBit } from './verification-results.ts';

/** Template 71 runs before the second GENERATE AC, 72 after it. */
const failures: Readonly<Record<'71' | '72', TvrBit>> = {
  '71': 'script-failed-before-final',
  '72': 'script-failed-after-final',
};

/** Result nibbles of DF31 (UnionPay) and 9F5B: the low nibble counts to the command that failed, from 1. */
const succeeded = 0x20;
const failed = 0x10;
const sequenceMax = 0x0f;

export function* runScripts(session: Session, issuerData: readonly Tlv[], template: '71' | '72'): Steps<void> {
  for (const script of issuerData.filter(({ tag }) => tag === template)) {
    const objects = script.children ?? [];
    const failedAt = yield* runCommands(
      session,
      objects.filter(({ tag }) => tag === '86'),
    );
    const result = failedAt === undefined ? succeeded : failed | Math.min(failedAt, sequenceMax);
    const identifier = findTag(objects, '9F18') ?? new Uint8Array(4);
    session.scriptResults.push(concat(Uint8Array.of(result), identifier));
    if (failedAt !== undefined) raise(session, failures[template]);
    done(session, 'script-processing-performed');
  }
}

/** Number of the first command that failed, from 1. A card that goes away during a script has failed it, no more. */
function* runCommands(session: Session, commandObjects: readonly Tlv[]): Steps<number | undefined> {
  for (const [index, { value }] of commandObjects.entries()) {
    try {
      const { status } = yield* transmit(session, value);
      const warning = status >> 8 === 0x62 || status >> 8 === 0x63;
      if (status !== 0x9000 && !warning) return index + 1;
    } catch (error) {
      if (!(error instanceof CardFault)) throw error;
      return index + 1;
    }
  }
  return undefined;
}
