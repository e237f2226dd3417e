import { deflateSync } from 'node:zlib';
import { zmLengths, zmPlaces } from '@zhanggui/unionpay-qr';
import { writeZip } from '@zhanggui/zip';
import type { BillEntry } from '../engine/words.ts';
import { merId } from './keys.ts';
import { clearingDay, digitsOfTime, memoOf, merchantName, type Reply, type Room, type Transact } from './room.ts';

const dayMs = 86_400_000;
const hour = 3_600_000;

const amountText = (minor: bigint): string => String(minor).padStart(12, '0');

const valuesOf = (entry: BillEntry): Readonly<Partial<Record<keyof typeof zmPlaces, string>>> => {
  const { order, at, amountMinor, feeMinor } = entry;
  const common = { sentAt: digitsOfTime(at).slice(4), amount: amountText(amountMinor), merId };
  if (entry.kind !== 'refund') {
    const { txnSubType } = memoOf(order);
    const names = { queryId: order.tradeNo, orderId: order.outTradeNo, trace: order.tradeNo.slice(-6) };
    const net = `C${amountText(amountMinor - feeMinor)}`;
    return { ...common, ...names, txnCode: 'S22', fee: `D${amountText(feeMinor)}`, net, txnType: '01', txnSubType };
  }
  const { txnType, queryId = '' } = memoOf(entry.refund);
  const names = { queryId, orderId: entry.refund.outRefundNo, trace: queryId.slice(-6) };
  const original = { originalQueryId: order.tradeNo, originalOrderId: order.outTradeNo };
  const net = `D${amountText(amountMinor - feeMinor)}`;
  return {
    ...common,
    ...names,
    ...original,
    txnCode: 'S30',
    fee: `C${amountText(feeMinor)}`,
    net,
    txnType,
    txnSubType: '00',
  };
};

const lineOf = (entry: BillEntry): string => {
  const cells = zmLengths.map((length) => ' '.repeat(length));
  for (const [name, value] of Object.entries(valuesOf(entry))) {
    const place = zmPlaces[name as keyof typeof zmPlaces];
    cells[place] = value.padEnd(zmLengths[place]);
  }
  return `${cells.join(' ')}\r\n`;
};

/** What was reversed on its own day is as if it had never been. */
const isCleared = (entry: BillEntry): boolean => entry.kind !== 'reversal' && entry.order.state !== 'reversed';

/** The latest day with this month and day that is not later than the clearing day under way. */
const dateOf = (mmdd: string, today: string): string => {
  const tail = `${mmdd.slice(0, 2)}-${mmdd.slice(2)}`;
  const year = Number(today.slice(0, 4));
  return tail <= today.slice(5) ? `${year}-${tail}` : `${year - 1}-${tail}`;
};

const fileOf = ({ engine }: Room, date: string): string => {
  const until = Date.parse(`${date}T00:00:00+08:00`) + 23 * hour;
  const entries = [...engine.billEntries(merchantName, { from: until - dayMs, until })].filter(isCleared);
  const name = `INN${date.slice(2).replaceAll('-', '')}88ZM_${merId}`;
  const bytes = Buffer.from(entries.map(lineOf).join(''), 'latin1');
  return deflateSync(writeZip([{ name, bytes }])).toString('base64');
};

/** 76/01: the merchant's file of a clearing day that is over; at a pace above 1 of the one under way, as far as it is. */
export const file: Transact = (room, fields): Reply => {
  const { settleDate = '', fileType } = fields;
  if (!settleDate || !fileType) return { respCode: '13' };
  if (!/^(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(settleDate) || fileType !== '00') return { respCode: '10' };
  const today = clearingDay(room.engine.now());
  const date = dateOf(settleDate, today);
  if (date === today && room.pace === 1) return { respCode: '98' };
  const fileName = `${merId}_${date.replaceAll('-', '')}.zip`;
  return { respCode: '00', more: { settleDate, fileType, fileName, fileContent: fileOf(room, date) } };
};
