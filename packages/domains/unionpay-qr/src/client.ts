import type { Money } from '@zhanggui/money';
import type { EpochMs } from '@zhanggui/time';
import { type Gateway, openGateway, txnTimeOf, type UnionPaySettings } from './gateway.ts';
import type { Fields } from './message.ts';
import { meaningOf } from './respcodes.ts';
import { fileBytesMax, openSettlementFile, type SettlementRow } from './settlement-file.ts';
import { checkName, checkTotal, fenOf, type Transaction, type TransactionName, transactionOf } from './transaction.ts';
import { UnionPayError } from './unionpay-error.ts';

/** `orderId` and `at`, to the second, name the transaction for ever. */
type Order = TransactionName & Readonly<{ total: Money; notifyUrl?: string }>;
export type UnionPayCodeOrder = Order & Readonly<{ qrNo: string; terminalId?: string }>;
export type UnionPayShownOrder = Order & Readonly<{ description?: string; expiresAt?: EpochMs }>;
/** A refund or a void is a transaction of its own; `originalQueryId` names what it gives back. */
export type UnionPayGivingBack = Order & Readonly<{ originalQueryId: string }>;

/** Payment codes and QR codes of 全渠道 5.1.0. All throw `UnionPayError`; every call is sent once. */
export interface UnionPayQr {
  /** 01/06. Resolves when UnionPay took it, which is not yet paid: query. */
  payByCode(order: UnionPayCodeOrder): Promise<void>;
  /** 01/07. The text of a QR code to show. */
  applyQr(order: UnionPayShownOrder): Promise<Readonly<{ qrCode: string }>>;
  /** 00/00, of a sale, a refund or a void. Undefined when UnionPay has no such transaction. */
  query(name: TransactionName, total?: Money): Promise<Transaction | undefined>;
  /** 04/00, a part or the whole. Resolves when taken: query it by its own name. */
  refund(order: UnionPayGivingBack): Promise<void>;
  /** 31/00, the whole, on the same clearing day. Resolves when taken. */
  void(order: UnionPayGivingBack): Promise<void>;
  /** 99/01 of a payment by code, on the same clearing day, named as the payment was. */
  reverse(name: TransactionName): Promise<'reversed' | 'pending'>;
  /** 76/01: the merchant's file of a clearing day, yyyy-MM-dd. */
  settlementFile(date: string): Promise<AsyncIterable<SettlementRow>>;
  readNotification(body: Uint8Array): Transaction;
  now(): EpochMs;
}

const patterns = {
  orderId: /^[0-9A-Za-z]{8,40}$/,
  qrNo: /^62\d{17}$/,
  terminalId: /^[0-9A-Za-z]{8}$/,
  originalQueryId: /^\d{21}$/,
  date: /^\d{4}-\d\d-\d\d$/,
} as const;

const checkFields = (fields: Readonly<Partial<Record<keyof typeof patterns, string>>>): void => {
  for (const [name, pattern] of Object.entries(patterns)) {
    const value = fields[name as keyof typeof patterns];
    if (value !== undefined && !pattern.test(value)) throw new UnionPayError('request-malformed', name);
  }
};

const answerIn = (fields: Fields): { code: string; text: string } => ({
  code: fields.respCode ?? '',
  text: fields.respMsg ?? '',
});

/** Passes on an answer that was taken; anything else is thrown with UnionPay's own code. */
const taken = (fields: Fields, place: string): Fields => {
  const answer = answerIn(fields);
  const meaning = meaningOf(answer.code);
  if (meaning === 'done' || meaning === 'pending') return fields;
  throw new UnionPayError('refused', place, answer);
};

type Kind = Readonly<{ txnType: string; txnSubType: string; place: string }>;

const transacted = async (
  gateway: Gateway,
  { place, ...kind }: Kind,
  order: Order,
  more: Readonly<Record<string, string | undefined>>,
): Promise<Fields> => {
  checkFields({ orderId: order.orderId });
  const fields = {
    ...kind,
    channelType: '08',
    currencyCode: '156',
    orderId: order.orderId,
    txnTime: txnTimeOf(order.at),
    txnAmt: fenOf(order.total, 'total'),
    backUrl: order.notifyUrl,
    ...more,
  };
  const answer = taken(await gateway.call({ path: 'backTransReq.do', fields, place }), place);
  checkName(answer, order);
  return answer;
};

const givenBack = async (gateway: Gateway, kind: Kind, order: UnionPayGivingBack): Promise<void> => {
  checkFields({ originalQueryId: order.originalQueryId });
  await transacted(gateway, kind, order, { origQryId: order.originalQueryId });
};

const applyQr = async (gateway: Gateway, order: UnionPayShownOrder): Promise<{ qrCode: string }> => {
  const kind = { txnType: '01', txnSubType: '07', place: 'apply-qr' };
  const payTimeout = order.expiresAt === undefined ? undefined : txnTimeOf(order.expiresAt);
  const more = { payTimeout, orderDesc: order.description?.slice(0, 32) };
  const { qrCode } = await transacted(gateway, kind, order, more);
  if (!qrCode?.startsWith('https://')) throw new UnionPayError('answer-malformed', 'qrCode');
  return { qrCode };
};

const query = async (gateway: Gateway, name: TransactionName, total?: Money): Promise<Transaction | undefined> => {
  checkFields({ orderId: name.orderId });
  const fields = { txnType: '00', txnSubType: '00', orderId: name.orderId, txnTime: txnTimeOf(name.at) };
  const answer = await gateway.call({ path: 'queryTrans.do', fields, place: 'query' });
  const { code, text } = answerIn(answer);
  if (meaningOf(code) === 'not-found') return undefined;
  if (meaningOf(code) === 'pending') throw new UnionPayError('outcome-unknown', 'query', { code, text });
  taken(answer, 'query');
  checkName(answer, name);
  if (!answer.origRespCode) throw new UnionPayError('answer-malformed', 'origRespCode');
  const transaction = transactionOf(answer, answer.origRespCode, answer.origRespMsg ?? '');
  checkTotal(transaction, total);
  return transaction;
};

const reverse = async (gateway: Gateway, name: TransactionName): Promise<'reversed' | 'pending'> => {
  checkFields({ orderId: name.orderId });
  const fields = {
    txnType: '99',
    txnSubType: '01',
    channelType: '08',
    orderId: name.orderId,
    txnTime: txnTimeOf(name.at),
  };
  const answer = await gateway.call({ path: 'backTransReq.do', fields, place: 'reverse' });
  if (meaningOf(answerIn(answer).code) === 'given-back') return 'reversed';
  checkName(taken(answer, 'reverse'), name);
  return meaningOf(answerIn(answer).code) === 'done' ? 'reversed' : 'pending';
};

const settlementFile = async (gateway: Gateway, date: string): Promise<AsyncIterable<SettlementRow>> => {
  checkFields({ date });
  const settleDate = date.slice(5).replace('-', '');
  const fields = { txnType: '76', txnSubType: '01', fileType: '00', txnTime: txnTimeOf(gateway.now()), settleDate };
  const answer = await gateway.call({ path: 'files', fields, place: 'file', bytesMax: fileBytesMax });
  if (taken(answer, 'file').settleDate !== settleDate) throw new UnionPayError('other-order', 'settleDate');
  if (!answer.fileContent) throw new UnionPayError('bill-malformed', 'fileContent');
  return openSettlementFile(answer.fileContent, date, gateway.merId);
};

const readNotification = (gateway: Gateway, body: Uint8Array): Transaction => {
  const fields = gateway.read(body);
  const { code, text } = answerIn(fields);
  const transaction = transactionOf(fields, code, text);
  checkTotal(transaction, undefined);
  return transaction;
};

export const openUnionPayQr = (settings: UnionPaySettings): UnionPayQr => {
  const gateway = openGateway(settings);
  return {
    async payByCode(order) {
      const { qrNo, terminalId } = order;
      checkFields({ qrNo, terminalId });
      const kind = { txnType: '01', txnSubType: '06', place: 'pay-by-code' };
      await transacted(gateway, kind, order, { qrNo, termId: terminalId });
    },
    applyQr: (order) => applyQr(gateway, order),
    query: (name, total) => query(gateway, name, total),
    refund: (order) => givenBack(gateway, { txnType: '04', txnSubType: '00', place: 'refund' }, order),
    void: (order) => givenBack(gateway, { txnType: '31', txnSubType: '00', place: 'void' }, order),
    reverse: (name) => reverse(gateway, name),
    settlementFile: (date) => settlementFile(gateway, date),
    readNotification: (body) => readNotification(gateway, body),
    now: () => gateway.now(),
  };
};
