import { defineDialect } from './dialect.ts';
import { hexCharacters, packedDigits } from './encoding.ts';
import { extendTable, type FieldsOf, fixed, lllvar, llvar } from './field-table.ts';
import { iso1987Fields } from './iso1987.ts';

const n = (digits: number) => ({ format: 'n', length: fixed(digits) }) as const;
const tooMany = { format: 'ans', length: lllvar(999) } as const;

/** ISO 8583:1993 by what it changed: dates with their year, codes of three and four digits, the card's abilities in field 22. */
export const iso1993Fields = extendTable(iso1987Fields, {
  12: { name: 'localDateTime', zh: '受卡方所在地日期时间', ...n(12) },
  13: { name: 'effectiveDate', zh: '生效日期' },
  15: n(6),
  21: { name: 'forwarderCountry', zh: '发送机构国家代码' },
  22: { name: 'pointOfService', zh: '服务点数据码', format: 'an', length: fixed(12) },
  24: { name: 'functionCode', zh: '功能码' },
  25: { name: 'reasonCode', zh: '报文原因码', ...n(4) },
  26: { name: 'acceptorCategory', zh: '受卡方业务码', ...n(4) },
  28: { name: 'reconciliationDate', zh: '对账日期', ...n(6) },
  29: { name: 'reconciliationIndicator', zh: '对账标识', ...n(3) },
  30: { name: 'originalAmounts', zh: '原始金额', ...n(24) },
  31: { name: 'acquirerReference', zh: '受理方参考数据', format: 'ans', length: llvar(99) },
  39: { name: 'actionCode', zh: '动作码', ...n(3) },
  40: { name: 'serviceCode', zh: '服务码', ...n(3) },
  43: { length: llvar(99) },
  44: { length: llvar(99) },
  46: { name: 'fees', zh: '费用金额', length: lllvar(204) },
  53: { format: 'b', length: llvar(48) },
  56: { name: 'original', zh: '原始数据元', format: 'n', length: llvar(35) },
  57: { name: 'lifeCycle', zh: '授权生命周期码', ...n(3) },
  58: { name: 'authoriser', zh: '授权机构标识码', format: 'n', length: llvar(11) },
  59: { name: 'transportData', zh: '传送数据' },
  66: { name: 'originalFees', zh: '原始费用金额', format: 'ans', length: lllvar(204) },
  70: { name: 'settlerCountry70', zh: '清算机构国家代码' },
  71: { name: 'messageNumber', ...n(8) },
  72: { name: 'dataRecord', zh: '数据记录', ...tooMany },
  82: { name: 'inquiryReversalCount', zh: '冲正查询笔数', ...n(10) },
  83: { name: 'paymentCount', zh: '付款笔数', ...n(10) },
  84: { name: 'paymentReversalCount', zh: '冲正付款笔数', ...n(10) },
  85: { name: 'feeCount', zh: '收费笔数', ...n(10) },
  90: { name: 'authorisationReversalCount', zh: '冲正授权笔数', ...n(10) },
  91: { name: 'destinationCountry', zh: '目的机构国家代码', ...n(3) },
  92: { name: 'originatorCountry', zh: '发起机构国家代码', ...n(3) },
  93: { name: 'destination', zh: '交易目的机构标识码', format: 'n', length: llvar(11) },
  94: { name: 'originator', zh: '交易发起机构标识码', format: 'n', length: llvar(11) },
  95: { name: 'issuerReference', zh: '发卡方参考数据', length: llvar(99) },
  96: { name: 'keyManagement', zh: '密钥管理数据', length: lllvar(999) },
  105: { name: 'creditChargeback', zh: '拒付贷记金额', ...n(16) },
  106: { name: 'debitChargeback', zh: '拒付借记金额', ...n(16) },
  107: { name: 'creditChargebackCount', zh: '拒付贷记笔数', ...n(10) },
  108: { name: 'debitChargebackCount', zh: '拒付借记笔数', ...n(10) },
  109: { name: 'creditFeeAmounts', zh: '贷记费用金额', length: llvar(84) },
  110: { name: 'debitFeeAmounts', zh: '借记费用金额', length: llvar(84) },
});

export type Iso1993Fields = FieldsOf<typeof iso1993Fields>;

/** One character per digit, bytes and bitmap as hexadecimal characters. */
export const iso1993Ascii = defineDialect({ name: 'iso1993-ascii', table: iso1993Fields, encoding: hexCharacters });

/** Digits packed two to a byte. */
export const iso1993Binary = defineDialect({ name: 'iso1993-binary', table: iso1993Fields, encoding: packedDigits });
