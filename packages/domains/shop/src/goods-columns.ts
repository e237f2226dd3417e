import type { Bilingual } from '@zhanggui/basket';
import { ean13CheckDigit } from '@zhanggui/ids';
import { type CurrencyCode, parseMoney } from '@zhanggui/money';
import { initialsOf } from './initials.ts';
import { type UnitId, unitIdOf } from './units.ts';

/** One row of goods as a list brings it; departments are named, because a list knows no ids. */
export type GoodsRow = Readonly<{
  barcode: string;
  name: Bilingual;
  department: Bilingual;
  unitId: UnitId;
  priceMinor: bigint;
  initials: string;
}>;

export type GoodsFaultCode =
  | 'file-empty'
  | 'quote-open'
  | 'column-missing'
  | 'column-unknown'
  | 'column-twice'
  | 'cells-surplus'
  | 'required'
  | 'too-long'
  | 'barcode-form'
  | 'barcode-check-digit'
  | 'barcode-twice'
  | 'unit-unknown'
  | 'price-form'
  | 'initials-form';

/** What each fault says to the person who made the list. */
export const goodsFaultTexts = {
  'file-empty': { zh: '文件里没有表头', en: 'The file has no header row' },
  'quote-open': { zh: '引号没有闭合', en: 'A quotation mark is never closed' },
  'column-missing': { zh: '缺少这一列', en: 'This column is missing' },
  'column-unknown': { zh: '不认识这一列', en: 'This column is not known' },
  'column-twice': { zh: '这一列出现了两次', en: 'This column appears twice' },
  'cells-surplus': { zh: '单元格比表头多', en: 'This row has more cells than the header' },
  required: { zh: '必须填写', en: 'This cell must not be empty' },
  'too-long': { zh: '最多 60 个字', en: 'At most 60 characters' },
  'barcode-form': { zh: '条码应为 13 位数字', en: 'A barcode is 13 digits' },
  'barcode-check-digit': { zh: '条码校验位不对', en: 'The check digit of this barcode is wrong' },
  'barcode-twice': { zh: '同一条码在前面的行里出现过', en: 'An earlier row has the same barcode' },
  'unit-unknown': { zh: '不认识这个单位', en: 'This unit is not known' },
  'price-form': {
    zh: '价格应为不带符号的金额，如 12.50',
    en: 'A price is an amount without a symbol, such as 12.50',
  },
  'initials-form': { zh: '拼音首字母只含字母和数字', en: 'Initials are Latin letters and digits only' },
} as const satisfies Record<GoodsFaultCode, Bilingual>;

const nameCharactersMax = 60;
const priceMinorMax = 99_999_999n;

type Column = Readonly<{ name: string; isRequired: boolean; meaning: string; example: string }>;

/** The columns of a goods list, in the order the template has them; docs/import-goods.md shows this table. */
export const goodsColumns = [
  { name: 'barcode', isRequired: true, meaning: 'EAN-13 with its check digit', example: '6900000000014' },
  { name: 'name_zh', isRequired: true, meaning: 'Chinese name, at most 60 characters', example: '茉莉花茶 500ml' },
  { name: 'name_en', isRequired: false, meaning: 'English name; the Chinese one when empty', example: 'Jasmine tea' },
  { name: 'department', isRequired: true, meaning: 'Department, Chinese name; made when new', example: '饮料' },
  { name: 'department_en', isRequired: false, meaning: 'English name of a department that is new', example: 'Drinks' },
  { name: 'unit', isRequired: true, meaning: 'Unit by id or name in either language', example: 'bottle' },
  { name: 'price', isRequired: true, meaning: 'Price of one unit, in the currency, no symbol', example: '3.50' },
  {
    name: 'initials',
    isRequired: false,
    meaning: 'Pinyin initials; made from the name when empty',
    example: 'mlhc500ml',
  },
] as const satisfies readonly Column[];

export type GoodsColumn = (typeof goodsColumns)[number]['name'];
export type CellFault = Readonly<{ column: GoodsColumn; code: GoodsFaultCode }>;

/** Reads the cells of one row; every bad cell is named, not only the first. */
export const readGoodsRow = (
  cellOf: (column: GoodsColumn) => string,
  currency: CurrencyCode,
): { goods?: GoodsRow; faults: CellFault[] } => {
  const price = parseMoney(cellOf('price'), currency);
  const unitId = unitIdOf(cellOf('unit'));
  const nameZh = cellOf('name_zh');
  const departmentZh = cellOf('department');
  const faults = goodsColumns.flatMap(({ name: column, isRequired }): CellFault[] => {
    const cell = cellOf(column);
    const code = cell === '' ? (isRequired ? ('required' as const) : undefined) : cellFault(column, cell, currency);
    return code ? [{ column, code }] : [];
  });
  if (faults.length > 0 || !price || !unitId) return { faults };
  const goods: GoodsRow = {
    barcode: cellOf('barcode'),
    name: { zh: nameZh, en: cellOf('name_en') || nameZh },
    department: { zh: departmentZh, en: cellOf('department_en') || departmentZh },
    unitId,
    priceMinor: price.minor,
    initials: cellOf('initials').toLowerCase() || initialsOf(nameZh),
  };
  return { goods, faults };
};

const cellFault = (column: GoodsColumn, cell: string, currency: CurrencyCode): GoodsFaultCode | undefined => {
  switch (column) {
    case 'barcode':
      return barcodeFault(cell);
    case 'price':
      return isPrice(cell, currency) ? undefined : 'price-form';
    case 'unit':
      return unitIdOf(cell) ? undefined : 'unit-unknown';
    case 'initials':
      return /^[a-z0-9]+$/i.test(cell) ? undefined : 'initials-form';
    default:
      return cell.length > nameCharactersMax ? 'too-long' : undefined;
  }
};

const barcodeFault = (cell: string): GoodsFaultCode | undefined => {
  if (!/^\d{13}$/.test(cell)) return 'barcode-form';
  return ean13CheckDigit(cell.slice(0, 12)) === cell.slice(12) ? undefined : 'barcode-check-digit';
};

const isPrice = (cell: string, currency: CurrencyCode): boolean => {
  const price = parseMoney(cell, currency);
  return price !== undefined && price.minor >= 0n && price.minor <= priceMinorMax;
};
