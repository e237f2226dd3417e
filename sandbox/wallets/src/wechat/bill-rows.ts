import type { BillEntry, BookedMovement } from '../engine/words.ts';
import { beijingTime } from './gate-platform.ts';
import { refundStateOf } from './refunds.ts';
import { bankTypeOf, memoOf, payerOf } from './transaction.ts';

export type BillType = 'ALL' | 'SUCCESS' | 'REFUND';
type Row = Readonly<Record<string, string>>;

const head =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额';
const refundColumns = '微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态';
const tail = '商品名称,商户数据包,手续费,费率,订单金额';

const listOf = (...parts: readonly string[]): readonly string[] => parts.join(',').split(',');
/** Columns in WeChat's order. */
export const tradeColumns: Readonly<Record<BillType, readonly string[]>> = {
  ALL: listOf(head, refundColumns, tail, '申请退款金额', '费率备注'),
  SUCCESS: listOf(head, tail, '费率备注'),
  REFUND: listOf(head, '退款申请时间', '退款成功时间', refundColumns, tail, '申请退款金额', '费率备注'),
};
export const tradeTotals =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'.split(',');

/** Fen as yuan. */
export const yuan = (minor: bigint): string => {
  const digits = String(minor < 0n ? -minor : minor).padStart(3, '0');
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};
/** Fees are written with five decimals. */
const feeYuan = (minor: bigint): string => `${yuan(minor)}000`;

const localTime = (at: number): string => beijingTime(at).slice(0, 19).replace('T', ' ');
/** What would break a line. */
export const plain = (text: string): string => text.replaceAll(/[,`\r\n]/g, ' ');

const returnWords = (entry: BillEntry): Row => {
  const none = { 微信退款单号: '0', 商户退款单号: '0', 退款类型: '', 退款状态: '' };
  if (entry.kind === 'payment') return none;
  if (!('refund' in entry))
    return { ...none, 微信退款单号: `5${entry.order.tradeNo.slice(1)}`, 退款类型: 'ORIGINAL', 退款状态: 'SUCCESS' };
  const { refund } = entry;
  return {
    微信退款单号: refund.refundNo,
    商户退款单号: refund.outRefundNo,
    退款类型: 'ORIGINAL',
    退款状态: refundStateOf(refund),
    退款申请时间: localTime(refund.createdAt),
    退款成功时间: refund.doneAt === null ? '' : localTime(refund.doneAt),
  };
};

const states = { payment: 'SUCCESS', refund: 'REFUND', reversal: 'REVOKED' } as const;

/** One line by the names of its columns. */
export const tradeRow = (entry: BillEntry, rate: string): Row => {
  const { order, amountMinor, feeMinor } = entry;
  const memo = memoOf(order);
  const { appid, mchid, sp_appid: spAppid, sp_mchid: spMchid, sub_mchid: subMchid } = memo.ids;
  const paid = entry.kind === 'payment' ? amountMinor : 0n;
  const returned = entry.kind === 'payment' ? 0n : amountMinor;
  return {
    交易时间: localTime(entry.at),
    公众账号ID: appid ?? spAppid ?? '',
    商户号: mchid ?? spMchid ?? '',
    特约商户号: subMchid ?? '0',
    设备号: memo.deviceId ?? '',
    微信订单号: order.tradeNo,
    商户订单号: order.outTradeNo,
    用户标识: payerOf(order, appid ?? spAppid) ?? '',
    交易类型: memo.tradeType,
    交易状态: states[entry.kind],
    付款银行: bankTypeOf(order),
    货币种类: 'CNY',
    应结订单金额: yuan(paid),
    代金券金额: '0.00',
    退款金额: yuan(returned),
    充值券退款金额: '0.00',
    商品名称: plain(order.description),
    商户数据包: plain(memo.attach ?? ''),
    手续费: feeYuan(entry.kind === 'payment' ? feeMinor : -feeMinor),
    费率: rate,
    订单金额: yuan(paid),
    申请退款金额: yuan(returned),
    费率备注: '',
    ...returnWords(entry),
  };
};

export const flowColumns =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号'.split(
    ',',
  );
export const flowTotals = '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额'.split(',');

const businesses: Readonly<Record<string, string>> = {
  payment: '交易',
  fee: '扣除交易手续费',
  'fee-back': '退还交易手续费',
  refund: '退款',
  reversal: '撤销',
};

/** `account` is whose flow it is, `balance` what was there after it. */
export const flowRow = (
  movement: BookedMovement,
  { account, balance, voucher }: Readonly<{ account: string; balance: bigint; voucher: string }>,
): Row => ({
  记账时间: localTime(movement.at),
  微信支付业务单号: voucher,
  资金流水单号: movement.id.replaceAll(/\W/g, ''),
  业务名称: businesses[movement.why] ?? movement.why,
  业务类型: businesses[movement.why] ?? movement.why,
  收支类型: movement.to === account ? '收入' : '支出',
  '收支金额(元)': yuan(movement.amountMinor),
  '账户结余(元)': yuan(balance),
  资金变更提交申请人: 'system',
  备注: '',
  业务凭证号: voucher,
});

/** Every value begins with a back-tick; a bill begins with a byte order mark and its lines end with both signs. */
export const lineOf = (values: readonly string[]): string => `${values.map((value) => `\`${value}`).join(',')}\r\n`;
export const namesLine = (names: readonly string[]): string => `${names.join(',')}\r\n`;
export const byteOrderMark = '\uFEFF';
