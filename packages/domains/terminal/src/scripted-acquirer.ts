/** An acquirer that follows a script, over real TCP. Imported by tests only. */
import { concat, fromAscii, fromHex } from '@zhanggui/bytes';
import { type Hsm, memoryKeyStore, openSoftHsm } from '@zhanggui/hsm';
import {
  answerTpdu,
  decodePosFrame,
  encodePosFrame,
  field54,
  posField44,
  posField60,
  posMac,
  posMacInput,
  signInKeys,
  unionPayPos,
} from '@zhanggui/iso8583';
import { type Connection, FRAMINGS, listen } from '@zhanggui/link';
import { decodeTlv, encodeTlv, findTag } from '@zhanggui/tlv';
import type { Fields } from './host.ts';

/** What the scripted host does with one request. `lost`: charged, and the answer never leaves. */
export type Decision =
  | { kind: 'approve'; fields?: Fields; mac?: 'bad' | 'none'; requirement?: string; lost?: boolean }
  | { kind: 'decline'; code: string; requirement?: string }
  | { kind: 'silence' }
  | { kind: 'cut'; charged: boolean };

export type Received = { mti: string; fields: Fields; macGood: boolean | undefined };

export const batchOfHost = '000007';
export const tmkClear: Uint8Array = fromHex('11'.repeat(16));

/** Decisions are taken from the front of each list; an empty list approves. */
export type Script = {
  financial?: Decision[];
  reversal?: Decision[];
  signIn?: Decision[];
  /** Field 62 of every sign-in answer instead of fresh keys. */
  field62?: Uint8Array;
  /** Clear master key of chip cryptograms (hexadecimal), when chips are to be answered. */
  mdk?: string;
};

type Acquirer = {
  hsm: Hsm;
  script: Script;
  received: Received[];
  /** What is charged now: batch and trace number -> amount. */
  charged: Map<string, string>;
  reversed: Set<string>;
};

export type ScriptedAcquirer = Awaited<ReturnType<typeof startScriptedAcquirer>>;

export const startScriptedAcquirer = async (script: Script = {}) => {
  const hsm = openSoftHsm({ lmk: new Uint8Array(32).fill(9), store: memoryKeyStore() });
  await hsm.importComponents({ ref: 'tmk', use: 'tmk', components: [tmkClear] });
  if (script.mdk) await hsm.importComponents({ ref: 'mdk', use: 'mdk-ac', components: [fromHex(script.mdk)] });
  const acquirer: Acquirer = { hsm, script, received: [], charged: new Map(), reversed: new Set() };
  const connections = new Set<Connection>();
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    framing: FRAMINGS.binary2,
    onConnection: (connection) => {
      connections.add(connection);
      connection.onFrame((frame) => void serve(acquirer, connection, frame));
      connection.onClose(() => connections.delete(connection));
    },
  });
  return {
    ...acquirer,
    port: listener.port,
    of: (mti: string): Received[] => acquirer.received.filter((one) => one.mti === mti),
    close: async (): Promise<void> => {
      await Promise.all([...connections].map((connection) => connection.close()));
      await listener.close();
    },
  };
};

const serve = async (acquirer: Acquirer, connection: Connection, frame: Uint8Array): Promise<void> => {
  const { tpdu, header, body } = decodePosFrame(frame);
  const request = await receive(acquirer, body);
  const decision = decide(acquirer, request);
  const isCharged = decision.kind === 'approve' || (decision.kind === 'cut' && decision.charged);
  if (isCharged && isFinancial(request.mti)) book(acquirer, request);
  if (decision.kind === 'cut') return connection.close();
  if (decision.kind === 'silence' || (decision.kind === 'approve' && decision.lost)) return;
  const answered = { ...header, processingRequirement: decision.requirement ?? '0' };
  const answer = await answerBytes(acquirer, request, decision);
  connection.send(encodePosFrame({ tpdu: answerTpdu(tpdu), header: answered, body: answer }));
};

const isFinancial = (mti: string): boolean => mti === '0200' || mti === '0400';

const receive = async ({ hsm, received }: Acquirer, body: Uint8Array): Promise<Received> => {
  const { mti, fields } = unionPayPos.decode(body);
  const check = { key: 'tak', algorithm: 'unionpay-ecb' } as const;
  const macGood = fields[64] && (await hsm.verifyMac({ ...check, data: posMacInput(body), mac: posMac(body) }));
  const request = { mti, fields: structuredClone({ ...fields }), macGood };
  received.push(request);
  return request;
};

const decide = ({ script }: Acquirer, { mti, macGood }: Received): Decision => {
  if (mti === '0200' && macGood === false) return { kind: 'decline', code: 'A0' };
  const lists: Readonly<Record<string, Decision[] | undefined>> = {
    '0200': script.financial,
    '0400': script.reversal,
    '0800': script.signIn,
  };
  return lists[mti]?.shift() ?? { kind: 'approve' };
};

/** A reversal that came before its request wins. */
const book = ({ charged, reversed }: Acquirer, { mti, fields }: Received): void => {
  const key = `${posField60.decode(fields[60] ?? '').batch}-${fields[11]}`;
  if (mti === '0400') {
    reversed.add(key);
    charged.delete(key);
  } else if (fields[3] !== '310000' && !reversed.has(key)) charged.set(key, fields[4] ?? '');
};

type Answering = Extract<Decision, { kind: 'approve' | 'decline' }>;

const answerBytes = async (acquirer: Acquirer, request: Received, decision: Answering): Promise<Uint8Array> => {
  const { mti } = request;
  const code = decision.kind === 'approve' ? '00' : decision.code;
  const own = decision.kind === 'approve' ? decision.fields : undefined;
  const fields: Fields = { ...(await answerFields(acquirer, request, code)), ...own };
  const answerMti = `${mti.slice(0, 2)}${Number(mti.slice(2)) + 10}`;
  const mac = decision.kind === 'approve' ? decision.mac : 'none';
  if (!isFinancial(mti) || code !== '00' || mac === 'none') return unionPayPos.encode({ mti: answerMti, fields });
  const data = posMacInput(unionPayPos.encode({ mti: answerMti, fields: { ...fields, 64: new Uint8Array(8) } }));
  if (mac === 'bad') return concat(data, fromAscii('00000000'));
  return concat(data, await acquirer.hsm.mac({ key: 'tak', algorithm: 'unionpay-ecb', data }));
};

const answerFields = async (acquirer: Acquirer, { mti, fields }: Received, code: string): Promise<Fields> => {
  const { received, script, hsm } = acquirer;
  const repeated = [3, 4, 11, 25, 41, 42, 49, 60] as const;
  const rrn = `2607${String(received.length).padStart(8, '0')}`;
  const answer: Fields = { 12: '173225', 13: '1122', 37: rrn, 39: code };
  for (const number of repeated) if (fields[number] !== undefined) answer[number] = fields[number];
  if (mti === '0800') {
    answer[60] = posField60.encode({ messageType: '00', batch: batchOfHost, managementCode: '003' });
    if (code === '00') answer[62] = script.field62 ? await givenKeys(hsm, script.field62) : await freshKeys(hsm);
  }
  if (mti !== '0200') return answer;
  answer[15] = '1123';
  answer[44] = posField44.encode({ issuer: '03080000', acquirer: '48520000' });
  if (fields[55] && script.mdk) answer[55] = await issuerProof(hsm, fields, code);
  if (code === '00') answer[38] = '654321';
  if (code === '00' && fields[3] === '310000') answer[54] = balance;
  return answer;
};

const balance = field54.encode([
  { accountType: '10', amountType: '02', currency: '156', sign: 'C', amount: '000000888800' },
]);

const freshKeys = async (hsm: Hsm): Promise<Uint8Array> => {
  const deliver = async (ref: 'tpk' | 'tak', bytes: number) => {
    await hsm.generateKey({ ref, use: ref, bytes });
    const { cryptogram, kcv } = await hsm.exportKey({ ref, under: 'tmk' });
    return { cryptogram, checkValue: kcv.slice(0, 4) };
  };
  return signInKeys.encode({ pin: await deliver('tpk', 16), mac: await deliver('tak', 8) });
};

const givenKeys = async (hsm: Hsm, field62: Uint8Array): Promise<Uint8Array> => {
  const { pin, mac } = signInKeys.decode(field62);
  await hsm.importKey({ ref: 'tpk', use: 'tpk', cryptogram: pin.cryptogram, under: 'tmk', kcv: pin.checkValue });
  await hsm.importKey({ ref: 'tak', use: 'tak', cryptogram: mac.cryptogram, under: 'tmk', kcv: mac.checkValue });
  return field62;
};

/** Tag 91 for the cryptogram in a request, as the issuer would make it. */
const issuerProof = async (hsm: Hsm, fields: Fields, arc: string): Promise<Uint8Array> => {
  const objects = decodeTlv(fields[55] ?? new Uint8Array());
  const value = (tag: string): Uint8Array => findTag(objects, tag) ?? new Uint8Array();
  const proof = await hsm.makeArpc({
    mdk: 'mdk',
    pan: fields[2] ?? '',
    psn: (fields[23] ?? '000').slice(1),
    atc: value('9F36'),
    arqc: value('9F26'),
    arc,
  });
  return encodeTlv([{ tag: '91', value: concat(proof, fromAscii(arc)) }]);
};
