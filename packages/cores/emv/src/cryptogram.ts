/** GENERATE AC (EMV Book 3 §6.5.5 and §9): the card's decision on what the terminal proposes. */
import { concat, hex } from '@zhanggui/bytes';
import { findTag, type Tlv } from '@zhanggui/tlv';
import { commands, dolData, transmitOk } from './apdu.ts';
import { checkCombinedSignature } from './authenticate.ts';
import type { CryptogramType, Steps } from './conversation.ts';
import { CardFault, cardTlv, done, raise, type Session } from './session.ts';

/** Bits 8-7 of P1 and of the cryptogram information data (9F27); a card may answer lower than asked, never higher. */
const typeBits: Readonly<Record<CryptogramType, number>> = { AAC: 0x00, TC: 0x40, ARQC: 0x80 };
const withCda = 0x10;
/** TC may be lowered to ARQC or AAC, ARQC to AAC. */
const answersTo: Readonly<Record<CryptogramType, readonly CryptogramType[]>> = {
  TC: ['TC', 'ARQC', 'AAC'],
  ARQC: ['ARQC', 'AAC'],
  AAC: ['AAC'],
};

/** `signatureFailed`: a combined signature was asked for and does not hold; the TVR tells so too. */
export type CardDecision = Readonly<{ type: CryptogramType; signatureFailed: boolean }>;

export function* generateFirst(session: Session, proposal: CryptogramType): Steps<CardDecision> {
  session.cdol1Data = dolData(session, session.data.get('8C'), 'CDOL1');
  const decision = yield* generate(session, { proposal, data: session.cdol1Data, signedBefore: new Uint8Array() });
  done(session, 'card-risk-management-performed');
  return decision;
}

/** After the issuer has spoken, or could not: the answer is TC or AAC. */
export function* generateSecond(session: Session, proposal: 'TC' | 'AAC'): Steps<CardDecision> {
  const data = dolData(session, session.data.get('8D'), 'CDOL2');
  const decision = yield* generate(session, { proposal, data, signedBefore: session.cdol1Data });
  if (decision.type === 'ARQC') throw new CardFault('card-data-inconsistent', 'second GENERATE AC');
  return decision;
}

type Order = Readonly<{ proposal: CryptogramType; data: Uint8Array; signedBefore: Uint8Array }>;

function* generate(session: Session, { proposal, data, signedBefore }: Order): Steps<CardDecision> {
  const cda = session.iccKey !== undefined && proposal !== 'AAC';
  const reference = typeBits[proposal] | (cda ? withCda : 0);
  const response = yield* transmitOk(session, commands.generateAc(reference, data), 'GENERATE AC');
  const objects = cardTlv(response, 'GENERATE AC');
  keepAnswer(session, objects);
  const type = typeOf(session);
  if (!answersTo[proposal].includes(type)) throw new CardFault('card-data-inconsistent', 'GENERATE AC 9F27');
  session.cryptogramType = type;
  const signed = cda && type !== 'AAC';
  const signatureFailed = signed && !checkCombinedSignature(session, { objects, cdolData: concat(signedBefore, data) });
  if (signatureFailed) raise(session, 'cda-failed');
  if (!signatureFailed && !session.data.has('9F26')) throw new CardFault('card-response-malformed', 'GENERATE AC 9F26');
  return { type, signatureFailed };
}

const answerTags = ['9F27', '9F36', '9F26', '9F10'] as const;

/** Format 1 (80) runs 9F27, 9F36, 9F26, 9F10 together; format 2 (77) is TLV. With CDA the cryptogram is in the signature. */
const keepAnswer = (session: Session, objects: readonly Tlv[]): void => {
  const [template] = objects;
  for (const tag of answerTags) session.data.delete(tag);
  if (template?.tag === '80' && template.value.length >= 11) {
    const { value } = template;
    const parts = [value.slice(0, 1), value.slice(1, 3), value.slice(3, 11), value.slice(11)];
    for (const [index, tag] of answerTags.entries()) session.data.set(tag, parts[index] ?? new Uint8Array());
  } else if (template?.tag === '77') {
    for (const tag of answerTags) {
      const value = findTag(objects, tag);
      if (value) session.data.set(tag, value.slice());
    }
  } else {
    throw new CardFault('card-response-malformed', 'GENERATE AC');
  }
};

const typeOf = (session: Session): CryptogramType => {
  const [information] = session.data.get('9F27') ?? [];
  const counter = session.data.get('9F36');
  if (information === undefined || counter?.length !== 2) throw new CardFault('card-response-malformed', 'GENERATE AC');
  const found = (['AAC', 'TC', 'ARQC'] as const).find((type) => typeBits[type] === (information & 0xc0));
  if (!found) throw new CardFault('card-data-inconsistent', `GENERATE AC ${hex(Uint8Array.of(information))}`);
  return found;
};
