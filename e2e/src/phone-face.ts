import type { Page } from 'playwright-core';

/** A consumer's thumb on the sandbox phone. */
export const phoneFace = (page: Page) => {
  const tap = (testId: string) => page.getByTestId(testId).first().click();
  /** A message from above lies over the way back until it is put away or goes by itself. */
  const putAway = async (): Promise<void> => {
    const close = page.getByTestId('banner-close');
    if (await close.isVisible()) await close.click({ timeout: 1000 }).catch(() => undefined);
  };
  const home = async (): Promise<void> => {
    for (let step = 0; step < 4 && !(await page.getByTestId('open-code').isVisible()); step += 1) {
      await putAway();
      const done = page.getByTestId('result-done');
      await ((await done.isVisible()) ? done.click() : tap('back'));
    }
    await page.getByTestId('open-code').waitFor();
  };
  return {
    page,
    tap,
    home,
    waitFor: (testId: string) => page.getByTestId(testId).first().waitFor(),
    text: (testId: string) => page.getByTestId(testId).first().innerText(),
    /** The payment code of a wallet, as it stands under its bars. */
    code: async (wallet: string): Promise<string> => {
      await home();
      await tap(`wallet-${wallet}`);
      await tap('open-code');
      const digits = await page.getByTestId('code-digits').innerText();
      return digits.replaceAll(/\D/g, '');
    },
    /** Points the camera at whatever code the till shows now. */
    scanShown: async (): Promise<void> => {
      await home();
      await tap('open-scan');
      await tap('scan-shown');
      await page.getByTestId('pay-amount').waitFor();
    },
    password: async (digits: string): Promise<void> => {
      await page.getByTestId('password-1').waitFor();
      for (const digit of digits) await tap(`password-${digit}`);
    },
  };
};

export type PhoneFace = ReturnType<typeof phoneFace>;
