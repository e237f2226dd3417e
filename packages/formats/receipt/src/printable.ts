import { encodeGb18030 } from '@zhanggui/bytes';

/**
 * The text as a GB18030 printer can set it. Control characters become spaces, so that no name of goods commands the
 * printer; a yen sign becomes the wide one of GB18030; what has no two-byte code becomes `?`.
 */
export const printable = (text: string): string => {
  let printed = '';
  for (const character of text.normalize('NFC')) printed += substitutes.get(character) ?? printableCharacter(character);
  return printed;
};

const substitutes: ReadonlyMap<string, string> = new Map([
  ['¥', '￥'],
  ['\u00a0', ' '],
  ['–', '-'],
  ['\u00ad', ''],
]);

const printableCharacter = (character: string): string => {
  if (character < ' ' || character === '\x7f') return ' ';
  return character < '\x7f' || encodeGb18030(character).length === 2 ? character : '?';
};

/** Columns a printable text takes: Chinese and every other two-byte character take two. */
export const columnsOf = (text: string): number => {
  let columns = 0;
  for (const character of text) columns += character < '\x80' ? 1 : 2;
  return columns;
};
