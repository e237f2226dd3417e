import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const screenshots = join(import.meta.dirname, '..', 'screenshots');

export type Language = 'zh' | 'en';
export type Size = Readonly<{ width: number; height: number }>;
export const sizes = {
  till: { width: 1366, height: 768 },
  terminal: { width: 1200, height: 900 },
  office: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const satisfies Record<string, Size>;

/** Debian's Chromium, quiet: it calls nobody. */
export const openBrowser = (): Promise<Browser> => {
  const executablePath = process.env['ZHANGGUI_TEST_CHROMIUM'] ?? '/usr/bin/chromium';
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
};

/** A window of its own, with its own cookies and storage, in one language. */
export const openWindow = async (
  browser: Browser,
  options: { url: string; size: Size; language: Language },
): Promise<{ page: Page; context: BrowserContext }> => {
  const context = await browser.newContext({
    viewport: options.size,
    locale: options.language === 'zh' ? 'zh-CN' : 'en-GB',
    timezoneId: 'Asia/Shanghai',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  await page.goto(options.url);
  return { page, context };
};

/** Waits until what has begun to move has arrived; what turns for ever is not waited for. */
const comeToRest = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await nextFrame();
    await nextFrame();
    const moving = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(moving.map(({ finished }) => finished));
  });

/** Keeps what a person would see now, for people to look at. */
const keepPicture = async (page: Page, name: string): Promise<void> => {
  mkdirSync(screenshots, { recursive: true });
  await comeToRest(page);
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
};

/** Switches the language, takes the picture, and switches back. */
export const keepPictures = async (page: Page, name: string, language: Language): Promise<void> => {
  await keepPicture(page, `${name}-${language}`);
  const other = language === 'zh' ? 'en' : 'zh';
  const toggle = page.getByTestId('language-switch').first();
  if (!(await toggle.isVisible())) return;
  await toggle.click();
  await keepPicture(page, `${name}-${other}`);
  await page.getByTestId('language-switch').first().click();
};
