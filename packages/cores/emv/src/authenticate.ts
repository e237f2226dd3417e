/** Offline data authentication (EMV Book 3 §10.3, Book 2 §5-6): the best method both sides support. */
import { concat, fromHex } from '@zhanggui/bytes';
import { encodeTlv, findTag, type Tlv } from '@zhanggui/tlv';
import { cardDol, commands, dolData, transmitOk } from './apdu.ts';
import { authorityOf } from './authorities.ts';
import type { Steps } from './conversation.ts';
import { CardFault, cardTlv, done, panDigits, raise, required, type Session } from './session.ts';
import { checkCombined, checkDynamic, checkStatic, recoverCard, recoverIssuer, type SignerKey } from './signer-key.ts';
import { hasBit, type TvrBit } from './verification-results.ts';

type Method = 'sda' | 'dda' | 'cda';

/** Best first: AIP bit of the card, 9F33 bit of the terminal, TVR bit when it fails. */
const methods: readonly { method: Method; aip: [1, number]; capability: [3, number]; failed: TvrBit }[] = [
  { method: 'cda', aip: [1, 1], capability: [3, 4], failed: 'cda-failed' },
  { method: 'dda', aip: [1, 6], capability: [3, 7], failed: 'dda-failed' },
  { method: 'sda', aip: [1, 7], capability: [3, 8], failed: 'sda-failed' },
];

/** Sets the TVR bits of Book 3 §10.3. CDA recovers the card's key here and checks the signature at GENERATE AC. */
export function* authenticateData(session: Session): Steps<void> {
  const [aip, capabilities] = [session.data.get('82'), session.data.get('9F33')];
  const chosen = methods.find((row) => hasBit(aip, row.aip) && hasBit(capabilities, row.capability));
  if (!chosen) return raise(session, 'oda-not-performed');
  if (chosen.method === 'sda') raise(session, 'sda-selected');
  const passed = yield* perform(session, chosen.method);
  if (!passed) raise(session, chosen.failed);
  done(session, 'oda-performed');
}

function* perform(session: Session, method: Method): Steps<boolean> {
  switch (method) {
    case 'sda':
      return staticSignatureHolds(session);
    case 'dda':
      return yield* dynamicSignatureHolds(session);
    case 'cda':
      session.iccKey = findIccKey(session);
      return session.iccKey !== undefined;
  }
}

/** CDA (Book 2 §6.6.2): whether the signature of a GENERATE AC answer holds; then its cryptogram is the answer's 9F26. */
export const checkCombinedSignature = (
  session: Session,
  answer: { objects: readonly Tlv[]; cdolData: Uint8Array },
): boolean => {
  const signed = findTag(answer.objects, '9F4B');
  const [cryptogramInformation] = findTag(answer.objects, '9F27') ?? [];
  if (!signed || cryptogramInformation === undefined || !session.iccKey) return false;
  const rest = answer.objects.flatMap(({ children }) => children ?? []).filter(({ tag }) => tag !== '9F4B');
  const verdict = checkCombined(session.iccKey, {
    signed,
    cryptogramInformation,
    transactionData: concat(session.pdolData, answer.cdolData, encodeTlv(rest)),
    unpredictableNumber: required(session, '9F37'),
  });
  if (verdict.kind === 'invalid') return false;
  session.data.set('9F4C', verdict.iccDynamicNumber);
  session.data.set('9F26', verdict.cryptogram);
  return true;
};

const staticSignatureHolds = (session: Session): boolean => {
  const issuerKey = findIssuerKey(session);
  const signed = present(session, '93');
  if (!issuerKey || !signed || !session.staticData) return false;
  const verdict = checkStatic(issuerKey, { signed, staticData: session.staticData });
  if (verdict.kind === 'invalid') return false;
  session.data.set('9F45', verdict.dataAuthenticationCode);
  return true;
};

function* dynamicSignatureHolds(session: Session): Steps<boolean> {
  const iccKey = findIccKey(session);
  const ddol = session.data.get('9F49') ?? fromHex(session.application?.parameters.defaultDdol ?? '');
  if (!iccKey || !cardDol(ddol, 'DDOL').some(({ tag }) => tag === '9F37')) return false;
  const terminalData = dolData(session, ddol, 'DDOL');
  const data = yield* transmitOk(session, commands.internalAuthenticate(terminalData), 'INTERNAL AUTHENTICATE');
  const objects = cardTlv(data, 'INTERNAL AUTHENTICATE');
  const signed = objects[0]?.tag === '80' ? objects[0].value : findTag(objects, '9F4B');
  if (!signed) throw new CardFault('card-response-malformed', 'INTERNAL AUTHENTICATE');
  const verdict = checkDynamic(iccKey, { signed, terminalData });
  if (verdict.kind === 'invalid') return false;
  session.data.set('9F4C', verdict.iccDynamicNumber);
  return true;
}

const findIssuerKey = (session: Session): SignerKey | undefined => {
  const index = present(session, '8F');
  const certificate = present(session, '90');
  const exponent = exponentOf(session, '9F32');
  if (!index || !certificate || !exponent) return undefined;
  const { trusted } = authorityOf(session, index);
  const remainder = session.data.get('92') ?? nothing;
  return trusted && recoverIssuer(trusted, { certificate, remainder, exponent, ...holder(session) });
};

const findIccKey = (session: Session): SignerKey | undefined => {
  const issuerKey = findIssuerKey(session);
  const certificate = present(session, '9F46');
  const exponent = exponentOf(session, '9F47');
  if (!issuerKey || !certificate || !exponent || !session.staticData) return undefined;
  const remainder = session.data.get('9F48') ?? nothing;
  const { staticData } = session;
  return recoverCard(issuerKey, { certificate, remainder, exponent, staticData, ...holder(session) });
};

/** An RSA certificate has its exponent beside it; one over an SM2 key has nothing. */
const exponentOf = (session: Session, tag: '9F32' | '9F47'): Uint8Array | undefined =>
  authorityOf(session, session.data.get('8F')).algorithm === 'rsa' ? present(session, tag) : nothing;

const nothing = new Uint8Array();

const holder = (session: Session): { pan: string; today: string } => ({
  pan: panDigits(session),
  today: session.input.date.slice(0, 4),
});

/** An object the method cannot do without. */
const present = (session: Session, tag: string): Uint8Array | undefined => {
  const value = session.data.get(tag);
  if (!value) raise(session, 'icc-data-missing');
  return value;
};
