import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { Sale, ShiftTotals, ShiftView, UploadSaleAnswer } from '@zhanggui/api/contract';
import { demoCatalogue } from './demo/demo-goods.ts';
import { demoPorts } from './demo/wire-demo.ts';
import type { Reply, TillPorts } from './ports.ts';
import { totalsOfShift } from './shift/shift-totals.ts';
import { openJournal } from './store/journal.ts';
import { createTill, type Till } from './till.ts';

/** A shop that knows one open shift of the till and takes only its sales. */
type Shop = {
  open: ShiftView | null;
  offline: boolean;
  isTaken: boolean;
  opened: string[];
  taken: Sale[];
  closed: string[];
};

const totals: ShiftTotals = {
  saleCount: 2,
  totalMinor: '5000',
  discountMinor: '0',
  roundingMinor: '0',
  byTender: [{ kind: 'cash', count: 2, amountMinor: '5000' }],
  byDepartment: [],
  cashInMinor: '0',
  cashOutMinor: '1000',
  expectedCashMinor: '24000',
  firstReceiptNo: '01-000126',
  lastReceiptNo: '01-000127',
};
const shiftOfShop: ShiftView = {
  id: '019bd0a0-0000-7000-8000-000000000001',
  tillId: 'till-1',
  staffId: 'zhangmin',
  openedAt: 1_000,
  floatMinor: '20000',
  totals,
};
const shopWith = (open: ShiftView | null): Shop => ({
  open,
  offline: false,
  isTaken: false,
  opened: [],
  taken: [],
  closed: [],
});

const words = { zh: '不行', en: 'No' };
const refused = (status: number, code: string): Reply<never> => ({ kind: 'refused', status, code, message: words });

const portsOf = (shop: Shop, demo: TillPorts): TillPorts['shop'] => {
  const reach = async <Value>(make: () => Reply<Value>): Promise<Reply<Value>> =>
    shop.offline ? { kind: 'unreachable' } : make();
  const session = demo.shop.session;
  return {
    ...demo.shop,
    session: async () => (shop.isTaken ? refused(401, 'sign-in-needed') : session()),
    currentShift: () => reach(() => ({ kind: 'answer', value: shop.open })),
    openShift: ({ id }) =>
      reach((): Reply<unknown> => {
        if (shop.open && shop.open.id !== id) return refused(409, 'another-shift-open');
        shop.opened.push(id);
        shop.open = { ...shiftOfShop, id };
        return { kind: 'answer', value: {} };
      }),
    closeShift: (id) =>
      reach(() => {
        shop.closed.push(id);
        shop.open = null;
        return refused(404, 'not-found');
      }),
    uploadSale: (sale) =>
      reach((): Reply<UploadSaleAnswer> => {
        if (sale.shiftId === shop.open?.id) {
          shop.taken.push(sale);
          return { kind: 'answer', value: { status: 'accepted', saleId: sale.id, receiptNo: sale.receiptNo } };
        }
        const faults = [{ code: 'shift-unknown', place: 'shiftId', message: words }];
        return { kind: 'answer', value: { status: 'kept', saleId: sale.id, faults } };
      }),
  };
};

const running: Till[] = [];
afterEach(() => {
  for (const till of running.splice(0)) till.stop();
});
let made = 0;
const openTill = async (shop: Shop): Promise<Till> => {
  made += 1;
  const demo = demoPorts(
    {
      display: { open: () => undefined, show: () => undefined },
      printer: { state: 'screen', print: async () => undefined },
      sound: () => undefined,
      locale: () => 'zh',
      focusSearch: () => undefined,
      now: () => Date.now(),
      random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
      wait: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5)).unref()),
    },
    () => ({ offline: false, card: 'approve', phone: 'pay' }),
  );
  const till = createTill({ ...demo, shop: portsOf(shop, demo) }, openJournal(`resume-test-${made}`));
  running.push(till);
  await till.start();
  return till;
};
const stateOf = (till: Till) => till.store.getState();
const sell = async (till: Till): Promise<void> => {
  await till.scan(demoCatalogue.items[0]?.barcode ?? '');
  await till.payExactCash();
};
const until = async (isSo: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 400 && !isSo(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(isSo(), 'it came to pass');
};
const float = { minor: 10_000n, currency: 'CNY' } as const;

test('a browser that lost its store goes on with the shift the shop has open, and with its receipt numbers', async () => {
  const shop = shopWith(shiftOfShop);
  const till = await openTill(shop);
  await till.signIn('1001', '1234');
  const { phase, shift, notice } = stateOf(till);
  assert.deepEqual([phase, shift?.id, shift?.floatMinor, shift?.openedAt], ['selling', shiftOfShop.id, '20000', 1_000]);
  assert.equal(notice?.kind, 'shift-resumed');
  await sell(till);
  await until(() => shop.taken.length === 1);
  assert.equal(shop.taken[0]?.receiptNo, '01-000128');
  assert.deepEqual(shop.opened, []);
});

test('what this browser does not have is counted from the shop, and its own later sales on top', async () => {
  const till = await openTill(shopWith(shiftOfShop));
  await till.signIn('1001', '1234');
  await sell(till);
  const { shift } = stateOf(till);
  assert.ok(shift);
  const sales = await till.journal.salesOfShift(shift.id);
  const own = BigInt(sales[0]?.document.totalMinor ?? '0');
  const all = totalsOfShift(shift, sales, 'CNY', () => undefined);
  assert.deepEqual(
    [all.saleCount, all.totalMinor, all.expectedCashMinor, all.cashOutMinor, all.firstReceiptNo, all.lastReceiptNo],
    [3, String(5000n + own), String(24000n + own), '1000', '01-000126', '01-000128'],
  );
  // Heard again after the upload, the shop's figures hold that sale already.
  const heard = { ...totals, saleCount: 3, lastReceiptNo: '01-000128' };
  assert.equal(totalsOfShift({ ...shift, heard }, sales, 'CNY', () => undefined).saleCount, 3);
});

test('a shift opened beside the shop’s while it could not be asked becomes the shop’s, with its sales', async () => {
  const shop = shopWith(null);
  const till = await openTill(shop);
  await till.signIn('1001', '1234');
  shop.offline = true;
  shop.open = shiftOfShop;
  await till.openShift(float);
  await sell(till);
  assert.notEqual(stateOf(till).shift?.id, shiftOfShop.id);
  shop.offline = false;
  till.kick();
  await until(() => shop.taken.length === 1);
  assert.equal(stateOf(till).shift?.id, shiftOfShop.id);
  assert.equal(shop.taken[0]?.shiftId, shiftOfShop.id);
  assert.equal(stateOf(till).keptCount, 0);
});

test('such a shift that was closed too closes the shop’s with its count', async () => {
  const shop = shopWith(null);
  const till = await openTill(shop);
  await till.signIn('1001', '1234');
  shop.offline = true;
  shop.open = shiftOfShop;
  await till.openShift(float);
  await sell(till);
  till.nextCustomer();
  await till.closeShift([{ valueMinor: '10000', count: 1 }], '试');
  shop.offline = false;
  till.kick();
  await until(() => shop.closed.length === 1);
  assert.deepEqual([shop.closed, shop.taken.length], [[shiftOfShop.id], 1]);
});

test('a sale kept for an unknown shift is sent again under the open one, at the next sign-in or when told to', async () => {
  const shop = shopWith(null);
  const till = await openTill(shop);
  await till.signIn('1001', '1234');
  await till.openShift(float);
  await until(() => shop.opened.length === 1);
  shop.open = shiftOfShop;
  await sell(till);
  await until(() => stateOf(till).keptCount === 1);
  await till.signOut();
  await till.signIn('1001', '1234');
  await until(() => shop.taken.length === 1);
  assert.deepEqual([stateOf(till).keptCount, shop.taken[0]?.shiftId], [0, shiftOfShop.id]);
  const open = shop.open;
  shop.open = null;
  till.nextCustomer();
  await sell(till);
  await until(() => stateOf(till).keptCount === 1);
  shop.open = open;
  const [kept] = await till.journal.keptSales();
  await till.sendAgain(kept?.id ?? '');
  await until(() => shop.taken.length === 2);
  assert.equal(stateOf(till).keptCount, 0);
});

test('a shift whose closing is on its way is not taken up again', async () => {
  const shop = shopWith(shiftOfShop);
  const till = await openTill(shop);
  await till.signIn('1001', '1234');
  shop.offline = true;
  await till.closeShift([], '试');
  till.leaveReport();
  shop.offline = false;
  till.stop();
  await till.signIn('1001', '1234');
  assert.notEqual(stateOf(till).shift?.id, shiftOfShop.id);
});

test('a till signed in elsewhere stops here and says why; its open basket stays', async () => {
  const shop = shopWith(shiftOfShop);
  const till = await openTill(shop);
  await till.signIn('1001', '1234');
  await till.scan(demoCatalogue.items[0]?.barcode ?? '');
  shop.isTaken = true;
  till.kick();
  await until(() => stateOf(till).phase === 'signed-out');
  assert.equal(stateOf(till).notice?.kind, 'signed-out-elsewhere');
  shop.isTaken = false;
  await till.signIn('1001', '1234');
  assert.equal(stateOf(till).phase, 'selling');
  assert.equal(stateOf(till).sale?.basket.lines.length, 1);
});
