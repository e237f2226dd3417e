/** A run of characters of one printed width: a receipt printer gives Han and fullwidth signs two columns each. */
export type CellRun = { readonly text: string; readonly wide: boolean };

/** Everything a GB18030 printer draws from its Chinese font is two columns; ASCII is one. */
const isWide = (character: string): boolean => character.codePointAt(0) !== undefined && character > '\u00ff';

/** Splits printed text so that every wide character can be given exactly two columns on screen, whatever the font. */
export const cellRuns = (text: string): CellRun[] => {
  const runs: CellRun[] = [];
  for (const character of text) {
    const last = runs.at(-1);
    if (isWide(character)) runs.push({ text: character, wide: true });
    else if (last && !last.wide) runs[runs.length - 1] = { text: last.text + character, wide: false };
    else runs.push({ text: character, wide: false });
  }
  return runs;
};
