import { defineDialect } from './dialect.ts';
import { hexCharacters, packedDigits } from './encoding.ts';
import { extendTable, type FieldsOf, fixed, llllvar, lllvar, llvar } from './field-table.ts';
import { iso1993Fields } from './iso1993.ts';

const n = (digits: number) => ({ format: 'n', length: fixed(digits) }) as const;
const dataSets = { format: 'b', length: llllvar(9999), composite: { kind: 'data-sets' } } as const;
const reserved = <const Name extends string>(name: Name) => ({ name, zh: '保留', ...dataSets }) as const;
const mac = { length: fixed(4) } as const;

/**
 * ISO 8583:2003 by what it changed: amounts carry their currency and exponent, dates their century, and data sets hold what
 * grows. Lengths follow the common message format of jPOS, which is public and made after this edition.
 */
export const iso2003Fields = extendTable(iso1993Fields, {
  3: { format: 'an' },
  4: n(16),
  5: n(16),
  6: n(16),
  8: n(12),
  11: n(12),
  12: n(14),
  13: n(6),
  15: n(8),
  18: { name: 'errorIndicator', zh: '报文错误标识', format: 'b', length: lllvar(140) },
  21: { name: 'lifeCycleData', zh: '交易生命周期数据', format: 'ans', length: fixed(22) },
  22: { format: 'b', length: fixed(16) },
  25: n(4),
  26: { name: 'merchantCategoryCode', zh: '商户类型', ...n(4) },
  27: { name: 'capability', zh: '服务点能力', format: 'b', length: fixed(27) },
  28: n(8),
  30: n(32),
  31: { format: 'n', length: fixed(23) },
  34: { name: 'ecommerceData', zh: '电子商务数据', ...dataSets },
  39: n(4),
  41: { length: fixed(16) },
  42: { length: llvar(35) },
  43: dataSets,
  44: dataSets,
  46: { length: lllvar(216) },
  49: { name: 'verificationData', zh: '验证数据', ...dataSets, secret: 'pin' },
  50: reserved('reserved50'),
  51: reserved('reserved51'),
  54: { length: lllvar(126) },
  55: { length: llllvar(9999), composite: { kind: 'ber-tlv' } },
  56: { length: llvar(41) },
  64: mac,
  66: { length: lllvar(216) },
  68: { name: 'batchMessageControl', zh: '批量文件传输报文控制', format: 'ans', length: fixed(9) },
  69: { name: 'batchControlData', zh: '批量文件传输控制数据', format: 'ans', length: fixed(40) },
  70: { name: 'fileDescription', zh: '文件传输描述数据', ...n(18) },
  71: reserved('reserved71'),
  72: { format: 'b', length: lllvar(999) },
  73: n(8),
  74: { name: 'reconciliationPrimary', zh: '主对账数据', ...n(156) },
  75: { name: 'reconciliationSecondary', zh: '次对账数据', ...n(90) },
  76: reserved('reserved76'),
  77: reserved('reserved77'),
  78: reserved('reserved78'),
  79: reserved('reserved79'),
  80: reserved('reserved80'),
  81: reserved('reserved81'),
  82: reserved('reserved82'),
  83: reserved('reserved83'),
  84: reserved('reserved84'),
  85: reserved('reserved85'),
  86: reserved('reserved86'),
  87: reserved('reserved87'),
  88: reserved('reserved88'),
  89: reserved('reserved89'),
  90: reserved('reserved90'),
  91: reserved('reserved91'),
  92: reserved('reserved92'),
  97: { format: 'x+n', length: fixed(21) },
  101: { length: llvar(99) },
  104: { name: 'transactionData', zh: '交易特定数据', ...dataSets },
  105: reserved('reserved105'),
  106: reserved('reserved106'),
  107: reserved('reserved107'),
  108: reserved('reserved108'),
  109: { length: lllvar(144) },
  110: { length: lllvar(144) },
  111: reserved('reserved111'),
  112: reserved('reserved112'),
  113: reserved('reserved113'),
  114: reserved('reserved114'),
  115: reserved('reserved115'),
  116: reserved('reserved116'),
  117: reserved('reserved117'),
  118: reserved('reserved118'),
  119: reserved('reserved119'),
  120: reserved('reserved120'),
  121: reserved('reserved121'),
  122: reserved('reserved122'),
  124: reserved('reserved124'),
  125: reserved('reserved125'),
  126: reserved('reserved126'),
  127: reserved('reserved127'),
  128: mac,
});

export type Iso2003Fields = FieldsOf<typeof iso2003Fields>;

/** One character per digit, bytes and bitmap as hexadecimal characters. */
export const iso2003Ascii = defineDialect({ name: 'iso2003-ascii', table: iso2003Fields, encoding: hexCharacters });

/** Digits packed two to a byte. */
export const iso2003Binary = defineDialect({ name: 'iso2003-binary', table: iso2003Fields, encoding: packedDigits });
