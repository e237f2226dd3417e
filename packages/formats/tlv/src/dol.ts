import { fromHex } from '@zhanggui/bytes';
import { TAGS } from './tags.ts';
import type { DolEntry } from './tlv.ts';

const isConstructedTag = (tag: string): boolean => ((fromHex(tag.slice(0, 2))[0] ?? 0) & 0x20) !== 0;

const fit = (out: Uint8Array, entry: DolEntry, value: Uint8Array): void => {
  const format = TAGS[entry.tag]?.format;
  const surplus = value.length - entry.length;
  if (format === 'n') out.set(surplus > 0 ? value.subarray(surplus) : value, Math.max(0, -surplus));
  else {
    if (format === 'cn') out.fill(0xff, value.length);
    out.set(surplus > 0 ? value.subarray(0, entry.length) : value);
  }
};

/**
 * Concatenated values a card asked for (EMV Book 3 §5.4). A numeric value loses or gains digits on its left; any other on
 * its right, filled with zeros (compressed numeric: with F). What the terminal does not have, or a template, is zeros.
 */
export const buildDol = (dol: readonly DolEntry[], valueOf: (tag: string) => Uint8Array | undefined): Uint8Array => {
  const out = new Uint8Array(dol.reduce((length, entry) => length + entry.length, 0));
  let offset = 0;
  for (const entry of dol) {
    const value = isConstructedTag(entry.tag) ? undefined : valueOf(entry.tag);
    if (value !== undefined) fit(out.subarray(offset, offset + entry.length), entry, value);
    offset += entry.length;
  }
  return out;
};
