import { type Locale, languageTag, useLocale } from '@zhanggui/ui';

type TimeTexts = Readonly<{ day: (at: number) => string; time: (at: number) => string; full: (at: number) => string }>;

const made = new Map<Locale, TimeTexts>();

const timeTexts = (locale: Locale): TimeTexts => {
  const of = (options: Intl.DateTimeFormatOptions): ((at: number) => string) => {
    const format = new Intl.DateTimeFormat(languageTag[locale], options);
    return (at) => format.format(at);
  };
  return {
    day: of({ month: 'long', day: 'numeric', weekday: 'short' }),
    time: of({ hour: '2-digit', minute: '2-digit', hour12: false }),
    full: of({ dateStyle: 'medium', timeStyle: 'medium', hour12: false }),
  };
};

/** Days and times as the phone's own zone has them. */
export const useTimeTexts = (): TimeTexts => {
  const { locale } = useLocale();
  const texts = made.get(locale) ?? timeTexts(locale);
  made.set(locale, texts);
  return texts;
};
