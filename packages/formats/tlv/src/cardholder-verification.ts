import { code, type Meaning, meaningsOf, type Rule } from './meaning.ts';

const methods: readonly (readonly [value: number, en: string, zh: string])[] = [
  [0x00, 'Fail cardholder verification', '持卡人验证失败'],
  [0x01, 'Plaintext PIN checked by the card', 'IC卡明文PIN验证'],
  [0x02, 'Enciphered PIN checked online', '联机加密PIN验证'],
  [0x03, 'Plaintext PIN checked by the card, and signature', 'IC卡明文PIN验证和签名'],
  [0x04, 'Enciphered PIN checked by the card', 'IC卡密文PIN验证'],
  [0x05, 'Enciphered PIN checked by the card, and signature', 'IC卡密文PIN验证和签名'],
  [0x1e, 'Signature', '签名'],
  [0x1f, 'No verification required', '无需持卡人验证'],
  [0x20, 'Cardholder’s identity document (PBOC)', '持卡人证件出示(PBOC)'],
  [0x3f, 'No verification performed', '未执行持卡人验证'],
];

const conditions: readonly (readonly [value: number, en: string, zh: string])[] = [
  [0x00, 'always', '总是'],
  [0x01, 'if unattended cash', '如果是无人值守现金交易'],
  [0x02, 'if neither cash nor cashback', '如果不是现金或返现交易'],
  [0x03, 'if the terminal supports the method', '如果终端支持该验证方法'],
  [0x04, 'if manual cash', '如果是人工现金交易'],
  [0x05, 'if purchase with cashback', '如果是返现消费'],
  [0x06, 'if in the application’s currency and under X', '如果以应用货币交易且低于X'],
  [0x07, 'if in the application’s currency and over X', '如果以应用货币交易且高于X'],
  [0x08, 'if in the application’s currency and under Y', '如果以应用货币交易且低于Y'],
  [0x09, 'if in the application’s currency and over Y', '如果以应用货币交易且高于Y'],
];

const METHOD_MASK = 0x3f;
const NEXT_IF_FAILED = 0x40;

const nameIn = (table: typeof methods, value: number): { en: string; zh: string } => {
  const found = table.find(([known]) => known === value);
  return found === undefined ? { en: 'not known', zh: '未知' } : { en: found[1], zh: found[2] };
};

const ruleMeaning = (byte: number, [method, condition]: readonly [number, number]): Meaning => {
  const how = nameIn(methods, method & METHOD_MASK);
  const when = nameIn(conditions, condition);
  const goesOn = (method & NEXT_IF_FAILED) !== 0;
  return {
    place: `bytes ${byte}-${byte + 1}`,
    en: `${how.en}, ${when.en}; ${goesOn ? 'if it fails, the next rule' : 'if it fails, verification has failed'}`,
    zh: `${how.zh}，${when.zh}；${goesOn ? '失败则用下一规则' : '失败则验证失败'}`,
  };
};

const amount = (value: Uint8Array, from: number): number =>
  value.subarray(from, from + 4).reduce((total, byte) => total * 256 + byte, 0);

const AMOUNTS_BYTES = 8;

/** Tag 8E (EMV Book 3 §10.5, C3): amounts X and Y, then rules of two bytes. Undefined when the length is no list's. */
export const verificationListMeanings = (value: Uint8Array): Meaning[] | undefined => {
  if (value.length < AMOUNTS_BYTES || value.length % 2 !== 0) return undefined;
  const [x, y] = [amount(value, 0), amount(value, 4)];
  const rules: Meaning[] = [
    { place: 'bytes 1-4', en: `Amount X = ${x} minor units`, zh: `金额X = ${x}(最小货币单位)` },
    { place: 'bytes 5-8', en: `Amount Y = ${y} minor units`, zh: `金额Y = ${y}(最小货币单位)` },
  ];
  for (let at = AMOUNTS_BYTES; at < value.length; at += 2)
    rules.push(ruleMeaning(at + 1, [value[at] ?? 0, value[at + 1] ?? 0]));
  return rules;
};

const results: readonly Rule[] = [
  ...methods.map(([value, en, zh]) => code(1, METHOD_MASK, value, en, zh)),
  code(1, NEXT_IF_FAILED, NEXT_IF_FAILED, 'If it fails, the next rule', '失败则用下一规则'),
  ...conditions.map(([value, en, zh]) => code(2, 0xff, value, `Applied ${en}`, zh)),
  code(3, 0xff, 0x00, 'Result not known (signature, online PIN)', '结果未知(签名、联机PIN)'),
  code(3, 0xff, 0x01, 'Failed', '失败'),
  code(3, 0xff, 0x02, 'Successful', '成功'),
];

/** Tag 9F34 (EMV Book 4 A4): method, condition, result. */
export const verificationResultMeanings = (value: Uint8Array): Meaning[] | undefined =>
  value.length === 3 ? meaningsOf(results, value) : undefined;
