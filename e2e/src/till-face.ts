import type { Page } from 'playwright-core';

/** A cashier's hands on the till's screen. */
export const tillFace = (page: Page) => {
  const tap = (testId: string) => page.getByTestId(testId).first().click();
  const key = async (pad: string, digits: string): Promise<void> => {
    for (const digit of digits) await tap(`${pad}-${digit === '.' ? 'dot' : digit}`);
  };
  return {
    page,
    tap,
    key,
    text: (testId: string) => page.getByTestId(testId).first().innerText(),
    waitFor: (testId: string) => page.getByTestId(testId).first().waitFor(),
    signIn: async (tillId: string, staff: string, pin: string) => {
      await tap(`till-${tillId}`);
      await key('sign-in-pad', staff);
      await tap('sign-in-go');
      await key('sign-in-pad', pin);
      await tap('sign-in-go');
    },
    openShift: async (float: string) => {
      await key('float-pad', float);
      await tap('open-shift-go');
      await page.getByTestId('tiles').waitFor();
    },
    /** As a scanner types: a burst of keys and Enter, wherever the focus is. */
    scan: async (code: string) => {
      await page.keyboard.type(code, { delay: 5 });
      await page.keyboard.press('Enter');
    },
    rows: () => page.getByTestId('basket-row'),
  };
};

export type TillFace = ReturnType<typeof tillFace>;
