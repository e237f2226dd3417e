import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { keepPictures, openBrowser, openWindow, sizes } from './browser.ts';
import { type Counter, startCounter } from './counter.ts';
import { type PhoneFace, phoneFace } from './phone-face.ts';
import { type TerminalFace, terminalFace } from './terminal-face.ts';
import { type TillFace, tillFace } from './till-face.ts';

/** Payments from a customer's phone, by the screens. Times are short, so that what is lost is soon found and what nobody ends is soon reversed. */
const settings = {
  ZHANGGUI_QR_POLL_MS: '700',
  ZHANGGUI_QR_REVERSE_MS: '8000',
  ZHANGGUI_SANDBOX_PACE: '20',
};

let counter: Counter;
let browser: Browser;
let context: BrowserContext;
let till: TillFace;
let display: Page;
let phone: PhoneFace;
let terminal: TerminalFace;
let office: Page;
const complaints: string[] = [];

before(async () => {
  counter = await startCounter({ settings });
  browser = await openBrowser();
  const { page, context: counterContext } = await openWindow(browser, {
    url: `${counter.url}/till/`,
    size: sizes.till,
    language: 'zh',
  });
  context = counterContext;
  till = tillFace(page);
  display = await context.newPage();
  await display.goto(`${counter.url}/till/display`);
  // A page behind another is drawn once a second, and a press waits for it to be drawn.
  await till.page.bringToFront();
  const look = (path: string, size: (typeof sizes)[keyof typeof sizes]) =>
    openWindow(browser, { url: `${counter.url}${path}`, size, language: 'zh' });
  phone = phoneFace((await look('/phone/', sizes.phone)).page);
  terminal = terminalFace((await look('/terminal/?id=00000001', sizes.terminal)).page);
  for (const one of [till.page, display, phone.page, terminal.page])
    one.on('pageerror', (error) => complaints.push(error.message));
});
after(async () => {
  await browser.close();
  await counter.close();
});

const fault = async (id: string, active: boolean): Promise<void> => {
  const answer = await fetch(`${counter.url}/api/sandbox/phone/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, active }),
  });
  assert.equal(answer.status, 200, `fault ${id}`);
};

/** While a fault is on. */
const during = async (id: string, run: () => Promise<void>): Promise<void> => {
  await fault(id, true);
  await run();
  await fault(id, false);
};

const attemptIs = (state: string) =>
  till.page.locator(`[data-testid="attempt"][data-state="${state}"]`).waitFor({ timeout: 20_000 });

/** Ours only, theirs only, another amount, another fee. */
const kindsOfDifference = [/本店没有/, /账单没有/, /金额不同/, /手续费不同/];

let barcodes: readonly string[] = [];
const article = async (place: number): Promise<string> => {
  if (barcodes.length === 0) {
    const goods = await till.page.evaluate(async () => (await fetch('/api/till/catalogue')).json());
    barcodes = (goods as { items: { barcode: string; weighed: boolean }[] }).items
      .filter(({ weighed }) => !weighed)
      .map(({ barcode }) => barcode);
  }
  return barcodes[place] ?? '';
};

const ring = async (place: number): Promise<void> => {
  await till.scan(await article(place));
  await till.rows().first().waitFor();
};
const showCode = async (wallet: string): Promise<void> => {
  await till.tap('pay');
  await till.tap('pay-phone');
  await till.tap(`show-code-${wallet}`);
  await till.waitFor('qr');
};
const isDone = async (): Promise<void> => {
  await till.page.getByTestId('done-panel').waitFor({ timeout: 20_000 });
};
const nextCustomer = async (): Promise<void> => {
  await till.tap('next-customer');
  await till.waitFor('basket-empty');
};

test('a cashier opens the till, and the customer has a display and a phone', async () => {
  await till.signIn('till-1', '1001', '1234');
  await till.openShift('200');
  await display.getByTestId('display-idle').waitFor();
  await keepPictures(phone.page, '40-phone-home', 'zh');
});

test('the customer scans the code on the display: the till, the display and the phone all say paid', async () => {
  await ring(0);
  await ring(5);
  await display.getByTestId('display-sale').waitFor();
  await showCode('wechat');
  await display.getByTestId('display-qr').waitFor();
  await keepPictures(till.page, '41-till-shown-code', 'zh');
  await keepPictures(display, '42-display-shown-code', 'zh');
  await phone.scanShown();
  await keepPictures(phone.page, '43-phone-pay', 'zh');
  await phone.tap('pay-confirm');
  await phone.waitFor('result');
  await isDone();
  await display.getByTestId('display-done').waitFor();
  await keepPictures(till.page, '44-till-paid-by-phone', 'zh');
  await keepPictures(phone.page, '45-phone-paid', 'zh');
  await nextCustomer();
});

test('a payment code scanned on the sell screen pays in one step', async () => {
  await ring(1);
  await till.scan(await phone.code('wechat'));
  await isDone();
  assert.match(await till.text('done-panel'), /微信/);
  await phone.waitFor('result');
  await nextCustomer();
});

test('a code that asks for the password waits for the customer, who types it', () =>
  during('password-always', async () => {
    await ring(2);
    await till.scan(await phone.code('alipay'));
    await attemptIs('awaiting-payer');
    await keepPictures(till.page, '46-till-awaiting-password', 'zh');
    await keepPictures(phone.page, '47-phone-password', 'zh');
    await phone.password('123456');
    await isDone();
    await nextCustomer();
  }));

test('a customer who never types the password is not charged, and the till says so by itself', () =>
  during('password-always', async () => {
    await ring(3);
    await till.scan(await phone.code('wechat'));
    await attemptIs('awaiting-payer');
    await attemptIs('reversed');
    await keepPictures(till.page, '48-till-reversed', 'zh');
    await till.tap('attempt-retry');
    await fault('password-always', false);
    const code = await phone.code('unionpay');
    const scannedAt = Date.now();
    await till.scan(code);
    await isDone();
    // UnionPay's answer and the query after it take three seconds each; its notification comes at once.
    assert.ok(Date.now() - scannedAt < 6_000, 'the notification was waited past');
    await nextCustomer();
  }));

test('a notification that never comes is found by asking, and one that comes first is believed', async () => {
  await during('notify-never', async () => {
    await ring(4);
    await showCode('alipay');
    await phone.scanShown();
    await phone.tap('pay-confirm');
    await isDone();
    await nextCustomer();
  });
  await during('delay', async () => {
    await ring(4);
    const code = await phone.code('unionpay');
    const scannedAt = Date.now();
    await till.scan(code);
    await isDone();
    // UnionPay's answer and the query after it take three seconds each; its notification comes at once.
    assert.ok(Date.now() - scannedAt < 6_000, 'the notification was waited past');
    await nextCustomer();
  });
});

test('a payment that is cancelled at the till cannot be paid any more', async () => {
  await ring(6);
  await showCode('wechat');
  await till.tap('attempt-cancel');
  await attemptIs('closed');
  await phone.home();
  await phone.tap('open-scan');
  await phone.tap('scan-shown');
  await phone.waitFor('shown-trouble');
  await till.tap('attempt-other-way');
  await till.tap('note-exact');
  await till.tap('take-cash');
  await isDone();
  await nextCustomer();
});

test('the terminal takes a payment code as it takes a card, and shows a code of its own', async () => {
  await terminal.says('欢迎光临');
  await terminal.keys('1250');
  await terminal.tap('key-confirm');
  await terminal.says('请插卡、刷卡或扫付款码');
  await terminal.tap('phone-wechat');
  await terminal.says('交易成功');
  await keepPictures(terminal.page, '49-terminal-paid-by-phone', 'zh');
  await terminal.says('欢迎光临');
  await terminal.keys('880');
  await terminal.tap('key-confirm');
  await terminal.tap('other');
  await terminal.tap('choice-wechat');
  await terminal.page.getByTestId('qr').waitFor();
  await keepPictures(terminal.page, '50-terminal-shown-code', 'zh');
  await phone.scanShown();
  await phone.tap('pay-confirm');
  await terminal.says('交易成功');
});

test('the office gives part of a payment back, and the phone says so by itself', async () => {
  const url = `${counter.url}/office/qr-payments`;
  office = (await openWindow(browser, { url, size: sizes.office, language: 'zh' })).page;
  office.on('pageerror', (error) => complaints.push(error.message));
  await office.getByTestId('office-username').fill('owner');
  await office.getByTestId('office-password').fill('zhanggui');
  await office.getByTestId('office-sign-in').click();
  const paid = office.locator('[data-testid^="qr-payments-row-"]').filter({ hasText: '微信支付' });
  await paid.last().waitFor();
  await keepPictures(office, '51-office-qr-payments', 'zh');
  await paid.last().click();
  await office.getByTestId('refund-open').click();
  await office.getByTestId('refund-amount').fill('1.50');
  await office.getByTestId('refund-reason').fill('少拿了一瓶');
  await office.getByTestId('refund-do').click();
  await office.getByTestId('refund-row').filter({ hasText: '已退回' }).waitFor({ timeout: 15_000 });
  await keepPictures(office, '52-office-refund', 'zh');
  await phone.page.getByTestId('banner').filter({ hasText: '1.50' }).waitFor();
});

test('a refund that the customer’s account does not take is sent to a bank card from the office', async () => {
  await fault('refund-abnormal', true);
  await office.getByTestId('refund-open').click();
  await office.getByTestId('refund-amount').fill('0.50');
  await office.getByTestId('refund-reason').fill('多收');
  await office.getByTestId('refund-do').click();
  await office.getByTestId('refund-card-open').click({ timeout: 20_000 });
  await office.getByTestId('refund-card-bank').fill('ICBC_DEBIT');
  await office.getByTestId('refund-card-number').fill('6222 0200 0000 0000 005');
  await office.getByTestId('refund-card-holder').fill('林晓');
  await keepPictures(office, '55-office-refund-to-card', 'zh');
  await office.getByTestId('refund-card-do').click();
  const back = office.getByTestId('refund-row').filter({ hasText: '0.50' }).filter({ hasText: '已退回' });
  await back.waitFor({ timeout: 20_000 });
});

test('a wallet’s bill that differs from our books is compared line by line, and every difference is worked off', async () => {
  for (const planted of ['bill-missing', 'bill-extra', 'bill-amount', 'bill-fee']) await fault(planted, true);
  await office.getByTestId('nav-reconciliation').click();
  await office.getByTestId('reconcile-date-next').click();
  await office.getByTestId('reconcile-run').click();
  const differences = office.locator('[data-testid^="differences-row-"]');
  await differences.nth(3).waitFor();
  await keepPictures(office, '53-office-differences', 'zh');
  const kinds = await differences.allInnerTexts();
  for (const words of kindsOfDifference)
    assert.ok(
      kinds.some((row) => words.test(row)),
      `${words} in ${kinds.join(' / ')}`,
    );
  await differences.first().click();
  await office.getByTestId('difference-note').fill('已与微信支付核对');
  await office.getByTestId('difference-settle').click();
  await office.getByTestId('difference-worked').filter({ hasText: '已与微信支付核对' }).waitFor();
  await keepPictures(office, '54-office-difference-settled', 'zh');
});

test('no screen complained', () => {
  assert.deepEqual(complaints, []);
});
