import { useLocale, useUiT } from './face.tsx';
import classes from './language-switch.module.css';

/** One tap to the other language; it names the language it leads to, in that language. */
export const LanguageSwitch = () => {
  const { locale, setLocale } = useLocale();
  const t = useUiT();
  return (
    <button
      type="button"
      className={`zg-press ${classes.switch}`}
      data-testid="language-switch"
      title={t('language.switch')}
      onClick={() => setLocale(locale === 'zh' ? 'en' : 'zh')}
    >
      {t('language.other')}
    </button>
  );
};
