/**
 * Widths of bar, space, bar, space, bar, space of each symbol of Code 128, by its value (ISO/IEC 15417, table 1); every symbol is
 * eleven modules wide.
 */
const widths = `
  212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 223211 221132
  221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313
  231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111
  314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111
  111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141
  114131 311141 411131 211412 211214 211232
`
  .trim()
  .split(/\s+/);
const stopWidths = '2331112';

const startC = 105;
const switchToB = 100;
/** In code set B a digit stands at its ASCII place less that of the space. */
const digitZeroInB = 16;
const checkModulus = 103;

/**
 * A row of digits as Code 128: two digits to a symbol in code set C, an odd last one in code set B. Answers the widths of bars and
 * spaces in modules, a bar first; the quiet zone is the caller's. Throws `RangeError` when the text is not of digits.
 */
export const code128Widths = (digits: string): number[] => {
  if (!/^\d{2,}$/.test(digits)) throw new RangeError('Code 128 is built of two digits or more here');
  const values = [startC, ...Array.from(digits.matchAll(/\d\d/g), ([pair]) => Number(pair))];
  if (digits.length % 2 === 1) values.push(switchToB, digitZeroInB + Number(digits.at(-1)));
  const check = values.reduce((sum, value, index) => sum + value * Math.max(1, index), 0) % checkModulus;
  const symbols = [...values, check].map((value) => widths[value] ?? '');
  return Array.from(`${symbols.join('')}${stopWidths}`, Number);
};
