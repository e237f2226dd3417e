import { concat, encodeGb18030 } from '@zhanggui/bytes';
import { rowsOf } from './layout.ts';
import type { Align, Paper, PrintedRow, Receipt, Size } from './receipt.ts';

/** The commands in use (Epson ESC/POS), by what they do. */
const commands = {
  initialise: [0x1b, 0x40],
  /** FS &: bytes from 0x81 on come in pairs and are Chinese. */
  chineseOn: [0x1c, 0x26],
  align: { left: [0x1b, 0x61, 0], center: [0x1b, 0x61, 1], right: [0x1b, 0x61, 2] },
  size: { normal: [0x1d, 0x21, 0x00], double: [0x1d, 0x21, 0x11] },
  boldOff: [0x1b, 0x45, 0],
  boldOn: [0x1b, 0x45, 1],
  lineFeed: [0x0a],
  /** GS V 66: feeds to the knife and cuts, leaving a bridge of paper. */
  cut: [0x1d, 0x56, 0x42, 0x00],
} as const;

type Style = { align: Align; size: Size; bold: boolean };

/** Bytes for an ESC/POS printer with GB18030 characters. What `layout` shows is what is printed. */
export const toEscPos = (receipt: Receipt, paper: Paper): Uint8Array => {
  let style: Style = { align: 'left', size: 'normal', bold: false };
  const parts: Uint8Array[] = [Uint8Array.from([...commands.initialise, ...commands.chineseOn])];
  for (const line of receipt.lines) {
    if (line.kind === 'cut') parts.push(Uint8Array.from(commands.cut));
    for (const row of rowsOf(line, paper)) {
      parts.push(restyled(style, row), encodeGb18030(row.text), Uint8Array.from(commands.lineFeed));
      style = row;
    }
  }
  return concat(...parts);
};

/** Only what changes is sent. */
const restyled = (from: Style, to: PrintedRow): Uint8Array =>
  Uint8Array.from([
    ...(from.align === to.align ? [] : commands.align[to.align]),
    ...(from.size === to.size ? [] : commands.size[to.size]),
    ...(from.bold === to.bold ? [] : to.bold ? commands.boldOn : commands.boldOff),
  ]);
