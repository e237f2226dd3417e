import { defineDialect } from './dialect.ts';
import { hexCharacters, packedDigits } from './encoding.ts';
import { extendTable, type FieldsOf, fixed, llllvar, lllvar, llvar } from './field-table.ts';
import { iso1993Fields } from './iso1993.ts';

const n = (digits: number) => ({ format: 'n', length: fixed(digits) }) as const;
/** Data sets of identifier, length and content, which may be bytes. */
const dataSets = { format: 'b', length: llllvar(9999) } as const;

/** ISO 8583:2003 by what it changed: amounts carry their currency and exponent, dates their century, and data sets hold what grows. */
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
  22: { format: 'b', length: fixed(12) },
  25: n(4),
  26: { name: 'merchantCategoryCode', zh: '商户类型', ...n(4) },
  27: { name: 'capability', zh: '服务点能力', format: 'b', length: fixed(25) },
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
  50: null,
  51: null,
});

export type Iso2003Fields = FieldsOf<typeof iso2003Fields>;

/** One character per digit, bytes and bitmap as hexadecimal characters. */
export const iso2003Ascii = defineDialect({ name: 'iso2003-ascii', table: iso2003Fields, encoding: hexCharacters });

/** Digits packed two to a byte. */
export const iso2003Binary = defineDialect({ name: 'iso2003-binary', table: iso2003Fields, encoding: packedDigits });
