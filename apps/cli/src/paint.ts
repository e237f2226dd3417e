import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colours a text, or leaves it as it is where nobody would see colours. */
export type Paint = (style: Style, text: string) => string;

export const painter = (isColoured: boolean): Paint =>
  isColoured ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text;

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null|-?\d+(?:\.\d+)?)\b/g;

/** JSON over several lines; keys, texts and numbers in colours of their own. */
export const jsonText = (value: unknown, paint: Paint): string =>
  JSON.stringify(value, undefined, 2).replaceAll(token, (whole, text?: string, colon?: string) => {
    if (text === undefined) return paint('yellow', whole);
    return colon === undefined ? paint('green', text) : paint('cyan', text) + colon;
  });
