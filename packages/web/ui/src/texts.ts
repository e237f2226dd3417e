import { IntlMessageFormat } from 'intl-messageformat';

export type Locale = 'zh' | 'en';
export const locales: readonly Locale[] = ['zh', 'en'];

/** One sentence in both languages; a message from the server has the same shape. */
export type LocalText = Readonly<{ zh: string; en: string }>;
/** ICU MessageFormat sentences by key: `{ zh: '共 {count} 件', en: '{count, plural, one {# item} other {# items}}' }`. */
export type TextTable = Readonly<Record<string, LocalText>>;
export type TextValues = Readonly<Record<string, string | number>>;
export type Translate<Table extends TextTable> = (key: keyof Table & string, values?: TextValues) => string;

/** BCP 47 tag of each language, for `lang`, dates and plural rules. */
export const languageTag: Record<Locale, string> = { zh: 'zh-CN', en: 'en-GB' };

export const defineTexts = <const Table extends TextTable>(table: Table): Table => table;

const isPlain = (sentence: string): boolean => !/[{}']/.test(sentence);

/**
 * A translator for one table and language. Formats are compiled once, at first use. Throws when a named value is
 * missing, so that a test finds it before a cashier does.
 */
export const createTranslator = <Table extends TextTable>(table: Table, locale: Locale): Translate<Table> => {
  const compiled = new Map<string, IntlMessageFormat>();
  return (key, values) => {
    const sentence = table[key]?.[locale];
    if (sentence === undefined) throw new RangeError(`no text ${key}`);
    if (isPlain(sentence)) return sentence;
    const format = compiled.get(key) ?? new IntlMessageFormat(sentence, languageTag[locale]);
    compiled.set(key, format);
    return String(format.format({ ...values }));
  };
};

const argumentNames = (sentence: string): string =>
  [...new Set(Array.from(sentence.matchAll(/\{\s*(\w+)\s*[,}]/g), (match) => match[1] ?? ''))].sort().join(',');

/** Faults of a table: an empty side, sentences that name different values, halfwidth punctuation after Han. */
export const textFaults = (table: TextTable): string[] =>
  Object.entries(table).flatMap(([key, { zh, en }]) => [
    ...(zh.trim() === '' || en.trim() === '' ? [`${key}: empty`] : []),
    ...(argumentNames(zh) === argumentNames(en) ? [] : [`${key}: zh and en name different values`]),
    ...(/[\u4e00-\u9fff][,;:!?]/.test(zh) ? [`${key}: halfwidth punctuation`] : []),
    ...(/[\u3000-\u303f\uff00-\uffef]/.test(en) ? [`${key}: fullwidth punctuation in en`] : []),
  ]);
