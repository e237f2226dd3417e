export { ascii, bcd, concat, equal, fromAscii, fromHex, hex, xor } from './bytes.ts';
export { decodeGb18030, encodeGb18030 } from './gb18030.ts';
