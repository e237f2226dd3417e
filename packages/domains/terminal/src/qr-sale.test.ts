import assert from 'node:assert/strict';
import { test } from 'node:test';
import { epochMs } from '@zhanggui/time';
import type { QrPort, QrStatus } from './qr-port.ts';
import { startScriptedAcquirer } from './scripted-acquirer.ts';
import { type Counter, openCounter, parametersFor, temporaryFile } from './testing.ts';

const authCode = '134567890123456789';
type Start = Parameters<QrPort['start']>[0];

/** The shop's payments, scripted: what each question is answered with, in turn; the last answer stays. */
const scriptedPort = (answers: readonly (Partial<QrStatus> | 'throws')[]) => {
  const asked: string[] = [];
  const listeners = new Set<(status: QrStatus) => void>();
  let order: Start | undefined;
  let turn = 0;
  const status = async (question: string): Promise<QrStatus> => {
    asked.push(question);
    const answer = answers[Math.min(turn, answers.length - 1)] ?? {};
    turn += 1;
    if (answer === 'throws' || !order) throw new Error('nobody answers');
    return {
      requestId: order.requestId,
      outTradeNo: order.requestId.replaceAll('-', ''),
      wallet: 'wechat',
      how: order.how.kind,
      amount: order.amount,
      state: 'awaiting-payer',
      undoing: false,
      at: epochMs(0),
      ...answer,
    };
  };
  const port: QrPort = {
    wallets: () => ['wechat', 'alipay'],
    start: async (asking) => {
      order = asking;
      return { kind: 'begun', status: await status(`start ${asking.how.kind}`) };
    },
    find: () => status('find'),
    cancel: () => status('cancel'),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const tell = async () => {
    for (const listener of listeners) listener(await status('told'));
  };
  return { port, asked, tell, order: () => order };
};

const paid: Partial<QrStatus> = { state: 'paid', walletTradeNo: '4200000000000000000000000001', paidAt: epochMs(0) };

type World = Counter & { script: ReturnType<typeof scriptedPort> };

const withWorld = async (
  answers: Parameters<typeof scriptedPort>[0],
  run: (world: World) => Promise<void>,
): Promise<void> => {
  const disk = temporaryFile();
  const acquirer = await startScriptedAcquirer({});
  const script = scriptedPort(answers);
  const counter = await openCounter(disk.file, parametersFor(acquirer.port), { qr: script.port });
  try {
    await counter.until(({ detail }) => detail?.en.startsWith('Enter an amount') === true, 'rest');
    await run({ ...counter, script });
  } finally {
    await counter.close();
    await acquirer.close();
    disk.remove();
  }
};

const paperOf = ({ terminal }: Counter): string =>
  terminal
    .view()
    .paper.flat()
    .map(({ text }) => text)
    .join('\n');

test('a payment code is as good as a card: the sale is paid, and a slip names order and trade', () =>
  withWorld([{}, paid], async (world) => {
    world.press('6850#');
    const asking = await world.until(({ screen }) => screen === 'present-card');
    assert.equal(asking.message.zh, '请插卡、刷卡或扫付款码');
    world.terminal.command({ kind: 'scan', text: `${authCode}\n` });
    assert.equal((await world.until(({ screen }) => screen === 'await-payer')).detail?.zh, '微信支付');
    const result = await world.until(({ tone }) => tone === 'approved');
    assert.equal(result.amount, '68.50');
    assert.deepEqual(world.script.order()?.how, { kind: 'code', authCode });
    assert.match(paperOf(world), /扫码支付[\s\S]*4200000000000000000000000001/);
  }));

test('what is scanned and is no payment code is said so, and nothing is asked of a wallet', () =>
  withWorld([paid], async (world) => {
    world.press('100#');
    await world.until(({ screen }) => screen === 'present-card');
    world.terminal.command({ kind: 'scan', text: '6901234567892' });
    assert.match((await world.until(({ detail }) => detail !== undefined)).detail?.zh ?? '', /不是可用的付款码/);
    assert.deepEqual(world.script.asked, []);
  }));

test('our code is shown for the wallet that is chosen, until it ends or is given up', () =>
  withWorld([{ qr: 'weixin://wxpay/bizpayurl?pr=x', expiresAt: epochMs(99) }, { state: 'closed' }], async (world) => {
    world.press('100#');
    await world.until(({ screen }) => screen === 'present-card');
    world.terminal.command({ kind: 'choose', item: 'show-code' });
    await world.until(({ screen }) => screen === 'choose-wallet');
    world.press('1');
    const shown = await world.until(({ screen }) => screen === 'show-code');
    assert.deepEqual([shown.qr, shown.deadline], ['weixin://wxpay/bizpayurl?pr=x', 99]);
    world.press('*');
    assert.equal((await world.until(({ tone }) => tone === 'declined')).detail?.zh, '未扣款');
    assert.deepEqual(world.script.asked, ['start show', 'cancel']);
    assert.equal(paperOf(world), '');
  }));

test('money that came too late and goes back is no sale: nothing is approved and no slip is printed', () =>
  withWorld(
    [{ qr: 'weixin://wxpay/bizpayurl?pr=x', expiresAt: epochMs(99) }, { state: 'refunding' }],
    async (world) => {
      world.press('100#');
      await world.until(({ screen }) => screen === 'present-card');
      world.terminal.command({ kind: 'choose', item: 'show-code' });
      await world.until(({ screen }) => screen === 'choose-wallet');
      world.press('1');
      await world.until(({ screen }) => screen === 'show-code');
      world.press('*');
      assert.equal((await world.until(({ tone }) => tone === 'declined')).message.zh, '已退回顾客，未收款');
      assert.equal(paperOf(world), '');
    },
  ));

test('silence is unknown and never looks like an end; whoever tells of it is believed at once', () =>
  withWorld(['throws', 'throws', paid, paid], async (world) => {
    world.press('100#');
    await world.until(({ screen }) => screen === 'present-card');
    world.terminal.command({ kind: 'scan', text: authCode });
    assert.equal((await world.until(({ tone }) => tone === 'unknown')).message.zh, '结果未知');
    await world.script.tell().catch(() => undefined);
    await world.script.tell();
    await world.until(({ tone }) => tone === 'approved');
  }));

test('a payment on the counter when the power went is followed to its end at the next start', async () => {
  const disk = temporaryFile();
  const acquirer = await startScriptedAcquirer({});
  const script = scriptedPort([{}, {}, paid]);
  const parameters = parametersFor(acquirer.port);
  const before = await openCounter(disk.file, parameters, { qr: script.port });
  await before.until(({ detail }) => detail?.en.startsWith('Enter an amount') === true, 'rest');
  before.press('100#');
  await before.until(({ screen }) => screen === 'present-card');
  before.terminal.command({ kind: 'scan', text: authCode });
  await before.until(({ screen }) => screen === 'await-payer');
  await before.close();
  const after = await openCounter(disk.file, parameters, { qr: script.port });
  await after.until(({ tone, title }) => tone === 'approved' && title?.zh === '扫码支付');
  assert.match(paperOf(after), /4200000000000000000000000001/);
  await after.close();
  await acquirer.close();
  disk.remove();
});
