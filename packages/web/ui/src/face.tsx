import { MantineProvider, useMantineColorScheme } from '@mantine/core';
import { createContext, type ReactNode, useContext, useLayoutEffect, useMemo, useState } from 'react';
import { createTranslator, type Locale, type LocalText, languageTag, type TextTable, type Translate } from './texts.ts';
import { type FaceName, faceTheme } from './theme.ts';
import { uiTexts } from './ui-texts.ts';

type LocaleValue = { readonly locale: Locale; readonly setLocale: (locale: Locale) => void };
const LocaleContext = createContext<LocaleValue>({ locale: 'zh', setLocale: () => undefined });

const storageKey = 'zhanggui.locale';

/** The language kept from last time, else the browser's: Chinese browsers get Chinese, all others English. */
export const keptLocale = (key = storageKey): Locale => {
  const kept = localStorage.getItem(key);
  if (kept === 'zh' || kept === 'en') return kept;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
};

type FaceProps = {
  readonly face: FaceName;
  /** Where the language is kept, for a window that somebody else reads than the rest of the face. */
  readonly localeKey?: string;
  readonly children: ReactNode;
};

/** Everything a face stands on: theme, colour scheme, language. `lang` on html picks the right Han glyphs. */
export const FaceProvider = ({ face, localeKey = storageKey, children }: FaceProps) => {
  const [locale, setLocale] = useState<Locale>(() => keptLocale(localeKey));
  const theme = useMemo(() => faceTheme(face), [face]);
  const value = useMemo<LocaleValue>(() => ({ locale, setLocale }), [locale]);
  // Glyphs of one Han code point differ by language, so the tag must be right before the first paint.
  useLayoutEffect(() => {
    document.documentElement.lang = languageTag[locale];
    localStorage.setItem(localeKey, locale);
  }, [locale, localeKey]);
  return (
    <LocaleContext value={value}>
      <MantineProvider theme={theme} defaultColorScheme="light">
        {children}
      </MantineProvider>
    </LocaleContext>
  );
};

export const useLocale = (): LocaleValue => useContext(LocaleContext);

/** A face's translator hook for its own table: `export const useT = createUseT(tillTexts)`. */
export const createUseT = <Table extends TextTable>(table: Table): (() => Translate<Table>) => {
  const translators = new Map<Locale, Translate<Table>>();
  return () => {
    const { locale } = useLocale();
    const translate = translators.get(locale) ?? createTranslator(table, locale);
    translators.set(locale, translate);
    return translate;
  };
};

export const useUiT = createUseT(uiTexts);

/** Picks the reader's side of a text that carries both, such as a name of goods or a message of the server. */
export const usePick = (): ((text: LocalText) => string) => {
  const { locale } = useLocale();
  return (text) => text[locale];
};

/** Light or dark, kept by the browser. */
export const useScheme = (): { scheme: 'light' | 'dark'; toggleScheme: () => void } => {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const scheme = colorScheme === 'dark' ? 'dark' : 'light';
  return { scheme, toggleScheme: () => setColorScheme(scheme === 'dark' ? 'light' : 'dark') };
};
