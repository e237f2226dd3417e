import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertOneStory } from '@zhanggui/server/story';
import { openStore, startEmbeddedPostgres } from '@zhanggui/store';
import type { Browser, Page } from 'playwright-core';
import { keepPictures, openBrowser, openWindow, sizes } from './browser.ts';
import { type Counter, startCounter } from './counter.ts';
import { type TerminalFace, terminalFace } from './terminal-face.ts';
import { type TillFace, tillFace } from './till-face.ts';

/** The main job by the screens: ring up, take cards and cash, undo, look at the day. Timers are short so that a lost answer is soon resolved. */
const settings = {
  ZHANGGUI_TERMINAL_TIMEOUT_MS: '4000',
  ZHANGGUI_ACQUIRER_TIMEOUT_MS: '3000',
  ZHANGGUI_SWITCH_TIMEOUT_MS: '2000',
  ZHANGGUI_RETRY_MS: '500',
};

let counter: Counter;
let browser: Browser;
let till: TillFace;
let terminal: TerminalFace;
const complaints: string[] = [];

before(async () => {
  counter = await startCounter({ settings });
  browser = await openBrowser();
  till = tillFace((await openWindow(browser, { url: `${counter.url}/till/`, size: sizes.till, language: 'zh' })).page);
  const face = { url: `${counter.url}/terminal/?id=00000001`, size: sizes.terminal, language: 'zh' } as const;
  terminal = terminalFace((await openWindow(browser, face)).page);
  for (const page of [till.page, terminal.page]) page.on('pageerror', (error) => complaints.push(error.message));
});
after(async () => {
  await browser.close();
  await counter.close();
});

type Goods = {
  barcode: string;
  initials: string;
  name: { zh: string };
  priceMinor: string;
  departmentId: string;
  weighed: boolean;
};

const goods = (): Promise<Goods[]> => goodsOf(till.page);

/** The sample shop's goods, cheapest first, as a till's own session sees them. */
const goodsOf = async (page: Page): Promise<Goods[]> => {
  const { items } = (await page.evaluate(async () => (await fetch('/api/till/catalogue')).json())) as {
    items: Goods[];
  };
  return items
    .filter(({ weighed }) => !weighed)
    .sort((left, right) => Number(left.priceMinor) - Number(right.priceMinor));
};

const attemptIs = (state: string) =>
  till.page.locator(`[data-testid="attempt"][data-state="${state}"]`).waitFor({ timeout: 30_000 });

const nextCustomer = async (): Promise<void> => {
  await till.tap('next-customer');
  await till.waitFor('basket-empty');
};

/** One article on the counter and the terminal asking for a card. */
const askForCard = async (barcode: string): Promise<void> => {
  await till.scan(barcode);
  await till.tap('pay');
  await till.tap('pay-card');
  await terminal.says('请插卡或刷卡');
};

/** Back to an empty basket after a card that did not pay. */
const payCashInstead = async (): Promise<void> => {
  await till.tap('note-exact');
  await till.tap('take-cash');
  await till.waitFor('done-panel');
  await nextCustomer();
};

test('a cashier signs in with a PIN and opens a shift with a float', async () => {
  await till.waitFor('sign-in');
  await keepPictures(till.page, '01-till-sign-in', 'zh');
  await till.signIn('till-1', '1001', '1234');
  await till.waitFor('open-shift');
  await keepPictures(till.page, '02-till-open-shift', 'zh');
  await till.openShift('200');
});

test('goods are rung up by scanner, typed barcode, pinyin initials and touch, and each line names what it is', async () => {
  const [first, second, third, fourth] = await goods();
  assert.ok(first && second && third && fourth);
  await till.scan(first.barcode);
  await till.rows().nth(0).waitFor();
  await till.page.getByTestId('search').click();
  await till.page.keyboard.type(second.barcode, { delay: 120 });
  await till.page.keyboard.press('Enter');
  await till.rows().nth(1).waitFor();
  await till.page.getByTestId('search').click();
  await till.page.keyboard.type(third.initials, { delay: 120 });
  await till.page.keyboard.press('Enter');
  await till.rows().nth(2).waitFor();
  await till.page.getByTestId('department-all').click();
  await till.page.locator('[data-testid^="tile-"]').nth(20).click();
  await till.rows().nth(3).waitFor();
  const line = await till.rows().nth(0).innerText();
  assert.ok(line.includes(first.name.zh), `the line names the article: ${line}`);
  assert.match(line, /¥\d+\.\d\d/);
  await keepPictures(till.page, '03-till-basket', 'zh');
});

test('a line takes a quantity and a discount, and can be removed', async () => {
  await till.rows().nth(0).click();
  await till.key('line-pad', '3');
  await till.tap('line-apply');
  await till.rows().nth(0).click();
  await till.tap('line-field-percent');
  await till.key('line-pad', '10');
  await keepPictures(till.page, '04-till-line', 'zh');
  await till.tap('line-apply');
  await till.rows().nth(3).click();
  await till.tap('line-remove');
  await till.page.waitForFunction(() => document.querySelectorAll('[data-testid="basket-row"]').length === 3);
  await till.page.locator('[data-testid^="segment-"]').first().click();
});

test('a chip card pays online: PIN on the terminal, slip out of it, receipt at the till', async () => {
  await till.tap('pay');
  await till.tap('pay-card');
  await terminal.says('请插卡或刷卡');
  await keepPictures(terminal.page, '05-terminal-present-card', 'zh');
  await keepPictures(till.page, '06-till-card-under-way', 'zh');
  await terminal.insert('debit');
  await terminal.page.getByTestId('pin-dots').waitFor();
  await keepPictures(terminal.page, '07-terminal-pin', 'zh');
  await terminal.enterPin('123456');
  await terminal.says('交易成功');
  await till.waitFor('done-panel');
  const receipt = await till.text('receipt-paper');
  assert.match(receipt, /622500\*+\d{4}/, 'the receipt masks the card');
  await keepPictures(till.page, '08-till-receipt', 'zh');
  await keepPictures(terminal.page, '09-terminal-approved', 'zh');
  assert.match(await terminal.text('slip'), /签购单/);
  assert.match(await terminal.text('slip'), /A000000333010101/, 'the slip shows the chip application');
  await terminal.takeCard();
  await nextCustomer();
});

test('a chip card that is swiped is told to insert, and a stripe card is taken', async () => {
  const [article] = await goods();
  assert.ok(article);
  await askForCard(article.barcode);
  await terminal.swipe('credit');
  await terminal.says('请插卡');
  await keepPictures(terminal.page, '10-terminal-insert-chip', 'zh');
  await terminal.insert('credit');
  await terminal.enterPin('123456');
  await till.waitFor('done-panel');
  await terminal.takeCard();
  await nextCustomer();
  await askForCard(article.barcode);
  await terminal.swipe('debit-stripe');
  await terminal.enterPin('123456');
  await till.waitFor('done-panel');
  await nextCustomer();
});

test('a wrong PIN is asked again, and the third one blocks the card', async () => {
  const [article] = await goods();
  assert.ok(article);
  await askForCard(article.barcode);
  await terminal.insert('debit-static');
  await terminal.enterPin('000000');
  await terminal.says('密码错误');
  await keepPictures(terminal.page, '11-terminal-wrong-pin', 'zh');
  await terminal.enterPin('000000');
  await terminal.says('密码错误');
  await terminal.enterPin('000000');
  await attemptIs('declined');
  assert.match(await till.text('attempt'), /75|38/);
  await keepPictures(till.page, '12-till-declined', 'zh');
  await terminal.takeCard();
  await payCashInstead();
});

const refusals = [
  { card: 'debit-poor', code: '51', says: '余额不足', dear: true },
  { card: 'debit-lost', code: '41', says: '挂失', dear: false },
  { card: 'credit-expired', code: '54', says: '过期', dear: false },
] as const;

for (const { card, code, says, dear } of refusals) {
  test(`the issuer's refusal ${code} reaches the cardholder and the cashier in words`, async () => {
    const list = await goods();
    const article = dear ? list.at(-1) : list[0];
    assert.ok(article);
    await askForCard(article.barcode);
    await terminal.insert(card);
    await terminal.enterPin('123456');
    await attemptIs('declined');
    const told = await till.text('attempt');
    assert.ok(told.includes(code) && told.includes(says), told);
    await keepPictures(terminal.page, `13-terminal-refused-${code}`, 'zh');
    await terminal.takeCard();
    await payCashInstead();
  });
}

const breakOnce = async (fault: string): Promise<void> => {
  const response = await till.page.evaluate(async (id) => {
    const answer = await fetch('/api/sandbox/faults', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id, active: true }),
    });
    return answer.status;
  }, fault);
  assert.equal(response, 200);
};

test('an answer that never comes is unknown at first, then reversed by itself, and nobody is charged', async () => {
  const [article] = await goods();
  assert.ok(article);
  // The reversal's first answer is lost too, so that "unknown" lasts long enough for a person to read it.
  await breakOnce('answer-lost');
  await breakOnce('reversal-lost');
  await askForCard(article.barcode);
  await terminal.insert('credit');
  await terminal.enterPin('123456');
  await attemptIs('unknown');
  await keepPictures(till.page, '14-till-unknown', 'zh');
  await attemptIs('reversed');
  await keepPictures(till.page, '15-till-reversed', 'zh');
  await terminal.takeCard();
  await payCashInstead();
});

test('a request whose MAC is wrong is refused with A0: the terminal signs in again, asks for the PIN once more and is approved', async () => {
  const [article] = await goods();
  assert.ok(article);
  await breakOnce('request-mac');
  await askForCard(article.barcode);
  await terminal.insert('credit');
  await terminal.enterPin('123456');
  await terminal.says('重新签到');
  await keepPictures(terminal.page, '16-terminal-keys-renewed', 'zh');
  await terminal.enterPin('123456');
  await till.waitFor('done-panel');
  await terminal.takeCard();
  await nextCustomer();
});

test('a terminal nobody registered is told so', async () => {
  const face = { url: `${counter.url}/terminal/?id=00000009`, size: sizes.terminal, language: 'zh' } as const;
  const { page, context } = await openWindow(browser, face);
  const unknown = terminalFace(page);
  await unknown.tap('key-menu');
  await unknown.tap('choice-sign-in');
  await unknown.says('终端未登记');
  await keepPictures(page, '17-terminal-unregistered', 'zh');
  await context.close();
});

test('cash gives change and is rounded', async () => {
  const [article] = await goods();
  assert.ok(article);
  await till.scan(article.barcode);
  await till.tap('pay');
  await till.key('tender-pad', '100');
  await keepPictures(till.page, '18-till-cash', 'zh');
  await till.tap('take-cash');
  await till.waitFor('done-panel');
  assert.match(await till.text('change'), /¥\d+\.\d0/, 'change is a multiple of ten fen');
  await nextCustomer();
});

test('a sale is split over cash and card', async () => {
  const article = (await goods()).at(-1);
  assert.ok(article);
  await till.scan(article.barcode);
  await till.tap('pay');
  await till.key('tender-pad', '1');
  await till.tap('take-cash');
  await till.waitFor('tender-row');
  await till.tap('pay-card');
  await terminal.says('请插卡或刷卡');
  await terminal.insert('credit');
  await terminal.enterPin('123456');
  await till.waitFor('done-panel');
  const receipt = await till.text('receipt-paper');
  assert.match(receipt, /现金/);
  assert.match(receipt, /银行卡/);
  await keepPictures(till.page, '19-till-split', 'zh');
  await terminal.takeCard();
  await nextCustomer();
});

/** The voucher number (凭证号) printed on the slip. */
const voucherOf = async (): Promise<string> =>
  /凭证号\s*VOUCHER\s*(\d{6})/.exec((await terminal.text('slip')).replaceAll('\n', ' '))?.[1] ?? '';

const tearAll = async (): Promise<void> => {
  while (await terminal.page.getByTestId('tear-paper').isVisible()) {
    await terminal.tap('tear-paper');
    await terminal.page.waitForTimeout(100);
  }
};

test('the operator signs in again and asks a card for its balance', async () => {
  await tearAll();
  for (const item of ['sign-in', 'balance']) {
    await terminal.says('欢迎光临');
    await terminal.tap('key-menu');
    await keepPictures(terminal.page, '19-terminal-menu', 'zh');
    await terminal.tap(`choice-${item}`);
  }
  await terminal.says('请插卡或刷卡');
  await terminal.insert('debit');
  await terminal.enterPin('123456');
  await terminal.says('可用余额');
  await keepPictures(terminal.page, '20-terminal-balance', 'zh');
  await terminal.takeCard();
  await terminal.tap('key-confirm');
});

test('a sale is voided at the terminal with the operator’s password and the same card', async () => {
  const [article] = await goods();
  assert.ok(article);
  await askForCard(article.barcode);
  await terminal.insert('debit');
  await terminal.enterPin('123456');
  await till.waitFor('done-panel');
  const voucher = await voucherOf();
  assert.match(voucher, /^\d{6}$/);
  await terminal.takeCard();
  await nextCustomer();
  await tearAll();
  await terminal.says('欢迎光临');
  await terminal.tap('key-menu');
  await terminal.tap('choice-void');
  await terminal.keys('0000');
  await terminal.tap('key-confirm');
  await terminal.keys(voucher);
  await terminal.tap('key-confirm');
  await terminal.says('撤销这笔交易');
  await keepPictures(terminal.page, '21-terminal-void', 'zh');
  await terminal.tap('key-confirm');
  await terminal.says('请插卡或刷卡');
  await terminal.insert('debit');
  await terminal.enterPin('123456');
  await terminal.says('撤销成功');
  assert.match(await terminal.text('slip'), /消费撤销/);
  await keepPictures(terminal.page, '22-terminal-voided', 'zh');
  await terminal.takeCard();
});

test('the office shows the day as pictures and tables, and a payment hop by hop', async () => {
  const { page, context } = await openWindow(browser, {
    url: `${counter.url}/office/`,
    size: sizes.office,
    language: 'zh',
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.getByTestId('office-username').fill('owner');
  await page.getByTestId('office-password').fill('zhanggui');
  await keepPictures(page, '23-office-sign-in', 'zh');
  await page.getByTestId('office-sign-in').click();
  for (const report of ['byHour', 'byDepartment', 'byCashier', 'bySegment', 'byTender']) {
    await page.getByTestId(`picture-${report}`).locator('svg').waitFor();
  }
  await keepPictures(page, '24-office-today', 'zh');
  await page.getByTestId('toggle-byTender').click();
  assert.match(await page.getByTestId('table-byTender').innerText(), /现金[\s\S]*\d+\.\d\d/);
  await page.getByTestId('nav-payments').click();
  await page.getByTestId('payments').waitFor();
  const rows = page.locator('[data-testid^="payments-row-"]');
  await rows.filter({ hasText: '已成功' }).first().click();
  for (const role of ['terminal', 'acquirer', 'switch', 'issuer'])
    await page.getByTestId(`hop-${role}-0200`).first().waitFor();
  const journey = await page.getByTestId('journey').innerText();
  assert.match(journey, /62(2500|5800)\*+\d{4}/, 'the card number is masked');
  await keepPictures(page, '25-office-journey', 'zh');
  await page.getByTestId('nav-sales').click();
  await page.locator('[data-testid^="sales-row-"]').first().click();
  await page.getByTestId('sale-detail').waitFor();
  await keepPictures(page, '26-office-sales', 'zh');
  await page.getByTestId('nav-goods').click();
  await page.getByTestId('goods').waitFor();
  await keepPictures(page, '27-office-goods', 'zh');
  await importGoods(page);
  await context.close();
});

const csvHeader = 'barcode,name_zh,name_en,department,department_en,unit,price';
const goodRow = '6900000000014,茉莉花茶 500ml,Jasmine tea,饮料,Drinks,bottle,3.50';

/** A list with one bad row changes nothing and the row is named; the mended list comes in whole. */
const importGoods = async (page: Page): Promise<void> => {
  const choose = (rows: readonly string[]) =>
    page
      .getByTestId('import-file')
      .setInputFiles({ name: 'goods.csv', mimeType: 'text/csv', buffer: Buffer.from([csvHeader, ...rows].join('\n')) });
  await choose([goodRow, '6900000000015,错码,Bad code,饮料,Drinks,bottle,3.50']);
  const refused = page.getByTestId('import-rejected');
  await refused.waitFor();
  assert.match(await refused.innerText(), /3[\s\S]*barcode/);
  await keepPictures(page, '27-office-import-refused', 'zh');
  await page.getByTestId('goods-search').fill('茉莉花茶 500ml');
  await choose([goodRow]);
  await page.getByTestId('import-done').waitFor();
  await page.getByTestId('goods').filter({ hasText: '6900000000014' }).waitFor();
};

test('the cashier closes the shift and reads the Z report', async () => {
  await till.page.getByTestId('menu').click();
  await till.tap('menu-close-shift');
  await till.waitFor('close-shift');
  await till.page.locator('[data-testid="count-10000"]').fill('5');
  await keepPictures(till.page, '28-till-close-shift', 'zh');
  await till.page.getByTestId('close-reason').fill('清点差额待查');
  await till.tap('close-shift-go');
  await till.page.locator('[data-testid="z-report"]').waitFor();
  assert.match(await till.text('z-report'), /Z|交班/);
  await keepPictures(till.page, '29-till-z-report', 'zh');
});

test('a till whose browser lost its store goes on with its shift and its receipt numbers, and stops the browser before it', async () => {
  const where = { url: `${counter.url}/till/`, size: sizes.till, language: 'zh' } as const;
  const [article] = await goodsOf(till.page);
  assert.ok(article);
  const sellOne = async (face: TillFace): Promise<void> => {
    await face.scan(article.barcode);
    await face.tap('exact-cash');
    await face.waitFor('done-panel');
  };
  const first = await openWindow(browser, where);
  const before = tillFace(first.page);
  await before.signIn('till-2', '1001', '1234');
  await before.openShift('300');
  await sellOne(before);
  const receiptNo = async (face: TillFace): Promise<number> =>
    Number(/02-(\d{6})/.exec(await face.text('done-panel'))?.[1]);
  const lastNo = await receiptNo(before);
  const second = await openWindow(browser, where);
  const after = tillFace(second.page);
  await after.signIn('till-2', '1001', '1234');
  await after.waitFor('notice');
  assert.match(await after.text('notice'), /已接上本台未交的班[\s\S]*300\.00/);
  await keepPictures(second.page, '30-till-shift-resumed', 'zh');
  await before.page.getByTestId('sign-in').waitFor({ timeout: 20_000 });
  assert.match(await before.text('sign-in-trouble'), /别处登录/);
  await keepPictures(first.page, '31-till-in-use-elsewhere', 'zh');
  await sellOne(after);
  assert.equal(await receiptNo(after), lastNo + 1);
  await after.tap('next-customer');
  await after.page.getByTestId('menu').click();
  await after.tap('menu-close-shift');
  await after.waitFor('close-shift');
  const doubled = (2 * Number(article.priceMinor)) / 100;
  await after.page
    .getByTestId('close-shift')
    .getByText(`¥${doubled.toFixed(2)}`)
    .first()
    .waitFor();
  await first.context.close();
  await second.context.close();
});

test('no page complained, and every host tells the same story', async (t) => {
  assert.deepEqual(complaints, []);
  const store = openStore({ url: (await startEmbeddedPostgres({ directory: join(counter.folder, 'postgres') })).url });
  try {
    const story = await assertOneStory(store);
    t.diagnostic(`${story.sales} card sales in force, ${story.amount} fen`);
  } finally {
    await store.close();
  }
});
