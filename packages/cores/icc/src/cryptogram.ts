/** The card's decision: GENERATE AC and EXTERNAL AUTHENTICATE (EMV Book 3 §6.5.4-5; PBOC cryptogram version 01). */
import { ascii, concat, equal, fromHex, hex } from '@zhanggui/bytes';
import { arpc, arqc, emvSessionKey } from '@zhanggui/card-crypto';
import { encodeTlv } from '@zhanggui/tlv';
import { type Command, type Context, dolLength, dolValues, evolve, recordObject, sw, type Turn } from './command.ts';
import { counter } from './data.ts';
import { iccDynamicNumber } from './dynamic.ts';
import type { IssuerAuthentication, Session } from './profile.ts';
import { type Signer, signerOf } from './signer.ts';

type Cryptogram = 'AAC' | 'TC' | 'ARQC';

const typeBits: Readonly<Record<Cryptogram, number>> = { AAC: 0x00, TC: 0x40, ARQC: 0x80 };
const cdaRequested = 0x10;

/** What the cryptogram covers, in this order; AIP, ATC and CVR follow (PBOC cryptogram version 01). */
const coveredTags = ['9F02', '9F03', '9F1A', '95', '5F2A', '9A', '9C', '9F37'] as const;

export const generateAc = (context: Context, { p1, p2, data }: Command): Turn => {
  const { state, session, application } = context;
  const requested = (['AAC', 'TC', 'ARQC'] as const).find((type) => typeBits[type] === (p1 & 0xc0));
  if (!requested || p2 !== 0 || (p1 & 0x2f) !== 0) return { state, status: sw.wrongParameters };
  const first = session.stage === 'initiated';
  if (!first && (session.stage !== 'awaiting-issuer' || requested === 'ARQC'))
    return { state, status: sw.conditionsNotSatisfied };
  if (data.length !== dolLength(recordObject(application, first ? '8C' : '8D')))
    return { state, status: sw.wrongLength };
  const order = { requested, cda: (p1 & cdaRequested) !== 0 && signerOf(context) !== undefined, data };
  return first ? decideFirst(context, order) : decideSecond(context, order);
};

/** Whether the answer in tag 91 (8 bytes and the 2-character answer code) comes from the issuer, once per transaction. */
export const externalAuthenticate = (context: Context, { p1, p2, data }: Command): Turn => {
  const { state, session } = context;
  if (p1 !== 0 || p2 !== 0) return { state, status: sw.wrongParameters };
  if (data.length < 8 || data.length > 16) return { state, status: sw.wrongLength };
  if (session.stage !== 'awaiting-issuer' || session.issuerAuthentication !== 'not-performed')
    return { state, status: sw.conditionsNotSatisfied };
  const passed = issuerProved(context, data);
  const issuerAuthentication = passed ? 'passed' : 'failed';
  return {
    state: evolve(context, { session: { issuerAuthentication } }),
    status: passed ? sw.ok : sw.authenticationFailed,
  };
};

type Order = Readonly<{ requested: Cryptogram; cda: boolean; data: Uint8Array }>;

const decideFirst = (context: Context, { requested, cda, data }: Order): Turn => {
  const { application, memory } = context;
  const values = dolValues(recordObject(application, '8C'), data);
  const amountMinor = BigInt(`0${hex(values.get('9F02') ?? new Uint8Array()).replace(/\D/g, '')}`);
  const withinCeiling = amountMinor <= BigInt(application.offlineCeilingMinor) && amountMinor > 0n;
  const payOffline = requested === 'TC' && withinCeiling && !memory.last.onlineUnfinished;
  const type = requested === 'AAC' ? 'AAC' : payOffline ? 'TC' : 'ARQC';
  const session: Session = {
    ...context.session,
    stage: type === 'ARQC' ? 'awaiting-issuer' : 'finished',
    cdol1Data: hex(data),
  };
  const cvr = verificationResults({ ...context, session }, { first: type, second: undefined, unable: false });
  const made = makeCryptogram({ ...context, session }, { type, cda, cvr, values, signedData: data });
  return {
    state: evolve(context, {
      session: { ...session, arqc: type === 'ARQC' ? hex(made.cryptogram) : '' },
      memory: { last: { ...memory.last, onlineUnfinished: type === 'ARQC' } },
    }),
    status: sw.ok,
    data: made.answer,
  };
};

const decideSecond = (context: Context, { requested, cda, data }: Order): Turn => {
  const { application, memory } = context;
  const cdol1Data = fromHex(context.session.cdol1Data);
  const answered = dolValues(recordObject(application, '8D'), data);
  const values = new Map([...dolValues(recordObject(application, '8C'), cdol1Data), ...answered]);
  const unable = /^[YZ]3$/.test(ascii(answered.get('8A') ?? new Uint8Array()));
  const issuerAuthentication = unable ? 'not-performed' : authenticationAtSecond(context, answered.get('91'));
  const session: Session = { ...context.session, issuerAuthentication, stage: 'finished' };
  const type = requested === 'TC' && mayPay(context, issuerAuthentication, unable) ? 'TC' : 'AAC';
  const cvr = verificationResults({ ...context, session }, { first: 'ARQC', second: type, unable });
  const made = makeCryptogram({ ...context, session }, { type, cda, cvr, values, signedData: concat(cdol1Data, data) });
  const heardIssuer = !unable && issuerAuthentication !== 'failed';
  return {
    state: evolve(context, {
      session,
      memory: {
        lastOnlineAtc: heardIssuer && type === 'TC' ? memory.atc : memory.lastOnlineAtc,
        last: {
          onlineUnfinished: false,
          issuerAuthentication,
          wentOnline: !unable,
          scripts: session.scripts,
          scriptFailed: session.scriptFailed,
        },
      },
    }),
    status: sw.ok,
    data: made.answer,
  };
};

/** None pays on a wrong proof or once blocked by a script; unasked, only a card that has a ceiling of its own. */
const mayPay = ({ application, memory }: Context, proof: IssuerAuthentication, unable: boolean): boolean => {
  if (memory.blocked) return false;
  if (unable) return application.offlineCeilingMinor !== '0';
  return proof === 'passed' || (proof === 'not-performed' && application.issuerAuthentication === 'optional');
};

/** A card without the command takes the proof as tag 91 of its CDOL2; a terminal that has none sends zeros. */
const authenticationAtSecond = (context: Context, proof: Uint8Array | undefined): IssuerAuthentication => {
  const before = context.session.issuerAuthentication;
  if (before !== 'not-performed' || !proof || proof.every((byte) => byte === 0)) return before;
  return issuerProved(context, proof) ? 'passed' : 'failed';
};

const issuerProved = (context: Context, proof: Uint8Array): boolean => {
  if (proof.length < 10) return false;
  const arc = ascii(proof.subarray(8, 10));
  const expected = arpc({ sessionKey: sessionKeyOf(context), arqc: fromHex(context.session.arqc), arc });
  return equal(expected, proof.subarray(0, 8));
};

const sessionKeyOf = ({ application, memory }: Context): Uint8Array =>
  emvSessionKey({ udk: fromHex(application.udkAc), atc: counter(memory.atc) });

type Making = Readonly<{
  type: Cryptogram;
  cda: boolean;
  cvr: Uint8Array;
  values: ReadonlyMap<string, Uint8Array>;
  signedData: Uint8Array;
}>;

const makeCryptogram = (context: Context, making: Making): { cryptogram: Uint8Array; answer: Uint8Array } => {
  const { application, memory } = context;
  const covered = coveredTags.map((tag) => making.values.get(tag) ?? new Uint8Array());
  const atc = counter(memory.atc);
  const cryptogram = arqc({
    sessionKey: sessionKeyOf(context),
    data: concat(...covered, fromHex(application.aip), atc, making.cvr),
  });
  const made = {
    information: Uint8Array.of(typeBits[making.type]),
    atc,
    cryptogram,
    issuerData: concat(Uint8Array.of(0x07), fromHex(application.keyIndex), cryptogramVersion, making.cvr, tripleDes),
  };
  const signs = making.cda && making.type !== 'AAC' ? signerOf(context) : undefined;
  return { cryptogram, answer: signs ? signedAnswer(context, making, made, signs) : plainAnswer(made) };
};

/** Tag 9F10 around the CVR: cryptogram version and algorithm. */
const cryptogramVersion = Uint8Array.of(0x01);
const tripleDes = Uint8Array.of(0x01);

type Made = Readonly<Record<'information' | 'atc' | 'cryptogram' | 'issuerData', Uint8Array>>;

const plainAnswer = ({ information, atc, cryptogram, issuerData }: Made): Uint8Array =>
  encodeTlv([{ tag: '80', value: concat(information, atc, cryptogram, issuerData) }]);

/** With CDA the cryptogram travels inside the signature only (Book 2 §6.6.1). */
const signedAnswer = (context: Context, making: Making, made: Made, signer: Signer): Uint8Array => {
  const before = [
    { tag: '9F27', value: made.information },
    { tag: '9F36', value: made.atc },
  ];
  const after = { tag: '9F10', value: made.issuerData };
  const signature = signer.combined({
    iccDynamicNumber: iccDynamicNumber(context),
    cryptogramInformation: typeBits[making.type],
    cryptogram: made.cryptogram,
    transactionData: concat(fromHex(context.session.pdolData), making.signedData, encodeTlv([...before, after])),
    unpredictableNumber: making.values.get('9F37') ?? new Uint8Array(),
  });
  const children = [...before, { tag: '9F4B', value: signature }, after];
  return encodeTlv([{ tag: '77', value: new Uint8Array(), children }]);
};

type Decisions = Readonly<{ first: Cryptogram; second: Cryptogram | undefined; unable: boolean }>;

/** Card verification results (PBOC): length 03, then this transaction's decisions, the card's own state, the last scripts. */
const verificationResults = ({ memory, session }: Context, { first, second, unable }: Decisions): Uint8Array => {
  const { last } = memory;
  const notRequested = 0x80;
  const decisions =
    (second === undefined ? notRequested : typeBits[second]) |
    (typeBits[first] >> 2) |
    bit(4, session.issuerAuthentication === 'failed') |
    bit(3, session.offlinePin !== 'not-performed') |
    bit(2, session.offlinePin === 'failed') |
    bit(1, unable);
  const condition =
    bit(8, last.onlineUnfinished && second === undefined) |
    bit(7, memory.pinTriesLeft === 0) |
    bit(5, memory.lastOnlineAtc === 0) |
    bit(4, last.issuerAuthentication === 'failed') |
    bit(3, last.wentOnline && last.issuerAuthentication === 'not-performed');
  const scripts = (Math.min(last.scripts, 15) << 4) | bit(4, last.scriptFailed);
  return Uint8Array.of(0x03, decisions, condition, scripts);
};

const bit = (number: number, set: boolean): number => (set ? 1 << (number - 1) : 0);
