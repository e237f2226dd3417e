import { sign, verify } from 'node:crypto';
import type { Deliveries } from '../deliveries.ts';
import type { Engine } from '../engine/words.ts';
import type { Face, FaceAnswer, FaceRequest } from '../face.ts';
import type { Faults } from '../faults.ts';
import { billPath, openBillDesk } from './bill.ts';
import { type AlipayMerchant, openAlipayKeys } from './keys.ts';
import { openNotices } from './notices.ts';
import { cancel, close, pay, precreate, query } from './payments.ts';
import { queryRefund, refund } from './refunds.ts';
import { type AlipayReason, alipayRefusals } from './refusals.ts';
import { type Call, type Method, merchantName, type Reply, type Room, refused } from './room.ts';

const methods: Readonly<Record<string, Method>> = {
  'alipay.trade.pay': pay,
  'alipay.trade.precreate': precreate,
  'alipay.trade.query': query,
  'alipay.trade.cancel': cancel,
  'alipay.trade.close': close,
  'alipay.trade.refund': refund,
  'alipay.trade.fastpay.refund.query': queryRefund,
};
const certificateMethod = 'alipay.open.app.alipaycert.download';
/** The certificate of a serial: the one in use, or the next. */
const certificate: Method = ({ keys }, { content }) => {
  const serial = content.alipay_cert_sn;
  const pem = serial === keys.next.serial ? keys.next.certificate : keys.merchant.alipayCertificate;
  if (serial !== keys.next.serial && serial !== keys.alipaySerial) return refused('parameter-wrong');
  return { kind: 'reply', node: { alipay_cert_content: Buffer.from(pem).toString('base64') } };
};
const billMethod = 'alipay.data.dataservice.bill.downloadurl.query';

type Fields = Readonly<Record<string, string>>;

const required = [
  ['app_id', 'no-app'],
  ['method', 'no-method'],
  ['sign_type', 'no-signature-type'],
  ['sign', 'no-signature'],
  ['timestamp', 'no-timestamp'],
  ['version', 'no-version'],
] as const satisfies readonly (readonly [string, AlipayReason])[];

/** Fields come in the address, in the body, or in both. */
const fieldsOf = (request: FaceRequest): Fields => ({
  ...Object.fromEntries(new URL(request.path, 'http://sandbox').searchParams),
  ...Object.fromEntries(new URLSearchParams(Buffer.from(request.body).toString())),
});

const isSigned = (room: Room, fields: Fields): boolean => {
  const names = Object.keys(fields).filter((name) => name !== 'sign' && fields[name] !== '');
  const text = names
    .toSorted()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
  return verify('sha256', Buffer.from(text), room.keys.app.publicKey, Buffer.from(fields.sign ?? '', 'base64'));
};

/** Certificate mode names our certificates; the plain mode names none. */
const areCertificatesRight = ({ keys }: Room, fields: Fields): boolean =>
  fields.app_cert_sn === undefined ||
  (fields.app_cert_sn === keys.appSerial && fields.alipay_root_cert_sn === keys.rootSerial);

const doorRefusal = (room: Room, fields: Fields): AlipayReason | undefined => {
  for (const [name, reason] of required) if (!fields[name]) return reason;
  if (fields.app_id !== room.keys.merchant.appId) return 'app-unknown';
  if (fields.sign_type !== 'RSA2') return 'signature-type';
  if ((fields.charset ?? 'utf-8').toLowerCase() !== 'utf-8') return 'charset';
  if ((fields.format ?? 'JSON').toUpperCase() !== 'JSON') return 'format';
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(fields.timestamp ?? '')) return 'timestamp-wrong';
  if (!areCertificatesRight(room, fields) || !isSigned(room, fields)) return 'signature-wrong';
  return undefined;
};

const contentOf = (text: string | undefined): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

const nodeOf = (reply: Reply): Record<string, unknown> => {
  if (reply.kind === 'reply') {
    const msg = reply.code === '10003' ? ' order success pay inprocess' : 'Success';
    return { code: reply.code ?? '10000', msg, ...reply.node };
  }
  const { code, msg, subCode, subMsg } = alipayRefusals[reply.reason];
  return { code, msg, sub_code: subCode, sub_msg: subMsg, ...reply.node };
};

/** Whose request it is cannot be told: no signature of ours would help. */
const unsigned: ReadonlySet<AlipayReason> = new Set(['no-app', 'no-method', 'app-unknown']);

const answerOf = (room: Room, fields: Fields, reply: Reply): FaceAnswer => {
  // Slashes are escaped, as Alipay does it: who writes the node again before verifying it will see.
  const node = JSON.stringify(nodeOf(reply)).replaceAll('/', '\\/');
  const headers = { 'content-type': 'text/html;charset=utf-8' };
  if (reply.kind === 'refused' && unsigned.has(reply.reason))
    return { status: 200, headers, body: `{"error_response":${node}}` };
  const covered = room.faults.take('answer-signature') ? `${node} ` : node;
  const isCertified = fields.app_cert_sn !== undefined;
  const { alipay, alipaySerial, next } = room.keys;
  const isNext = isCertified && room.faults.take('certificate-rotation');
  const { privateKey } = isNext ? next.identity : alipay;
  const signature = sign('sha256', Buffer.from(covered), privateKey).toString('base64');
  const serial = isCertified ? `"alipay_cert_sn":"${isNext ? next.serial : alipaySerial}",` : '';
  const name = `${fields.method?.replaceAll('.', '_')}_response`;
  return { status: 200, headers, body: `{"${name}":${node},${serial}"sign":"${signature}"}` };
};

const gatewayPath = '/gateway.do';

/** The sandbox's Alipay; `merchant` is what its developer needs. */
export const openAlipayFace = (
  settings: Readonly<{ engine: Engine; faults: Faults; deliveries: Deliveries; origin: () => string; pace: number }>,
): Readonly<{ face: Face; merchant: AlipayMerchant }> => {
  const { engine } = settings;
  const keys = openAlipayKeys(engine);
  const room: Room = { ...settings, keys };
  engine.addMerchant({ ...merchantName, title: '掌柜沙箱商店', feeBasisPoints: 60 });
  const bills = openBillDesk(room);
  openNotices(room);
  const replyTo = async (fields: Fields): Promise<Reply> => {
    const refusal = doorRefusal(room, fields);
    if (refusal) return refused(refusal);
    if (room.faults.take('rate-limit')) return refused('too-often');
    const content = contentOf(fields.biz_content);
    if (!content) return refused('content-malformed');
    const call: Call = { method: fields.method ?? '', content, notifyUrl: fields.notify_url };
    if (call.method === billMethod) return bills.address(call);
    if (call.method === certificateMethod) return certificate(room, call);
    const method = methods[call.method];
    return method ? method(room, call) : refused('method-unknown');
  };
  const face: Face = {
    async handle(request) {
      const { pathname, searchParams } = new URL(request.path, 'http://sandbox');
      if (pathname === billPath) return bills.download(searchParams.get('fileId') ?? '');
      if (pathname !== gatewayPath) return undefined;
      const fields = fieldsOf(request);
      return answerOf(room, fields, await replyTo(fields));
    },
  };
  return { face, merchant: keys.merchant };
};
