import { z } from 'zod';
import { AlipayError } from './alipay-error.ts';
import { notificationText } from './signing.ts';
import { instantIn, shaped, type Trade, tradeOf, tradeShape } from './trade.ts';

export type AlipayNotification = Readonly<{
  /** The same for every repetition. */
  id: string;
  trade: Trade;
  /** There when it tells of a refund; the amount in it is that of all refunds, so the refund itself is to be queried. */
  outRequestNo?: string;
}>;

const shape = tradeShape.extend({
  notify_id: z.string().min(1),
  app_id: z.string(),
  seller_id: z.string().optional(),
  gmt_refund: z.string().optional(),
  out_biz_no: z.string().optional(),
  fund_bill_list: z.string().optional(),
});

const fundsIn = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Verified and of our application and account; throws `AlipayError`. The form is read as it came. */
export const readNotification = (
  body: Uint8Array,
  ours: Readonly<{ appId: string; sellerId?: string; isSigned(text: string, signature: string): boolean }>,
): AlipayNotification => {
  const fields: Record<string, string> = Object.fromEntries(new URLSearchParams(Buffer.from(body).toString()));
  if (!fields.sign) throw new AlipayError('signature-missing', 'sign');
  if (fields.sign_type !== 'RSA2' || (fields.charset ?? '').toLowerCase() !== 'utf-8')
    throw new AlipayError('answer-malformed', 'sign_type');
  if (!ours.isSigned(notificationText(fields), fields.sign)) throw new AlipayError('signature-wrong', 'sign');
  const told = shaped(shape, fields, 'notification');
  if (told.app_id !== ours.appId) throw new AlipayError('other-merchant', 'app_id');
  if (ours.sellerId !== undefined && told.seller_id !== ours.sellerId)
    throw new AlipayError('other-merchant', 'seller_id');
  if (!told.trade_status) throw new AlipayError('answer-malformed', 'trade_status');
  const funds = shaped(tradeShape.shape.fund_bill_list, fundsIn(told.fund_bill_list), 'fund_bill_list');
  const trade = tradeOf({ ...told, fund_bill_list: funds }, told.trade_status, 'notification');
  const isRefund = instantIn(told.gmt_refund, 'gmt_refund') !== undefined && told.out_biz_no !== undefined;
  return { id: told.notify_id, trade, ...(isRefund && { outRequestNo: told.out_biz_no }) };
};
