import { isEan13 } from '@zhanggui/ids';
import { Secret } from '@zhanggui/secret';

/** Whose code it is. UnionPay's are those of JD and of the banks' own apps too: nothing in the digits tells them apart. */
export type Wallet = 'wechat' | 'alipay' | 'unionpay' | 'ccb' | 'qq';

/** What a scan box read. `merchant-code` and `consumer-code` go on to their decoders, which may still refuse them. */
export type Scan =
  | Readonly<{ kind: 'payment-code'; wallet: Wallet; code: Secret<'payment-code'> }>
  | Readonly<{ kind: 'face-token'; wallet: 'alipay'; code: Secret<'payment-code'> }>
  | Readonly<{ kind: 'link'; wallet: 'wechat' | 'alipay' | 'unionpay'; url: string }>
  | Readonly<{ kind: 'merchant-code'; text: string }>
  | Readonly<{ kind: 'consumer-code'; code: Secret<'payment-code'> }>
  | Readonly<{ kind: 'goods'; barcode: string }>
  | Readonly<{ kind: 'unknown'; text: string }>;

type PaymentCode = Readonly<{ wallet: Wallet; prefix: RegExp; digitsMin: number; digitsMax: number }>;

/** Payment codes by first digits and length. 龙支付 lives inside UnionPay's range, so UnionPay's prefix leaves it out. */
export const PAYMENT_CODES: readonly PaymentCode[] = [
  { wallet: 'wechat', prefix: /^1[0-5]/, digitsMin: 18, digitsMax: 18 },
  { wallet: 'alipay', prefix: /^(2[5-9]|30)/, digitsMin: 16, digitsMax: 24 },
  { wallet: 'unionpay', prefix: /^62(?!\d0105)/, digitsMin: 19, digitsMax: 19 },
  { wallet: 'ccb', prefix: /^62\d0105/, digitsMin: 19, digitsMax: 19 },
  { wallet: 'qq', prefix: /^91/, digitsMin: 18, digitsMax: 18 },
];

type Shape = Readonly<{ name: string; read: (text: string) => Scan | undefined }>;

const secret = (text: string): Secret<'payment-code'> => new Secret('payment-code', text);

/** A cashier who types a code may type it in groups, as the phone shows it. */
const digitsOf = (text: string): string => (/^\d[\d ]*$/.test(text) ? text.replaceAll(' ', '') : '');

const paymentCode = ({ wallet, prefix, digitsMin, digitsMax }: PaymentCode): Shape => ({
  name: wallet,
  read: (text) => {
    const digits = digitsOf(text);
    const fits = digits.length >= digitsMin && digits.length <= digitsMax && prefix.test(digits);
    return fits ? { kind: 'payment-code', wallet, code: secret(digits) } : undefined;
  },
});

const shape = (name: string, pattern: RegExp, scan: (text: string) => Scan): Shape => ({
  name,
  read: (text) => (pattern.test(text) ? scan(text) : undefined),
});

/** 13 digits, or the 12 of UPC-A and the 8 of EAN-8, which count their check digit as if zeros stood in front. */
const isGoodsBarcode = (text: string): boolean => /^(\d{8}|\d{12,13})$/.test(text) && isEan13(text.padStart(13, '0'));

/**
 * Every shape a scan box knows; no text has two of them. QR codes write addresses in capitals to save room. The shortest EMVCo
 * merchant code has 50 characters, no barcode of goods has. The last quarter of `CPV01` shares its base64 letter with what follows.
 */
export const SHAPES: readonly Shape[] = [
  ...PAYMENT_CODES.map(paymentCode),
  shape('face token', /^fp[0-9A-Za-z]{33}$/, (text) => ({ kind: 'face-token', wallet: 'alipay', code: secret(text) })),
  shape('wechat link', /^weixin:\/\/wxpay\/bizpayurl\S*$/i, (url) => ({ kind: 'link', wallet: 'wechat', url })),
  shape('alipay link', /^https:\/\/qr\.alipay\.com\/\S+$/i, (url) => ({ kind: 'link', wallet: 'alipay', url })),
  shape('unionpay link', /^https:\/\/qr\.95516\.com\/\S+$/i, (url) => ({ kind: 'link', wallet: 'unionpay', url })),
  shape('merchant code', /^000201[\s\S]{44,}$/, (text) => ({ kind: 'merchant-code', text })),
  shape('consumer code', /^hQVDUFYwM[Q-Za-f][0-9A-Za-z+/]*={0,2}$/, (text) => ({
    kind: 'consumer-code',
    code: secret(text),
  })),
  { name: 'goods', read: (text) => (isGoodsBarcode(text) ? { kind: 'goods', barcode: text } : undefined) },
];

/** Never throws: what has no known shape is `unknown`. Scanners end with a line break, which is not part of the code. */
export const readScan = (scanned: string): Scan => {
  const text = scanned.trim();
  for (const { read } of SHAPES) {
    const scan = read(text);
    if (scan) return scan;
  }
  return { kind: 'unknown', text };
};
