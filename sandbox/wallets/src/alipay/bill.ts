import { encodeGb18030 } from '@zhanggui/bytes';
import { writeZip } from '@zhanggui/zip';
import type { BillEntry } from '../engine/words.ts';
import type { FaceAnswer } from '../face.ts';
import { billShape, fieldsOf } from './fields.ts';
import { type Call, memoOf, merchantName, type Reply, type Room, refused, textOfTime, yuanOf } from './room.ts';

const columns =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注';
const dayMs = 86_400_000;
/** An address of a bill is good for half a minute. */
const addressMs = 30_000;
export const billPath = '/alipay/downloadBillFile.resource';

const outRequestNoOf = (entry: BillEntry): string =>
  entry.kind === 'refund' ? (memoOf(entry.refund).outRequestNo ?? '') : '';

/** Cells of numbers end with a tab, so that a table calculator keeps their digits. */
const lineOf = (entry: BillEntry): string => {
  const { order, kind } = entry;
  const { storeId = '', terminalId = '' } = memoOf(order);
  const isPayment = kind === 'payment';
  const amount = yuanOf(isPayment ? entry.amountMinor : -entry.amountMinor);
  const zeros = ['0.00', '0.00', '0.00', '0.00', '0.00', '', '0.00', '0.00'];
  const names = [`${order.tradeNo}\t`, `${order.outTradeNo}\t`, isPayment ? '交易' : '退款', order.description];
  const times = [textOfTime(order.createdAt), textOfTime(entry.at)];
  const places = [`${storeId}\t`, '\t', '\t', `${terminalId}\t`, 'san***@sandbox.com'];
  const fee = yuanOf(isPayment ? -entry.feeMinor : entry.feeMinor);
  const cells = [names, times, places, amount, amount, zeros, `${outRequestNoOf(entry)}\t`, fee, '0.00', ''].flat();
  return cells.join(',');
};

const billText = ({ engine, keys }: Room, date: string): string => {
  const from = Date.parse(`${date}T00:00:00+08:00`);
  const entries = [...engine.billEntries(merchantName, { from, until: from + dayMs })];
  const payments = entries.filter(({ kind }) => kind === 'payment');
  const refunds = entries.filter(({ kind }) => kind !== 'payment');
  const sum = (some: readonly BillEntry[]): bigint => some.reduce((total, { amountMinor }) => total + amountMinor, 0n);
  const lines = [
    '#支付宝业务明细查询',
    `#账号：[${keys.merchant.sellerId}0156]`,
    `#起始日期：[${textOfTime(from)}]   终止日期：[${textOfTime(from + dayMs)}]`,
    '#-----------------------------------------业务明细列表----------------------------------------',
    columns,
    ...entries.map(lineOf),
    '#-----------------------------------------业务明细列表结束------------------------------------',
    `#交易合计：${payments.length}笔，商家实收共${yuanOf(sum(payments))}元，商家优惠共0.00元`,
    `#退款合计：${refunds.length}笔，商家实收退款共${yuanOf(-sum(refunds))}元，商家优惠退款共0.00元`,
    `#导出时间：[${textOfTime(engine.now())}]`,
  ];
  return lines.map((line) => `${line}\r\n`).join('');
};

export type BillDesk = Readonly<{
  address(call: Call): Reply;
  download(token: string): FaceAnswer;
}>;

export const openBillDesk = (room: Room): BillDesk => {
  const { engine } = room;
  const addresses = new Map<string, Readonly<{ date: string; until: number }>>();
  return {
    address(call) {
      const fields = fieldsOf(billShape, call);
      if (!fields) return refused('parameter-wrong');
      const today = textOfTime(engine.now()).slice(0, 10);
      const isThere = room.pace > 1 ? fields.bill_date <= today : fields.bill_date < today;
      if (!isThere) return refused('bill-not-exist');
      const token = Buffer.from(engine.random(16)).toString('hex');
      addresses.set(token, { date: fields.bill_date, until: engine.now() + addressMs });
      return {
        kind: 'reply',
        node: { bill_download_url: `${room.origin()}${billPath}?bizType=trade&fileId=${token}` },
      };
    },
    download(token) {
      const address = addresses.get(token);
      addresses.delete(token);
      if (!address || engine.now() > address.until) return { status: 404 };
      const name = `${room.keys.merchant.sellerId}0156_${address.date.replaceAll('-', '')}_业务明细.csv`;
      const body = writeZip([{ name, bytes: encodeGb18030(billText(room, address.date)) }]);
      return { status: 200, headers: { 'content-type': 'application/zip' }, body };
    },
  };
};
