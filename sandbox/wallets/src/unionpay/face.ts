import { createHash, verify } from 'node:crypto';
import { unionPayCodes } from '@zhanggui/unionpay-qr';
import type { Deliveries } from '../deliveries.ts';
import type { Engine } from '../engine/words.ts';
import type { Face, FaceAnswer } from '../face.ts';
import type { Faults } from '../faults.ts';
import { file } from './file.ts';
import { merId, openUnionPayKeys, type UnionPayMerchant } from './keys.ts';
import { openNotices } from './notices.ts';
import { applyQr, formRefusal, orderNamed, payByCode, reverse } from './payments.ts';
import { refund, voidSale } from './refunds.ts';
import {
  codeOfOrder,
  codeOfRefund,
  type Fields,
  memoOf,
  merchantName,
  orderFields,
  type Reply,
  type Room,
  refundFields,
  signatureOf,
  type Transact,
} from './room.ts';

const messageOf = (code: string): string => `${unionPayCodes[code]?.zh ?? '交易失败'}[${code}00000]`;

/** 00/00: of a payment, a refund or a void, by its own name. */
const query: Transact = (room, fields) => {
  const form = formRefusal(fields, ['orderId', 'txnTime']);
  if (form) return form;
  const order = orderNamed(room, fields);
  const code = order && codeOfOrder(order);
  if (order && code !== undefined)
    return { respCode: '00', more: { ...orderFields(order), origRespCode: code, origRespMsg: messageOf(code) } };
  const found = room.engine.findRefund({ ...merchantName, outRefundNo: fields.orderId ?? '' });
  const original = found && room.engine.orderById(found.orderId);
  if (!found || !original || memoOf(found).txnTime !== fields.txnTime) return { respCode: '34' };
  const refundCode = codeOfRefund(found);
  const told = { origRespCode: refundCode, origRespMsg: messageOf(refundCode) };
  return { respCode: '00', more: { ...refundFields(found, original), ...told } };
};

type Route = Readonly<{ path: string; txn: string; run: Transact }>;
const back = '/gateway/api/backTransReq.do';
const filesPath = '/unionpay/files';
const routes: readonly Route[] = [
  { path: back, txn: '01/06', run: payByCode },
  { path: back, txn: '01/07', run: applyQr },
  { path: back, txn: '04/00', run: refund },
  { path: back, txn: '31/00', run: voidSale },
  { path: back, txn: '99/01', run: reverse },
  { path: '/gateway/api/queryTrans.do', txn: '00/00', run: query },
  { path: filesPath, txn: '76/01', run: file },
];
const paths = new Set(routes.map(({ path }) => path));

const required = [
  'version',
  'encoding',
  'signMethod',
  'txnType',
  'txnSubType',
  'bizType',
  'accessType',
  'merId',
  'certId',
  'signature',
];

const isSigned = ({ keys }: Room, fields: Fields): boolean => {
  const text = Object.keys(fields)
    .filter((name) => name !== 'signature')
    .toSorted()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
  const hex = Buffer.from(createHash('sha256').update(text).digest('hex'));
  return verify('sha256', hex, keys.merchantIdentity.publicKey, Buffer.from(fields.signature ?? '', 'base64'));
};

const doorRefusal = (room: Room, fields: Fields): string | undefined => {
  if (required.some((name) => !fields[name])) return '13';
  if (fields.version !== '5.1.0' || fields.signMethod !== '01' || fields.encoding?.toUpperCase() !== 'UTF-8')
    return '10';
  if (fields.merId !== merId) return '31';
  if (fields.certId !== room.keys.certId || !isSigned(room, fields)) return '11';
  if (room.faults.take('rate-limit')) return '37';
  return undefined;
};

const replyTo = async (room: Room, path: string, fields: Fields): Promise<Reply> => {
  const refusal = doorRefusal(room, fields);
  if (refusal !== undefined) return { respCode: refusal };
  const txn = `${fields.txnType}/${fields.txnSubType}`;
  const route = routes.find((one) => one.path === path && one.txn === txn);
  return route ? route.run(room, fields) : { respCode: '32' };
};

const echoed = [
  'accessType',
  'bizType',
  'encoding',
  'merId',
  'orderId',
  'reqReserved',
  'signMethod',
  'txnSubType',
  'txnTime',
  'txnType',
  'version',
];

/** An answer looks like a form and is not encoded. */
const answerOf = (room: Room, fields: Fields, { respCode, more }: Reply): FaceAnswer => {
  const echo = Object.fromEntries(echoed.flatMap((name) => (fields[name] ? [[name, fields[name]]] : [])));
  const said = { respCode, respMsg: messageOf(respCode), signPubKeyCert: room.keys.signerCertificate };
  const unsigned: Fields = { ...echo, ...more, ...said };
  const covered = room.faults.take('answer-signature') ? { ...unsigned, respMsg: '' } : unsigned;
  const signed = { ...unsigned, signature: signatureOf(covered, room.keys.signer.privateKey) };
  const body = Object.entries(signed)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return { status: 200, headers: { 'content-type': 'text/html;charset=UTF-8' }, body };
};

/** The sandbox's UnionPay; `merchant` is what its developer needs. */
export const openUnionPayFace = (
  settings: Readonly<{ engine: Engine; faults: Faults; deliveries: Deliveries; pace: number }>,
): Readonly<{ face: Face; merchant: UnionPayMerchant }> => {
  const keys = openUnionPayKeys(settings.engine);
  const room: Room = { ...settings, keys };
  settings.engine.addMerchant({ ...merchantName, title: '掌柜沙箱商店', feeBasisPoints: 60 });
  openNotices(room);
  const face: Face = {
    async handle({ path, body }) {
      const { pathname } = new URL(path, 'http://sandbox');
      if (!paths.has(pathname)) return undefined;
      const fields: Fields = Object.fromEntries(new URLSearchParams(Buffer.from(body).toString()));
      return answerOf(room, fields, await replyTo(room, pathname, fields));
    },
  };
  return { face, merchant: keys.merchant };
};
