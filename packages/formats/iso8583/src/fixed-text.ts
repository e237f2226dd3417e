import { decodeGb18030, encodeGb18030 } from '@zhanggui/bytes';

/** Text for a fixed field that may hold Chinese: filled with spaces, or cut between characters, to so many GBK bytes. */
export const fixedText = (text: string, length: number): string => {
  const characters = Array.from(decodeGb18030(encodeGb18030(text)));
  let used = 0;
  let kept = '';
  for (const character of characters) {
    const width = encodeGb18030(character).length;
    if (used + width > length) break;
    used += width;
    kept += character;
  }
  return kept + ' '.repeat(length - used);
};
