/** Offline data authentication (EMV Book 3 §10.3, Book 2 §5-6): the best method both sides support. */
import { concat, fromHex, hex } from '@zhanggui/bytes';
import {
  type RsaPublicKey,
  recoverIccKey,
  recoverIssuerKey,
  verifyCombined,
  verifyDynamicData,
  verifyStaticData,
} from '@zhanggui/card-crypto';
import { encodeTlv, findTag, type Tlv } from '@zhanggui/tlv';
import { cardDol, commands, dolData, transmitOk } from './apdu.ts';
import type { Steps } from './conversation.ts';
import { CardFault, cardTlv, done, panDigits, raise, required, type Session, text } from './session.ts';
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
  const verdict = verifyCombined({
    iccKey: session.iccKey,
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
  const verdict = verifyStaticData({ issuerKey, signed, staticData: session.staticData });
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
  const verdict = verifyDynamicData({ iccKey, signed, terminalData });
  if (verdict.kind === 'invalid') return false;
  session.data.set('9F4C', verdict.iccDynamicNumber);
  return true;
}

const findIssuerKey = (session: Session): RsaPublicKey | undefined => {
  const index = present(session, '8F');
  const certificate = present(session, '90');
  const exponent = present(session, '9F32');
  if (!index || !certificate || !exponent) return undefined;
  const rid = text(session, '9F06').slice(0, 10);
  const trusted = session.input.terminal.capks.find((row) => row.rid === rid && row.index === hex(index));
  if (!trusted || trusted.expiry < `20${session.input.date}`) return undefined;
  const remainder = session.data.get('92') ?? nothing;
  const found = recoverIssuerKey({ caKey: trusted.key, certificate, remainder, exponent, ...holder(session) });
  return found.kind === 'valid' ? found.key : undefined;
};

const findIccKey = (session: Session): RsaPublicKey | undefined => {
  const issuerKey = findIssuerKey(session);
  const certificate = present(session, '9F46');
  const exponent = present(session, '9F47');
  if (!issuerKey || !certificate || !exponent || !session.staticData) return undefined;
  const remainder = session.data.get('9F48') ?? nothing;
  const { staticData } = session;
  const found = recoverIccKey({ issuerKey, certificate, remainder, exponent, staticData, ...holder(session) });
  return found.kind === 'valid' ? found.key : undefined;
};

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
