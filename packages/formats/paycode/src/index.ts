export { type CardData, type ConsumerDetails, consumerDetails, consumerObjects } from './consumer-details.ts';
export { type ConsumerObject, decodeConsumerCode, encodeConsumerCode } from './consumer-objects.ts';
export {
  type AdditionalData,
  type LocalWords,
  type MerchantAccount,
  type MerchantDetails,
  merchantDetails,
  merchantObjects,
  type Tip,
} from './merchant-details.ts';
export { decodeMerchantCode, encodeMerchantCode, type MerchantObject } from './merchant-objects.ts';
export { PaycodeError, type PaycodeErrorCode } from './paycode-error.ts';
export { PAYMENT_CODES, readScan, type Scan, type Wallet } from './scan.ts';
