import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { z } from 'zod';
import { availableAccount } from '../engine/accounts.ts';
import type { MerchantName, Span } from '../engine/words.ts';
import {
  type BillType,
  byteOrderMark,
  flowColumns,
  flowRow,
  flowTotals,
  lineOf,
  namesLine,
  tradeColumns,
  tradeRow,
  tradeTotals,
  yuan,
} from './bill-rows.ts';
import { callerSeller } from './merchants.ts';
import { sharingLines } from './profit-sharing-bill.ts';
import { filled, readQuery } from './read.ts';
import { refused } from './refusals.ts';
import type { Call, Reply, Room, Route } from './room.ts';

type File = Readonly<{ bytes: Uint8Array; contentType: string; owner: string }>;
type Bills = Room & Readonly<{ files: Map<string, File>; writing: Map<string, Promise<Written>> }>;

const dayMs = 24 * 3_600_000;
const beijingMs = 8 * 3_600_000;
/** A day's bill is there from 10:00 of the next. */
const readyMs = 10 * 3_600_000;
const keptMs = 92 * dayMs;
const filesMax = 20;
/** A bill that takes longer is not there yet. */
const patienceMs = 4_000;

const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .refine((text) => !Number.isNaN(Date.parse(text)), { message: '不是日期' });
const common = { bill_date: date, tar_type: z.literal('GZIP').optional(), sub_mchid: filled(32).optional() };
const tradeShape = z.strictObject({ ...common, bill_type: z.enum(['ALL', 'SUCCESS', 'REFUND']).default('ALL') });
const flowShape = z.strictObject({
  ...common,
  account_type: z.enum(['BASIC', 'OPERATION', 'FEES']).default('BASIC'),
});

/** The day in Beijing, or why its bill cannot be had. A compressed sandbox (`pace` above 1) has it at once. */
const spanOf = (room: Room, day: string): Span | Extract<Reply, { kind: 'refused' }> => {
  const from = Date.parse(day) - beijingMs;
  const until = from + dayMs;
  const now = room.engine.now();
  if (from > now || until + keptMs < now) return refused('parameter', { message: '账单日期不在可下载的范围内' });
  if (room.pace === 1 && now < until) return refused('parameter', { message: '不能下载当日及以后的账单' });
  return room.pace === 1 && now < until + readyMs ? refused('statementCreating') : { from, until };
};

const rateOf = (room: Room, merchant: MerchantName): string => {
  const points = room.engine.merchant(merchant)?.feeBasisPoints ?? 0;
  return `${Math.floor(points / 100)}.${String(points % 100).padStart(2, '0')}%`;
};

type Lines = Generator<string, number>;

function* tradeLines(room: Room, merchant: MerchantName, span: Span, type: BillType): Lines {
  const columns = tradeColumns[type];
  const rate = rateOf(room, merchant);
  const total = { count: 0, paid: 0n, returned: 0n, fee: 0n };
  yield byteOrderMark + namesLine(columns);
  for (const entry of room.engine.billEntries(merchant, span)) {
    const isPayment = entry.kind === 'payment';
    if (type !== 'ALL' && isPayment !== (type === 'SUCCESS')) continue;
    total.count += 1;
    if (isPayment) total.paid += entry.amountMinor;
    else total.returned += entry.amountMinor;
    total.fee += isPayment ? entry.feeMinor : -entry.feeMinor;
    const row = tradeRow(entry, rate);
    yield lineOf(columns.map((column) => row[column] ?? ''));
  }
  yield namesLine(tradeTotals);
  const { count, paid, returned, fee } = total;
  yield lineOf([String(count), yuan(paid), yuan(returned), '0.00', `${yuan(fee)}000`, yuan(paid), yuan(returned)]);
  return count;
}

function* flowLines(room: Room, merchant: MerchantName, span: Span): Lines {
  const account = availableAccount(merchant);
  const total = { in: 0, inMinor: 0n, out: 0, outMinor: 0n };
  let balance = balanceAt(room, account, span.from);
  yield byteOrderMark + namesLine(flowColumns);
  for (const movement of room.engine.movements(account, span)) {
    const isIn = movement.to === account;
    balance += isIn ? movement.amountMinor : -movement.amountMinor;
    if (isIn) {
      total.in += 1;
      total.inMinor += movement.amountMinor;
    } else {
      total.out += 1;
      total.outMinor += movement.amountMinor;
    }
    const voucher = (movement.orderId && room.engine.orderById(movement.orderId)?.tradeNo) || movement.id;
    const row = flowRow(movement, { account, balance, voucher });
    yield lineOf(flowColumns.map((column) => row[column] ?? ''));
  }
  yield namesLine(flowTotals);
  const count = total.in + total.out;
  yield lineOf([count, total.in, yuan(total.inMinor), total.out, yuan(total.outMinor)].map(String));
  return count;
}

/** What was there when the day began: what is there now, without all that came after. */
const balanceAt = (room: Room, account: string, at: number): bigint => {
  let balance = room.engine.balance(account);
  for (const { to, amountMinor } of room.engine.movements(account, { from: at, until: Number.MAX_SAFE_INTEGER }))
    balance -= to === account ? amountMinor : -amountMinor;
  return balance;
};

type Written = Readonly<{ bytes: Uint8Array; sha1: string; count: number }>;

const collected = async (stream: AsyncIterable<Buffer>): Promise<Uint8Array> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
};

const pieceCharacters = 262_144;

/** Lines in pieces, so that packing and hashing are called for seldom. */
function* piecesOf(lines: Lines): Generator<Buffer, number> {
  let piece = '';
  let next = lines.next();
  while (!next.done) {
    piece += next.value;
    if (piece.length >= pieceCharacters) {
      yield Buffer.from(piece);
      piece = '';
    }
    next = lines.next();
  }
  yield Buffer.from(piece);
  return next.value;
}

/** The hash is that of the bill before it is packed. Others are served between its pieces. */
const writeBill = async (lines: Lines, isPacked: boolean): Promise<Written> => {
  const hash = createHash('sha1');
  const target = isPacked ? createGzip() : new PassThrough();
  const written = collected(target);
  const pieces = piecesOf(lines);
  let next = pieces.next();
  while (!next.done) {
    hash.update(next.value);
    if (!target.write(next.value)) await once(target, 'drain');
    await setImmediate();
    next = pieces.next();
  }
  target.end();
  return { bytes: await written, sha1: hash.digest('hex'), count: next.value };
};

const keep = ({ files, engine, origin }: Bills, file: File): string => {
  const token = Buffer.from(engine.random(24)).toString('base64url');
  files.set(token, file);
  const [oldest] = files.keys();
  if (files.size > filesMax && oldest !== undefined) files.delete(oldest);
  return `${origin()}/v3/billdownload/file?token=${token}`;
};

/** The bill, if it is written in time; a long one is asked for again. */
const written = async (
  { writing }: Bills,
  name: string,
  write: () => Promise<Written>,
): Promise<Written | undefined> => {
  const work = writing.get(name) ?? write();
  writing.set(name, work);
  work.catch(() => writing.delete(name));
  const isDone = await Promise.race([work.then(() => true), wait(patienceMs, false, { ref: false })]);
  if (!isDone) return undefined;
  writing.delete(name);
  return work;
};

const offered = async (room: Bills, call: Call, lines: Lines, isPacked: boolean): Promise<Reply> => {
  const name = `${call.caller.mchid} ${call.request.path}`;
  const bill = await written(room, name, () => writeBill(lines, isPacked));
  if (!bill) return refused('statementCreating');
  const { bytes, sha1, count } = bill;
  if (count === 0) return refused('noStatement');
  const contentType = isPacked ? 'application/gzip' : 'text/plain; charset=utf-8';
  const address = keep(room, { bytes, contentType, owner: call.caller.mchid });
  return { kind: 'reply', status: 200, json: { hash_type: 'SHA1', hash_value: sha1, download_url: address } };
};

const tradeBill = async (room: Bills, call: Call): Promise<Reply> => {
  const wanted = readQuery(tradeShape, call.query);
  if (wanted.kind === 'refused') return wanted;
  const { bill_date: day, bill_type: type, tar_type: packing, sub_mchid: subMchid } = wanted.value;
  const seller = callerSeller(room, call.caller, subMchid);
  if (seller.kind === 'refused') return seller;
  const span = spanOf(room, day);
  if ('kind' in span) return span;
  return offered(room, call, tradeLines(room, seller.merchant, span, type), packing === 'GZIP');
};

const flowBill = async (room: Bills, call: Call): Promise<Reply> => {
  const wanted = readQuery(flowShape, call.query);
  if (wanted.kind === 'refused') return wanted;
  const { bill_date: day, account_type: account, tar_type: packing, sub_mchid: subMchid } = wanted.value;
  const seller = callerSeller(room, call.caller, subMchid);
  if (seller.kind === 'refused') return seller;
  const span = spanOf(room, day);
  if ('kind' in span) return span;
  if (account !== 'BASIC') return refused('noStatement');
  return offered(room, call, flowLines(room, seller.merchant, span), packing === 'GZIP');
};

const sharingBill = async (room: Bills, call: Call): Promise<Reply> => {
  const wanted = readQuery(z.strictObject(common), call.query);
  if (wanted.kind === 'refused') return wanted;
  const { bill_date: day, tar_type: packing, sub_mchid: subMchid } = wanted.value;
  const seller = callerSeller(room, call.caller, subMchid);
  if (seller.kind === 'refused') return seller;
  const span = spanOf(room, day);
  if ('kind' in span) return span;
  const names = { merchantNo: seller.merchant.merchantNo, caller: call.caller.mchid };
  return offered(room, call, sharingLines(room, names, span), packing === 'GZIP');
};

const download = (room: Bills, call: Call): Reply => {
  const file = room.files.get(call.query.get('token') ?? '');
  if (!file) return refused('resourceUnknown', { message: '账单下载链接已失效' });
  if (file.owner !== call.caller.mchid) return refused('notAllowed');
  return { kind: 'reply', status: 200, raw: file.bytes, contentType: file.contentType };
};

export const billRoutes = (room: Room): readonly Route[] => {
  const bills: Bills = { ...room, files: new Map(), writing: new Map() };
  return [
    { method: 'GET', path: '/v3/bill/tradebill', run: (call) => tradeBill(bills, call) },
    { method: 'GET', path: '/v3/bill/fundflowbill', run: (call) => flowBill(bills, call) },
    { method: 'GET', path: '/v3/profitsharing/bills', run: (call) => sharingBill(bills, call) },
    { method: 'GET', path: '/v3/billdownload/file', isUnsigned: true, run: (call) => download(bills, call) },
  ];
};
