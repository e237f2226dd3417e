import { defineDialect } from './dialect.ts';
import { packedDigits } from './encoding.ts';
import { type FieldsOf, type FieldTable, fixed, lllvar, pick } from './field-table.ts';
import { unionPayFields } from './union-pay-fields.ts';

/**
 * Terminal to POS centre (Q/CUP 009.1 practice): 64 fields, digits packed two to a byte. Fields 22 and 27 are left-aligned
 * against the rule for fixed n. Fields 59 and 62 carry keys and ciphers beside text, so they are bytes.
 */
export const unionPayPosFields = {
  ...pick(
    unionPayFields,
    [2, 3, 4, 11, 12, 13, 14, 15, 23, 25, 26, 32, 35, 36, 37, 38, 39, 41, 42, 43, 44, 49, 52, 53, 54, 55, 64],
  ),
  22: { ...unionPayFields[22], align: 'left' },
  27: { name: 'debitOrCredit', zh: '借贷记标识', format: 'n', length: fixed(1), align: 'left' },
  40: { name: 'acquirerData', zh: '收单方自定义数据', format: 'ans', length: lllvar(999), charset: 'gbk' },
  46: { name: 'terminalData', zh: '终端信息', format: 'ans', length: lllvar(999), charset: 'gbk' },
  48: { name: 'totals', zh: '附加数据', format: 'n', length: lllvar(322) },
  56: { name: 'messageText', zh: '附加信息', format: 'ans', length: lllvar(999), charset: 'gbk' },
  57: { name: 'additionalData', zh: '自定义数据', format: 'ans', length: lllvar(999), charset: 'gbk' },
  58: { name: 'purseData', zh: '电子钱包数据', format: 'ans', length: lllvar(100), charset: 'gbk' },
  59: { name: 'scanData', zh: '终端及扫码信息', format: 'b', length: lllvar(600), secret: 'pin' },
  60: { name: 'batchAndKind', zh: '自定义域', format: 'n', length: lllvar(17) },
  61: { name: 'original', zh: '原始信息域', format: 'n', length: lllvar(29) },
  62: { name: 'keysAndParameters', zh: '自定义域', format: 'b', length: lllvar(999), secret: 'key' },
  63: { name: 'operatorAndText', zh: '自定义域', format: 'ans', length: lllvar(163), charset: 'gbk' },
} as const satisfies FieldTable;

export type UnionPayPosFields = FieldsOf<typeof unionPayPosFields>;

export const unionPayPos = defineDialect({
  name: 'unionpay-pos',
  table: unionPayPosFields,
  encoding: packedDigits,
});
