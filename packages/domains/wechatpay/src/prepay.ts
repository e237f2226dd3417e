import { z } from 'zod';
import { type Account, orderIds, payPath, signerOf } from './account.ts';
import { randomNonce, signText } from './crypto.ts';
import { type AppOrder, type H5Order, type JsapiOrder, type NativeOrder, prepayBody } from './order.ts';
import type { Place } from './rates.ts';
import type { Room } from './room.ts';
import { shaped } from './transaction.ts';
import { WeChatPayError } from './wechatpay-error.ts';

/** What a page hands to WeChat's script to open the payment. */
export type JsapiPayment = Readonly<{
  appId: string;
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: 'RSA';
  paySign: string;
}>;
/** What an app hands to WeChat's kit; the names are the kit's own. */
export type AppPayment = Readonly<{
  appid: string;
  partnerid: string;
  prepayid: string;
  package: 'Sign=WXPay';
  noncestr: string;
  timestamp: string;
  sign: string;
}>;

/** The app that opens the payment: the sub-merchant's when the account names one. */
export const payerApp = (account: Account): string =>
  account.mode === 'direct' ? account.appid : (account.subAppid ?? account.spAppid);

const payerField = (account: Account): string => {
  if (account.mode === 'direct') return 'openid';
  return account.subAppid === undefined ? 'sp_openid' : 'sub_openid';
};

const signed = (room: Room, lines: readonly string[]): string => signText(`${lines.join('\n')}\n`, room.privateKey);

/** WeChat's script and kit know RSA only: an order that they could not open is not made. */
const checkWay = (room: Room, way: Way): void => {
  const isOpenedByScript = way === 'jsapi' || way === 'app';
  if (isOpenedByScript && !room.suite.signsForScripts) throw new WeChatPayError('request-malformed', 'privateKey');
};

const stamp = (room: Room) => ({ timestamp: String(Math.floor(room.now() / 1000)), nonce: randomNonce() });

export const jsapiPayment = (room: Room, prepayId: string): JsapiPayment => {
  const { timestamp, nonce } = stamp(room);
  const appId = payerApp(room.account);
  const packageText = `prepay_id=${prepayId}`;
  const paySign = signed(room, [appId, timestamp, nonce, packageText]);
  return { appId, timeStamp: timestamp, nonceStr: nonce, package: packageText, signType: 'RSA', paySign };
};

export const appPayment = (room: Room, prepayId: string): AppPayment => {
  const { timestamp, nonce } = stamp(room);
  const appid = payerApp(room.account);
  return {
    appid,
    partnerid: signerOf(room.account),
    prepayid: prepayId,
    package: 'Sign=WXPay',
    noncestr: nonce,
    timestamp,
    sign: signed(room, [appid, timestamp, nonce, prepayId]),
  };
};

export const h5Scene = ({ clientIp, device }: Pick<H5Order, 'clientIp' | 'device'>): Record<string, unknown> => ({
  payer_client_ip: clientIp,
  h5_info: { type: device },
});

type Way = 'native' | 'jsapi' | 'app' | 'h5';

const answerShapes = {
  native: z.object({ code_url: z.string().startsWith('weixin://') }).transform((wire) => wire.code_url),
  jsapi: z.object({ prepay_id: z.string().min(1) }).transform((wire) => wire.prepay_id),
  app: z.object({ prepay_id: z.string().min(1) }).transform((wire) => wire.prepay_id),
  h5: z.object({ h5_url: z.url() }).transform((wire) => wire.h5_url),
} as const satisfies Readonly<Record<Way, z.ZodType<string>>>;

/** Makes an order that the payer opens in this way; a repeated one with the same content is the same order. */
export const placeOrder = async (
  room: Room,
  order: Readonly<{ path: string; way: Way; place: Place; body: Readonly<Record<string, unknown>> }>,
): Promise<string> => {
  const { way, place, body } = order;
  checkWay(room, way);
  const answer = await room.call({ method: 'POST', path: `${order.path}/${way}`, body, repeatable: true, place });
  return shaped(answerShapes[way], answer, place);
};

const place = (room: Room, way: Way, order: NativeOrder, more: Readonly<Record<string, unknown>> = {}) => {
  const body = { ...orderIds(room.account), ...prepayBody(order), ...more };
  return placeOrder(room, { path: payPath(room.account), way, place: way, body });
};

export const prepays = (room: Room) => ({
  native: async (order: NativeOrder) => ({ codeUrl: await place(room, 'native', order) }),
  async jsapi(order: JsapiOrder) {
    const prepayId = await place(room, 'jsapi', order, { payer: { [payerField(room.account)]: order.openid } });
    return { prepayId, payment: jsapiPayment(room, prepayId) };
  },
  async app(order: AppOrder) {
    const prepayId = await place(room, 'app', order);
    return { prepayId, payment: appPayment(room, prepayId) };
  },
  h5: async (order: H5Order) => ({ h5Url: await place(room, 'h5', order, { scene_info: h5Scene(order) }) }),
});
