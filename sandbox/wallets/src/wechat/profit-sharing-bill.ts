import type { Span } from '../engine/words.ts';
import { byteOrderMark, lineOf, namesLine, plain, yuan } from './bill-rows.ts';
import { beijingTime } from './gate-platform.ts';
import { resultOf, returnResultOf } from './profit-sharing.ts';
import type { ShareReturn, SharingOrder } from './profit-sharing-words.ts';
import type { Room } from './room.ts';

const columns =
  '分账时间,分账发起方,分账方,微信订单号,微信分账/回退单号,分账明细单号,商户分账/回退单号,订单金额,分账接收方,分账金额,业务类型,处理状态,分账描述,备注'.split(
    ',',
  );
const totals = ['总笔数', '总金额'];

type Line = Readonly<{ at: number; minor: bigint; cells: readonly string[] }>;

const timeOf = (at: number): string => beijingTime(at).slice(0, 19).replace('T', ' ');

const shareLines = (room: Room, order: SharingOrder, caller: string): Line[] => {
  const total = room.engine.orderById(order.orderId)?.amountMinor ?? 0n;
  return order.shares.map((share) => ({
    at: order.createdAt,
    minor: BigInt(share.amount),
    cells: [
      timeOf(order.createdAt),
      caller,
      order.merchantNo,
      order.transactionId,
      order.sharingId,
      share.detailId,
      order.outOrderNo,
      yuan(total),
      share.account,
      yuan(BigInt(share.amount)),
      order.kind === 'sharing' ? '分账' : '解冻',
      resultOf(share, order, room.engine.now()),
      plain(share.description),
      '',
    ],
  }));
};

const returnLine = (room: Room, back: ShareReturn, sharing: SharingOrder | undefined, caller: string): Line => ({
  at: back.createdAt,
  minor: BigInt(back.amount),
  cells: [
    timeOf(back.createdAt),
    caller,
    back.merchantNo,
    sharing?.transactionId ?? '',
    back.returnId,
    back.returnId,
    back.outReturnNo,
    yuan((sharing && room.engine.orderById(sharing.orderId)?.amountMinor) ?? 0n),
    back.returnMchid,
    yuan(BigInt(back.amount)),
    '分账回退',
    returnResultOf(back, room.engine.now()),
    plain(back.description),
    '',
  ],
});

/** The day's shares, releases and returns of a merchant, oldest first; returns how many there are. */
export function* sharingLines(
  room: Room,
  { merchantNo, caller }: Readonly<{ merchantNo: string; caller: string }>,
  { from, until }: Span,
): Generator<string, number> {
  const kept = <Kept>(prefix: string): Kept[] =>
    room.engine.shelf.list(`${prefix}/${merchantNo}/`).map(({ value }) => JSON.parse(value) as Kept);
  const orders = kept<SharingOrder>('wechat/sharing');
  const returns = kept<ShareReturn>('wechat/share-return');
  const lines = [
    ...orders.flatMap((order) => shareLines(room, order, caller)),
    ...returns.map((back) => {
      const sharing = orders.find(({ sharingId }) => sharingId === back.sharingId);
      return returnLine(room, back, sharing, caller);
    }),
  ].filter(({ at }) => at >= from && at < until);
  yield byteOrderMark + namesLine(columns);
  for (const { cells } of lines.sort((a, b) => a.at - b.at)) yield lineOf(cells);
  yield namesLine(totals);
  yield lineOf([String(lines.length), yuan(lines.reduce((sum, { minor }) => sum + minor, 0n))]);
  return lines.length;
}
