const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let rest = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 0x8000 ? (rest << 1) ^ 0x1021 : rest << 1;
  return rest;
});

const utf8 = new TextEncoder();

/** Four hexadecimal digits: polynomial 1021, first value FFFF, over the UTF-8 bytes (EMVCo MPM 1.1, ID 63; ISO/IEC 13239). */
export const crc16 = (text: string): string => {
  let crc = 0xffff;
  for (const byte of utf8.encode(text)) crc = ((crc << 8) & 0xffff) ^ (TABLE[(crc >> 8) ^ byte] ?? 0);
  return crc.toString(16).toUpperCase().padStart(4, '0');
};
