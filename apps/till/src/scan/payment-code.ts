import type { Wallet } from '@zhanggui/basket';
import { type Wallet as CodeWallet, readScan } from '@zhanggui/paycode';

/** A payment code of a customer's phone and whose it is; undefined: of a wallet nobody here takes. */
export type ScannedCode = Readonly<{ authCode: string; wallet: Wallet | undefined }>;

/** Codes of 龙支付 come through UnionPay where the shop's account takes them, which the server knows. */
const takers: Readonly<Record<CodeWallet, Wallet | undefined>> = {
  wechat: 'wechat',
  alipay: 'alipay',
  unionpay: 'unionpay',
  ccb: 'unionpay',
  qq: undefined,
};

/** A code that somebody scans in order to pay: a customer who shows it has opened the wrong one. */
export const asksToBePaid = (text: string): boolean =>
  ['link', 'merchant-code'].includes(readScan(text).kind) || /^wxp:\/\//i.test(text);

/** Undefined when the text is no payment code. */
export const paymentCode = (text: string): ScannedCode | undefined => {
  const scan = readScan(text);
  switch (scan.kind) {
    case 'payment-code':
    case 'face-token':
      return { authCode: scan.code.reveal(), wallet: takers[scan.wallet] };
    case 'consumer-code':
      return { authCode: scan.code.reveal(), wallet: 'unionpay' };
    default:
      return undefined;
  }
};
