import { beijingTime } from './gate-platform.ts';
import { tell } from './notify.ts';
import { type Share, type SharingOrder, sharesToldTo } from './profit-sharing-words.ts';
import type { Room } from './room.ts';

const resourceOf = (order: SharingOrder, share: Share, sharer: string): unknown => ({
  ...(sharer === order.merchantNo ? { mchid: sharer } : { sp_mchid: sharer, sub_mchid: order.merchantNo }),
  transaction_id: order.transactionId,
  order_id: order.sharingId,
  out_order_no: order.outOrderNo,
  receiver: { type: share.type, account: share.account, amount: share.amount, description: share.description },
  success_time: beijingTime(order.doneAt),
});

/** Merchants that got a share are told, where they said so on the merchant platform; persons read it in WeChat. */
export const tellShares = (room: Room, order: SharingOrder, sharer: string): void => {
  for (const share of order.shares) {
    const url = share.type === 'MERCHANT_ID' ? room.engine.shelf.get(sharesToldTo(share.account)) : undefined;
    if (url === undefined || share.failReason !== undefined) continue;
    const resource = resourceOf(order, share, sharer);
    const told = { event: 'TRANSACTION.SUCCESS', summary: '分账', type: 'profitsharing', resource };
    tell(room, `share/${share.detailId}`, url, { ...told, mchid: share.account });
  }
};
