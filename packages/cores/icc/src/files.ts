/** Names, records and options: SELECT, READ RECORD, GET PROCESSING OPTIONS (EMV Book 1 §10-11, Book 3 §6.5.8, §6.5.11). */
import { ascii, concat, fromAscii, fromHex, hex } from '@zhanggui/bytes';
import { encodeTlv, type Tlv } from '@zhanggui/tlv';
import { type Command, type Context, dolLength, evolve, sw, type Turn } from './command.ts';
import { freshSession, type IccApplication, type IccProfile, type IccState } from './profile.ts';
import { speaksSm2 } from './signer.ts';

const directoryName = '1PAY.SYS.DDF01';
const directoryFile = 1;
const atcMax = 0xffff;

export const select = (profile: IccProfile, state: IccState, { p1, p2, data }: Command): Turn => {
  if (state.cardBlocked) return { state, status: sw.functionNotSupported };
  if (p1 !== 0x04 || (p2 !== 0x00 && p2 !== 0x02)) return { state, status: sw.wrongParameters };
  if (ascii(data) === directoryName) {
    return { state: { ...state, session: freshSession(directoryName) }, status: sw.ok, data: directoryFci };
  }
  const application = findApplication(profile, hex(data), p2 === 0x02 ? state.session?.selected : undefined);
  if (!application || data.length < 5) return { state, status: sw.fileNotFound };
  const blocked = state.memories[application.aid]?.blocked ?? false;
  return {
    state: { ...state, session: freshSession(application.aid) },
    status: blocked ? sw.selectedBlocked : sw.ok,
    data: applicationFci(application),
  };
};

export const readRecord = (context: Context, { p1, p2 }: Command): Turn => {
  const { state, application } = context;
  if ((p2 & 0x07) !== 0x04) return { state, status: sw.wrongParameters };
  const sfi = p2 >> 3;
  const record = application.records[`${sfi}.${p1}`];
  if (record !== undefined) return { state, status: sw.ok, data: fromHex(record) };
  const fileExists = Object.keys(application.records).some((key) => key.startsWith(`${sfi}.`));
  return { state, status: fileExists ? sw.recordNotFound : sw.fileNotFound };
};

/** READ RECORD while the payment directory is selected: one record that lists all applications. */
export const readDirectory = (profile: IccProfile, state: IccState, { p1, p2 }: Command): Turn => {
  if (p2 >> 3 !== directoryFile || (p2 & 0x07) !== 0x04) return { state, status: sw.fileNotFound };
  if (p1 !== 1) return { state, status: sw.recordNotFound };
  const entries = profile.applications.map((application) =>
    template('61', [primitive('4F', fromHex(application.aid)), ...nameObjects(application)]),
  );
  return { state, status: sw.ok, data: encodeTlv([template('70', entries)]) };
};

/** Starts a transaction: the counter moves on, and a counter at its end leaves the card useless. */
export const getProcessingOptions = (context: Context, { p1, p2, data }: Command): Turn => {
  const { state, application, memory, session } = context;
  if (p1 !== 0 || p2 !== 0) return { state, status: sw.wrongParameters };
  const [tag, length] = data;
  const expected = application.pdol === undefined ? 0 : dolLength(fromHex(application.pdol));
  if (tag !== 0x83 || length !== expected || data.length !== expected + 2) return { state, status: sw.wrongLength };
  const spent = memory.blocked || memory.atc >= atcMax || session.stage !== 'selected';
  if (spent) return { state, status: sw.conditionsNotSatisfied };
  const pdolData = data.subarray(2);
  const afl = application.sm2 && speaksSm2(application, pdolData) ? application.sm2.afl : application.afl;
  return {
    state: evolve(context, {
      memory: { atc: memory.atc + 1 },
      session: { stage: 'initiated', pdolData: hex(pdolData) },
    }),
    status: sw.ok,
    data: encodeTlv([primitive('80', concat(fromHex(application.aip), fromHex(afl)))]),
  };
};

/** A name may be given in part; `after` asks for the next application that begins with it (Book 1 §12.3.3). */
const findApplication = (profile: IccProfile, name: string, after: string | undefined): IccApplication | undefined => {
  const matches = profile.applications.filter(({ aid }) => aid.startsWith(name));
  return matches[matches.findIndex(({ aid }) => aid === after) + 1];
};

const primitive = (tag: string, value: Uint8Array): Tlv => ({ tag, value });
const template = (tag: string, children: readonly Tlv[]): Tlv => ({ tag, value: new Uint8Array(), children });

const nameObjects = ({ label, priority }: IccApplication): Tlv[] => [
  primitive('50', fromAscii(label)),
  primitive('87', Uint8Array.of(priority)),
];

const applicationFci = (application: IccApplication): Uint8Array => {
  const pdol = application.pdol === undefined ? [] : [primitive('9F38', fromHex(application.pdol))];
  const language = primitive('5F2D', fromAscii('zhen'));
  const proprietary = template('A5', [...nameObjects(application), language, ...pdol]);
  return encodeTlv([template('6F', [primitive('84', fromHex(application.aid)), proprietary])]);
};

const directoryFci = encodeTlv([
  template('6F', [
    primitive('84', fromAscii(directoryName)),
    template('A5', [primitive('88', Uint8Array.of(directoryFile))]),
  ]),
]);
