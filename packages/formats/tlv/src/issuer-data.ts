import { hex } from '@zhanggui/bytes';
import { bit, code, type Meaning, meaningsOf, type Rule } from './meaning.ts';

/** Card verification results behind their length byte 03, as PBOC and Visa cards have them; bytes counted from that one. */
const verificationResults: readonly Rule[] = [
  code(2, 0xc0, 0x00, 'Second cryptogram: AAC', '第二次密文: AAC'),
  code(2, 0xc0, 0x40, 'Second cryptogram: TC', '第二次密文: TC'),
  code(2, 0xc0, 0x80, 'Second cryptogram not requested', '未请求第二次密文'),
  code(2, 0x30, 0x00, 'First cryptogram: AAC', '第一次密文: AAC'),
  code(2, 0x30, 0x10, 'First cryptogram: TC', '第一次密文: TC'),
  code(2, 0x30, 0x20, 'First cryptogram: ARQC', '第一次密文: ARQC'),
  bit(2, 4, 'Issuer authentication failed', '发卡行认证失败'),
  bit(2, 3, 'Offline PIN verification performed', '已进行脱机PIN验证'),
  bit(2, 2, 'Offline PIN verification failed', '脱机PIN验证失败'),
  bit(2, 1, 'Unable to go online', '无法联机'),
  bit(3, 8, 'Last online transaction not completed', '上次联机交易未完成'),
  bit(3, 7, 'PIN try limit exceeded', 'PIN重试次数超限'),
  bit(3, 6, 'Velocity counters exceeded', '超过频度检查限制'),
  bit(3, 5, 'New card', '新卡'),
  bit(3, 4, 'Issuer authentication failed on the last online transaction', '上次联机交易发卡行认证失败'),
  bit(3, 3, 'Issuer authentication not performed after going online', '联机后未执行发卡行认证'),
  bit(3, 2, 'Application blocked because of the PIN', '应用因PIN重试超限被锁定'),
  bit(3, 1, 'Static data authentication failed on the last transaction', '上次交易静态数据认证失败'),
  bit(4, 4, 'Issuer script failed', '发卡行脚本处理失败'),
  bit(4, 3, 'Dynamic data authentication failed on the last transaction', '上次交易动态数据认证失败'),
  bit(4, 2, 'Dynamic data authentication performed', '已进行动态数据认证'),
  ...Array.from({ length: 15 }, (_, index) =>
    code(
      4,
      0xf0,
      (index + 1) << 4,
      `${index + 1} script commands in the last transaction`,
      `上次交易${index + 1}条脚本命令`,
    ),
  ),
];

const part = (from: number, to: number, value: Uint8Array, en: string, zh: string): Meaning => {
  const text = hex(value.subarray(from - 1, to));
  return { place: from === to ? `byte ${from}` : `bytes ${from}-${to}`, en: `${en} ${text}`, zh: `${zh} ${text}` };
};

/** Parts up to the end of the value; those that would begin behind it are left out. */
type Part = readonly [from: number, to: number, en: string, zh: string];
const parts = (value: Uint8Array, list: readonly Part[]): Meaning[] =>
  list
    .filter(([from]) => from <= value.length)
    .map(([from, to, en, zh]) => part(from, Math.min(to, value.length), value, en, zh));

const form = (en: string, zh: string): Meaning => ({ place: 'form', en, zh });

const RESULTS_AT = 3;

const movedBytes = (meanings: readonly Meaning[], by: number): Meaning[] =>
  meanings.map(({ place, en, zh }) => ({
    place: place.replace(/\d+/, (byte) => String(Number(byte) + by)),
    en,
    zh,
  }));

const resultsOf = (value: Uint8Array): Meaning[] => {
  const results = value.slice(RESULTS_AT, RESULTS_AT + 4);
  // The length byte itself says nothing.
  return movedBytes(meaningsOf([code(1, 0xff, 0x03, '', ''), ...verificationResults], results).slice(1), RESULTS_AT);
};

const unionPayForm = (value: Uint8Array): Meaning[] => [
  form('PBOC / UnionPay', 'PBOC/银联'),
  ...parts(value, [
    [2, 2, 'Derivation key index', '密钥分散索引'],
    [3, 3, 'Cryptogram version', '密文版本号'],
  ]),
  ...resultsOf(value),
  ...(value[7] === 0x01 ? [{ place: 'byte 8', en: 'Algorithm: triple DES', zh: '算法: 3DES' }] : []),
  ...(value[7] === 0x04 ? [{ place: 'byte 8', en: 'Algorithm: SM4', zh: '算法: SM4' }] : []),
  ...parts(value, [[9, 32, 'Issuer’s own data', '发卡行自定义数据']]),
];

const visaForm = (value: Uint8Array): Meaning[] => [
  form('Visa, formats 0, 1 and 3', 'Visa 格式0/1/3'),
  ...parts(value, [
    [2, 2, 'Derivation key index', '密钥分散索引'],
    [3, 3, 'Cryptogram version', '密文版本号'],
  ]),
  ...resultsOf(value),
  ...parts(value, [[8, 32, 'Issuer’s own data', '发卡行自定义数据']]),
];

const visaLongForm = (value: Uint8Array): Meaning[] => [
  form('Visa, format 2', 'Visa 格式2'),
  ...parts(value, [
    [2, 2, 'Cryptogram version', '密文版本号'],
    [3, 3, 'Derivation key index', '密钥分散索引'],
    [4, 8, 'Card verification results', '卡片验证结果'],
    [9, 32, 'Issuer’s own data', '发卡行自定义数据'],
  ]),
];

const commonCoreForm = (value: Uint8Array): Meaning[] => [
  form('EMV common core definitions, format A', 'EMV CCD 格式A'),
  ...parts(value, [
    [2, 2, 'Common core identifier', 'CCD标识'],
    [3, 3, 'Derivation key index', '密钥分散索引'],
    [4, 8, 'Card verification results', '卡片验证结果'],
    [9, 16, 'Counters', '计数器'],
    [18, 32, 'Issuer’s own data', '发卡行自定义数据'],
  ]),
];

const mChipForm = (value: Uint8Array): Meaning[] => [
  form('M/Chip', 'M/Chip'),
  ...parts(value, [
    [1, 1, 'Derivation key index', '密钥分散索引'],
    [2, 2, 'Cryptogram version', '密文版本号'],
    [3, 8, 'Card verification results', '卡片验证结果'],
    [9, 10, 'Data authentication code or dynamic number', '数据认证码或动态数'],
    [11, 18, 'Counters', '计数器'],
    [19, 26, 'Further counters', '其他计数器'],
  ]),
];

const hasShortResults = (value: Uint8Array): boolean => value.length >= 7 && value[RESULTS_AT] === 0x03;
const mChipLengths: ReadonlySet<number> = new Set([18, 20, 26, 28]);

/** Tag 9F10 in the form its first bytes and its length tell: PBOC, Visa, common core or M/Chip. Undefined when it is none. */
export const issuerDataMeanings = (value: Uint8Array): Meaning[] | undefined => {
  if (value[0] === 0x07 && hasShortResults(value)) return unionPayForm(value);
  if (value[0] === 0x06 && hasShortResults(value)) return visaForm(value);
  if (value[0] === 0x1f && value.length >= 8) return visaLongForm(value);
  if (value[0] === 0x0f && value.length === 32) return commonCoreForm(value);
  return mChipLengths.has(value.length) ? mChipForm(value) : undefined;
};
