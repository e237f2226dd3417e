import { defineDialect } from './dialect.ts';
import { characterDigits } from './encoding.ts';
import { type FieldsOf, type FieldTable, fixed, lllvar, llvar, pick } from './field-table.ts';
import { unionPayFields } from './union-pay-fields.ts';

/** A field of the newer services: usages of a two-character code, a length and a value that may be binary. */
const usages = (name: string, zh: string, max: number) => ({ name, zh, format: 'b', length: lllvar(max) }) as const;

const count = (name: string, zh: string) => ({ name, zh, format: 'n', length: fixed(10) }) as const;
const total = (name: string, zh: string, digits: number) => ({ name, zh, format: 'n', length: fixed(digits) }) as const;

/**
 * Institution to switch (Q/CUP 006 practice): 128 fields, one character per digit. Maxima of fields 121 to 123 are not
 * enforced beyond their prefix, because longer ones are seen. Field 128 is eight hexadecimal characters, not bytes.
 */
export const interchangeFields = {
  ...pick(
    unionPayFields,
    [2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 22, 23, 25, 26, 28, 32, 33, 35, 36],
  ),
  ...pick(unionPayFields, [37, 38, 39, 41, 42, 43, 44, 45, 49, 50, 51, 52, 53, 54, 55]),
  48: { name: 'additionalData', zh: '附加数据', format: 'b', length: lllvar(512), secret: 'key' },
  56: { name: 'accountReference', zh: '支付账户参考', format: 'ans', length: lllvar(512) },
  57: { name: 'additionalText', zh: '附加交易信息', format: 'ans', length: lllvar(100), charset: 'gbk' },
  59: { name: 'statement', zh: '明细查询数据', format: 'ans', length: lllvar(600), charset: 'gbk' },
  60: { name: 'conditions', zh: '自定义域', format: 'ans', length: lllvar(100) },
  61: {
    name: 'cardholderChecks',
    zh: '持卡人身份认证信息',
    format: 'ans',
    length: lllvar(200),
    charset: 'gbk',
    secret: 'pin',
  },
  62: { name: 'switchData', zh: '交换中心数据', format: 'ans', length: lllvar(200), charset: 'gbk' },
  63: { name: 'networkData', zh: '金融网络数据', format: 'b', length: lllvar(512), secret: 'pin' },
  66: { name: 'settlementResult', zh: '清算代码', format: 'n', length: fixed(1) },
  70: { name: 'managementCode', zh: '网络管理信息码', format: 'n', length: fixed(3) },
  74: count('creditCount', '贷记笔数'),
  75: count('creditReversalCount', '冲正贷记笔数'),
  76: count('debitCount', '借记笔数'),
  77: count('debitReversalCount', '冲正借记笔数'),
  78: count('transferCount', '转账笔数'),
  79: count('transferReversalCount', '冲正转账笔数'),
  80: count('inquiryCount', '查询笔数'),
  81: count('authorisationCount', '授权笔数'),
  82: total('creditFees', '贷记服务费金额', 12),
  84: total('debitFees', '借记服务费金额', 12),
  86: total('creditAmount', '贷记金额', 16),
  87: total('creditReversalAmount', '冲正贷记金额', 16),
  88: total('debitAmount', '借记金额', 16),
  89: total('debitReversalAmount', '冲正借记金额', 16),
  90: { name: 'original', zh: '原始数据元', format: 'n', length: fixed(42) },
  95: { name: 'replacementAmounts', zh: '替换金额', format: 'ans', length: fixed(42) },
  96: { name: 'newKey', zh: '报文安全码', format: 'b', length: fixed(8), secret: 'key' },
  97: { name: 'netPosition', zh: '净清算额', format: 'ans', length: fixed(17) },
  99: { name: 'settler', zh: '清算机构码', format: 'n', length: llvar(11) },
  100: { name: 'receiver', zh: '接收机构码', format: 'n', length: llvar(11) },
  102: { name: 'accountOut', zh: '转出账户', format: 'ans', length: llvar(30), secret: 'pan' },
  103: { name: 'accountIn', zh: '转入账户', format: 'ans', length: llvar(30), secret: 'pan' },
  104: usages('transactionUsages', '交易附加信息', 512),
  113: usages('acquirerUsages', '受理方附加信息', 512),
  116: usages('serviceUsages', '服务附加信息', 512),
  117: usages('serviceUsages2', '服务附加信息二', 256),
  121: { name: 'switchReserved', zh: '银联处理中心保留', format: 'ans', length: lllvar(999), charset: 'gbk' },
  122: { name: 'acquirerReserved', zh: '受理方保留', format: 'ans', length: lllvar(999), charset: 'gbk' },
  123: { name: 'issuerReserved', zh: '发卡方保留', format: 'ans', length: lllvar(999), charset: 'gbk' },
  125: usages('securityUsages', '安全附加信息', 256),
  126: usages('otherUsages', '其他附加信息', 256),
  128: { name: 'mac', zh: '报文鉴别码', format: 'ans', length: fixed(8) },
} as const satisfies FieldTable;

export type InterchangeFields = FieldsOf<typeof interchangeFields>;

export const interchange = defineDialect({
  name: 'interchange',
  table: interchangeFields,
  encoding: characterDigits,
});
