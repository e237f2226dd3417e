import { ascii, hex } from '@zhanggui/bytes';
import { Secret } from '@zhanggui/secret';
import { explainTag } from './explain.ts';
import { TAGS, tagName, tagSecret } from './tags.ts';
import type { Tlv } from './tlv.ts';

export type DumpOptions = {
  /** Show card numbers, tracks, names and PIN data. */
  readonly isUnmasked?: boolean;
  /** Leave the lines out that say what bits and parts mean. */
  readonly isShort?: boolean;
};

const PRINTABLE = /^[\x20-\x7e]+$/;
const TEXT_FORMATS: ReadonlySet<string | undefined> = new Set(['a', 'an', 'ans']);
const INDENT = '  ';

/** A value in hexadecimal, masked when its tag is secret. */
export const shownValue = ({ tag, value }: Tlv, { isUnmasked = false }: DumpOptions = {}): string => {
  const secret = tagSecret(tag);
  const digits = hex(value);
  if (isUnmasked || secret === undefined) return digits;
  return new Secret(secret, secret === 'pan' ? digits.replace(/F+$/, '') : digits).toString();
};

const readable = (object: Tlv): string => {
  const text = ascii(object.value);
  return TEXT_FORMATS.has(TAGS[object.tag]?.format) && PRINTABLE.test(text) ? `  "${text}"` : '';
};

const valueLines = (object: Tlv, options: DumpOptions): string[] => {
  const isHidden = !options.isUnmasked && tagSecret(object.tag) !== undefined;
  const meanings = options.isShort || isHidden ? [] : (explainTag(object.tag, object.value) ?? []);
  const value = shownValue(object, options) + (isHidden ? '' : readable(object));
  return [...(value === '' ? [] : [value]), ...meanings.map(({ place, en, zh }) => `· ${place}: ${zh}  ${en}`)];
};

const objectLines = (object: Tlv, options: DumpOptions): string[] => {
  const name = tagName(object.tag);
  const title = name === undefined ? '' : `  ${name.zh}  ${name.en}`;
  const inner = object.children === undefined ? valueLines(object, options) : linesOf(object.children, options);
  return [`${object.tag} [${object.value.length}]${title}`, ...inner.map((line) => INDENT + line)];
};

const linesOf = (objects: readonly Tlv[], options: DumpOptions): string[] =>
  objects.flatMap((object) => objectLines(object, options));

/**
 * A tree for the eye, one object a line with its length in bytes and its names, then the value, what its bits mean, or its
 * children further in. Card numbers, tracks, names and PIN data are masked unless asked for.
 */
export const dumpTlv = (objects: readonly Tlv[], options: DumpOptions = {}): string =>
  linesOf(objects, options).join('\n');
