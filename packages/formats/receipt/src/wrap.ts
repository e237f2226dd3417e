import { columnsOf } from './printable.ts';

/** A word, or a single wide character; closing punctuation stays with what it closes. */
const unit = /(?:[!-~]+|[^!-~\s])[，。、；：！？）》」』】％…]*|\s+/gu;

/**
 * Breaks text into rows of at most `columns`: between words, anywhere between wide characters, inside a word only when
 * it is longer than a row. Nothing is left out but the spaces at a break.
 */
export const wrap = (text: string, columns: number): string[] => {
  const rows: string[] = [];
  let row = '';
  for (const [part] of text.matchAll(unit)) {
    if (columnsOf(row + part) <= columns) row += part;
    else {
      rows.push(row.trimEnd());
      row = part.trimStart();
      while (columnsOf(row) > columns) {
        const head = longestHead(row, columns);
        rows.push(head);
        row = row.slice(head.length);
      }
    }
  }
  rows.push(row.trimEnd());
  return rows.length > 1 && rows[0] === '' ? rows.slice(1) : rows;
};

/** As many characters as fit, one at least. */
const longestHead = (text: string, columns: number): string => {
  let head = '';
  for (const character of text) {
    if (head !== '' && columnsOf(head + character) > columns) return head;
    head += character;
  }
  return head;
};
