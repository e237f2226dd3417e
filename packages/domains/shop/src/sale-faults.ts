import type { Bilingual, SaleFaultCode } from '@zhanggui/basket';

/** Why an uploaded sale is kept aside: what its own figures say, and what only the shop can know. */
export type UploadFaultCode =
  | SaleFaultCode
  | 'malformed'
  | 'other-currency'
  | 'shift-unknown'
  | 'staff-unknown'
  | 'sequence-taken';

/** `place` is a path into the sale: `lines[2].amount`. */
export type UploadFault = Readonly<{ code: UploadFaultCode; place: string; message: Bilingual }>;

const texts = {
  'no-lines': { zh: '没有商品', en: 'The sale has no lines' },
  'too-many-lines': { zh: '商品行数过多', en: 'The sale has too many lines' },
  'line-not-allowed': {
    zh: '数量、单价或折扣超出允许范围',
    en: 'Quantity, price or discount is out of range',
  },
  'line-figures': { zh: '行金额与数量、单价、折扣不符', en: 'The line does not follow from its price and quantity' },
  total: { zh: '合计与各行之和不符', en: 'The total is not the sum of the lines' },
  rounding: { zh: '抹零与门店规则不符', en: "The rounding does not follow the shop's rule" },
  change: { zh: '找零不符', en: 'The change does not follow from the tenders' },
  'not-paid': { zh: '未付清', en: 'The tenders do not cover the total' },
  'tender-not-allowed': { zh: '付款金额无效', en: 'A tender has no valid amount' },
  'exceeds-due': { zh: '刷卡、扫码金额超过应付', en: 'Cards and wallets paid more than was due' },
  'receipt-number': { zh: '小票号与收银台、流水号不符', en: 'The receipt number does not fit the till and sequence' },
  malformed: { zh: '数据格式不对', en: 'The upload is not a sale this version understands' },
  'other-currency': { zh: '币种与门店不同', en: "The currency is not the shop's" },
  'shift-unknown': {
    zh: '没有这个班次，请在该收银台登录后再次上传',
    en: 'The shift is not known; sign in at that till and send the sale again',
  },
  'staff-unknown': { zh: '没有这位员工', en: 'The cashier is not known' },
  'sequence-taken': {
    zh: '流水号已被另一笔销售占用，本台可能曾在两处同时使用',
    en: 'Another sale has this number already; the till may have been in use in two places',
  },
} as const satisfies Record<UploadFaultCode, Bilingual>;

export const uploadFault = (code: UploadFaultCode, place: string): UploadFault => ({
  code,
  place,
  message: texts[code],
});
