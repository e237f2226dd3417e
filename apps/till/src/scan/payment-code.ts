import type { Wallet } from '@zhanggui/basket';
import { readScan } from '@zhanggui/paycode';

/** A payment code of a customer's phone and whose it is; undefined: of a wallet nobody here takes. */
export type ScannedCode = Readonly<{ authCode: string; wallet: Wallet | undefined }>;

const takenWallets: readonly string[] = ['wechat', 'alipay', 'unionpay'] satisfies Wallet[];
const isTaken = (wallet: string): wallet is Wallet => takenWallets.includes(wallet);

/** Undefined when the text is no payment code. */
export const paymentCode = (text: string): ScannedCode | undefined => {
  const scan = readScan(text);
  switch (scan.kind) {
    case 'payment-code':
    case 'face-token':
      return { authCode: scan.code.reveal(), wallet: isTaken(scan.wallet) ? scan.wallet : undefined };
    case 'consumer-code':
      return { authCode: scan.code.reveal(), wallet: 'unionpay' };
    default:
      return undefined;
  }
};
