/** Read application data (EMV Book 3 §10.2): the records the AFL names, and which of them the issuer has signed. */
import { concat, equal, fromHex, hex } from '@zhanggui/bytes';
import type { Tlv } from '@zhanggui/tlv';
import { commands, transmitOk } from './apdu.ts';
import type { Steps } from './conversation.ts';
import { CardFault, cardTlv, keep, required, type Session, text } from './session.ts';

type FileRange = Readonly<{ sfi: number; first: number; last: number; signedCount: number }>;

const mandatoryTags = ['5A', '5F24', '8C', '8D'] as const;

/** Throws `CardFault` when the AFL is not one, a record is not there, or what every card must have is missing. */
export function* readRecords(session: Session): Steps<void> {
  const aip = required(session, '82');
  if (aip.length !== 2) throw new CardFault('card-response-malformed', 'AIP');
  const signed: Uint8Array[] = [];
  let signable = true;
  for (const range of fileRanges(required(session, '94'))) {
    for (let record = range.first; record <= range.last; record += 1) {
      const data = yield* transmitOk(session, commands.readRecord(range.sfi, record), 'READ RECORD');
      const template = keepRecord(session, range.sfi, data);
      if (record - range.first >= range.signedCount) continue;
      if (!template) signable = false;
      else signed.push(range.sfi <= 10 ? template.value : data);
    }
  }
  for (const tag of mandatoryTags) required(session, tag);
  checkIdentity(session);
  session.staticData = signable ? signedStaticData(session, signed, aip) : undefined;
}

const fileRanges = (afl: Uint8Array): FileRange[] => {
  if (afl.length === 0 || afl.length % 4 !== 0) throw new CardFault('card-response-malformed', 'AFL');
  return Array.from({ length: afl.length / 4 }, (_, index) => {
    const [file = 0, first = 0, last = 0, signedCount = 0] = afl.subarray(index * 4);
    const range = { sfi: file >> 3, first, last, signedCount };
    const sound = (file & 7) === 0 && range.sfi >= 1 && range.sfi <= 30 && first >= 1 && last >= first;
    if (!sound || signedCount > last - first + 1) throw new CardFault('card-response-malformed', 'AFL');
    return range;
  });
};

/** Files 1 to 10 hold template 70; what files 11 to 30 hold is the issuer's own affair. */
const keepRecord = (session: Session, sfi: number, data: Uint8Array): Tlv | undefined => {
  if (sfi > 10 && data[0] !== 0x70) return undefined;
  const objects = cardTlv(data, 'record');
  const [template] = objects;
  if (objects.length !== 1 || template?.tag !== '70') throw new CardFault('card-response-malformed', 'record');
  keep(session, template.children ?? [], 'record');
  return template;
};

/** PAN, expiry and sequence number are digits, and track 2 tells the same PAN. */
const checkIdentity = (session: Session): void => {
  const pan = hex(required(session, '5A')).replace(/F+$/, '');
  const sound =
    /^\d{12,19}$/.test(pan) && /^\d{6}$/.test(text(session, '5F24')) && /^(\d\d)?$/.test(text(session, '5F34'));
  if (!sound) throw new CardFault('card-response-malformed', '5A');
  const track2 = session.data.has('57') ? trackForm.exec(text(session, '57')) : undefined;
  if (track2 === null) throw new CardFault('card-response-malformed', '57');
  if (track2 && track2[1] !== pan) throw new CardFault('card-data-inconsistent', '57');
};

/** Tag 57: PAN, separator, expiry, service code, discretionary data, filled to whole bytes. */
const trackForm = /^(\d{12,19})D\d{7,}F?$/;

/** Tag 9F4A may name the AIP and nothing else (Book 3 §10.3); undefined: the card's data cannot be authenticated. */
const signedStaticData = (
  session: Session,
  records: readonly Uint8Array[],
  aip: Uint8Array,
): Uint8Array | undefined => {
  const tagList = session.data.get('9F4A');
  if (!tagList) return concat(...records);
  return equal(tagList, fromHex('82')) ? concat(...records, aip) : undefined;
};
