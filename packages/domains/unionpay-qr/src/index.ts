export { unionPayQrChannel } from './channel.ts';
export {
  openUnionPayQr,
  type UnionPayCodeOrder,
  type UnionPayGivingBack,
  type UnionPayQr,
  type UnionPayShownOrder,
} from './client.ts';
export type { UnionPaySettings } from './gateway.ts';
export { type CodeMeaning, unionPayCodes } from './respcodes.ts';
export { type SettlementRow, zmLengths, zmPlaces } from './settlement-file.ts';
export type { Transaction, TransactionName } from './transaction.ts';
export { type UnionPayAnswer, UnionPayError, type UnionPayErrorCode } from './unionpay-error.ts';
