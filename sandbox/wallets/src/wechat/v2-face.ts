import type { Face, FaceAnswer, FaceRequest } from '../face.ts';
import { type Ids, sellerOf } from './merchants.ts';
import type { Room } from './room.ts';
import { type V2Refusal, v2Refusals } from './v2-answers.ts';
import { type V2Call, type V2Reply, v2Methods } from './v2-calls.ts';
import { isV2Signed, readXml, type V2Fields, type V2SignType, v2Sign, writeXml } from './v2-message.ts';

type Method = (typeof v2Methods)[string];
type Entered =
  | Readonly<{ kind: 'ok'; call: V2Call; key: string; type: V2SignType }>
  | Readonly<{ kind: 'door'; code: string; text: string }>
  | Readonly<{ kind: 'refused'; refusal: V2Refusal; fields: V2Fields; key: string; type: V2SignType }>;

const always = ['appid', 'mch_id', 'nonce_str', 'sign'];

const missing = (fields: V2Fields, required: readonly string[]): string | undefined =>
  [...always, ...required].find((name) => !name.split('|').some((one) => fields[one]));

const idsOf = ({ appid, mch_id: mchid, sub_mch_id: subMchid, sub_appid: subAppid }: V2Fields): Ids =>
  subMchid
    ? { sp_appid: appid, sp_mchid: mchid, ...(subAppid && { sub_appid: subAppid }), sub_mchid: subMchid }
    : { appid, mchid };

/** In WeChat's order: the form, the signature, then what the fields say. */
const enter = (room: Room, request: FaceRequest, method: Method): Entered => {
  const fields = readXml(Buffer.from(request.body).toString());
  if (!fields) return { kind: 'door', code: 'XML_FORMAT_ERROR', text: 'XML格式错误' };
  const signer = fields.mch_id ?? '';
  const key = room.gate.v2Key(signer);
  if (key === undefined) return { kind: 'door', code: 'MCHID_NOT_EXIST', text: '商户号mch_id不存在或格式错误' };
  const type: V2SignType = fields.sign_type === 'HMAC-SHA256' ? 'HMAC-SHA256' : 'MD5';
  if (!isV2Signed(fields, key, type)) return { kind: 'door', code: 'SIGNERROR', text: '签名错误' };
  const refuse = (refusal: V2Refusal): Entered => ({ kind: 'refused', refusal, fields, key, type });
  const lacking = missing(fields, method.required);
  if (lacking !== undefined) return refuse({ ...v2Refusals.lackParams, text: `缺少参数${lacking}` });
  if (room.faults.take('rate-limit')) return refuse(v2Refusals.tooFrequent);
  const ids = idsOf(fields);
  const seller = sellerOf(room, { mchid: signer }, ids);
  if (seller.kind === 'refused')
    return refuse(seller.refusal.code === 'APPID_MCHID_NOT_MATCH' ? v2Refusals.appOfOther : v2Refusals.notServed);
  return { kind: 'ok', key, type, call: { fields, signer, merchant: seller.merchant, ids } };
};

const xml = (fields: V2Fields): FaceAnswer => ({
  status: 200,
  headers: { 'Content-Type': 'text/xml; charset=utf-8' },
  body: writeXml(fields),
});

/** Nobody signs for whom it does not know. */
const atDoor = (code: string, text: string): FaceAnswer =>
  xml({ return_code: 'FAIL', return_msg: text, err_code: code });

const present = (fields: Readonly<Record<string, string | undefined>>): V2Fields =>
  Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => Boolean(entry[1])));

type Signer = Readonly<{ fields: V2Fields; key: string; type: V2SignType }>;

const signed = (room: Room, { fields, key, type }: Signer, reply: V2Reply): FaceAnswer => {
  const { appid, mch_id: mchid, sub_appid: subAppid, sub_mch_id: subMchid } = fields;
  const result =
    reply.kind === 'done'
      ? { result_code: 'SUCCESS', ...reply.fields }
      : {
          result_code: 'FAIL',
          err_code: reply.refusal.code,
          err_code_des: reply.refusal.text,
          recall: reply.refusal.recall,
        };
  const nonce = Buffer.from(room.engine.random(16)).toString('hex');
  const ids = { appid, mch_id: mchid, sub_appid: subAppid, sub_mch_id: subMchid, nonce_str: nonce };
  const answer = present({ return_code: 'SUCCESS', return_msg: 'OK', ...ids, ...result });
  const isWrong = room.faults.take('answer-signature') || room.faults.take('answer-signtest');
  return xml({ ...answer, sign: v2Sign(isWrong ? { ...answer, nonce_str: `${nonce}0` } : answer, key, type) });
};

const noCertificate: FaceAnswer = {
  status: 400,
  headers: { 'Content-Type': 'text/html' },
  body: '<html><head><title>400 No required SSL certificate was sent</title></head><body></body></html>',
};

const answer = async (room: Room, request: FaceRequest, method: Method): Promise<FaceAnswer> => {
  if (method.withCertificate && request.peerCertificate === undefined) return noCertificate;
  if (request.method !== 'POST') return atDoor('REQUIRE_POST_METHOD', '请使用post方法');
  const entered = enter(room, request, method);
  if (entered.kind === 'door') return atDoor(entered.code, entered.text);
  if (entered.kind === 'refused') return signed(room, entered, entered);
  const { call, key, type } = entered;
  if (method.withCertificate && !room.gate.isCertificateOf(call.signer, request.peerCertificate))
    return atDoor('CERT_ERROR', '证书验证失败');
  return signed(room, { fields: call.fields, key, type }, await method.run(room, call));
};

/** API v2: XML signed with a shared key, errors in the body of a 200. */
export const openV2Face = (room: Room): Face => ({
  handle: async (request) => {
    const method = v2Methods[request.path.split('?')[0] ?? ''];
    return method && answer(room, request, method);
  },
});
