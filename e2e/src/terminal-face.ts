import type { Page } from 'playwright-core';

/** A cardholder's and an operator's hands on the terminal. */
export const terminalFace = (page: Page) => {
  const tap = (testId: string) => page.getByTestId(testId).first().click();
  const showTray = async (): Promise<void> => {
    if (!(await page.getByTestId('card-tray').isVisible())) await tap('open-tray');
  };
  const withCard = async (cardId: string, act: 'card-insert' | 'card-swipe'): Promise<void> => {
    await showTray();
    await tap(`card-${cardId}`);
    await tap(act);
  };
  return {
    page,
    tap,
    keys: async (digits: string) => {
      for (const digit of digits) await tap(`key-${digit}`);
    },
    insert: (cardId: string) => withCard(cardId, 'card-insert'),
    swipe: (cardId: string) => withCard(cardId, 'card-swipe'),
    takeCard: async () => {
      await showTray();
      await tap('card-remove');
    },
    enterPin: async (pin: string) => {
      await page.getByTestId('pin-dots').waitFor();
      for (const digit of pin) await tap(`key-${digit}`);
      await tap('key-confirm');
    },
    /** Waits until the display says something that matches. */
    says: (words: string | RegExp) => page.getByTestId('display').filter({ hasText: words }).waitFor(),
    display: () => page.getByTestId('display').innerText(),
    text: (testId: string) => page.getByTestId(testId).first().innerText(),
  };
};

export type TerminalFace = ReturnType<typeof terminalFace>;
