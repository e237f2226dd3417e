import { subMerchantIds } from './account.ts';
import { encryptField } from './crypto.ts';
import { checkFields, checkRefundOrder, type RefundOrder, refundGoods } from './order.ts';
import { queryText, type Room } from './room.ts';
import { checkRefund, fenOf, type Refund, refundShape, shaped } from './transaction.ts';

/** A refund that could not go back to where it came from, to a card of the payer. */
export type CardRefund = Readonly<{
  refundId: string;
  outRefundNo: string;
  bankType: string;
  cardNumber: string;
  name: string;
}>;

const refundPath = '/v3/refund/domestic/refunds';

export const refund = async (room: Room, order: RefundOrder): Promise<Refund> => {
  checkRefundOrder(order);
  const { original } = order;
  const amount = {
    refund: fenOf(order.refund, 'refund'),
    total: fenOf(order.total, 'total'),
    currency: order.total.currency,
  };
  const body = {
    ...subMerchantIds(room.account),
    ...('outTradeNo' in original ? { out_trade_no: original.outTradeNo } : { transaction_id: original.transactionId }),
    out_refund_no: order.outRefundNo,
    reason: order.reason,
    notify_url: order.notifyUrl,
    funds_account: order.funds,
    goods_detail: refundGoods(order),
    amount,
  };
  const answer = await room.call({ method: 'POST', path: refundPath, body, repeatable: true, place: 'refund' });
  const done = shaped(refundShape, answer, 'refund');
  checkRefund(done, { outRefundNo: order.outRefundNo, ...original, refund: order.refund, total: order.total });
  return done;
};

export const queryRefund = async (room: Room, outRefundNo: string): Promise<Refund> => {
  checkFields({ outRefundNo });
  const path = `${refundPath}/${encodeURIComponent(outRefundNo)}${queryText(subMerchantIds(room.account))}`;
  const answer = await room.call({ method: 'GET', path, repeatable: true, place: 'refund-query' });
  const found = shaped(refundShape, answer, 'refund-query');
  checkRefund(found, { outRefundNo });
  return found;
};

export const refundToCard = async (room: Room, order: CardRefund): Promise<Refund> => {
  checkFields({ outRefundNo: order.outRefundNo });
  const { serial, key } = await room.keys.encryptionKey();
  const body = {
    ...subMerchantIds(room.account),
    out_refund_no: order.outRefundNo,
    type: 'USER_BANK_CARD',
    bank_type: order.bankType,
    bank_account: encryptField(order.cardNumber, key),
    real_name: encryptField(order.name, key),
  };
  const path = `${refundPath}/${encodeURIComponent(order.refundId)}/apply-abnormal-refund`;
  const call = {
    method: 'POST',
    path,
    body,
    repeatable: false,
    place: 'refund-to-card',
    encryptedWith: serial,
  } as const;
  const done = shaped(refundShape, await room.call(call), 'refund-to-card');
  checkRefund(done, { outRefundNo: order.outRefundNo });
  return done;
};
