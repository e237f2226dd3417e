import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as rest } from 'node:timers/promises';
import { cny } from '@zhanggui/money';
import { pan } from '@zhanggui/secret';
import { epochMs } from '@zhanggui/time';
import {
  certificateSend,
  isNotFound,
  type Notification,
  openWeChatPay,
  openWeChatPayV2,
  type WeChatPay,
  weChatChannel,
} from '@zhanggui/wechatpay';
import { type Desk, openDesk } from '../testing/merchant-desk.ts';
import type { FixedName, WeChatMerchant } from './gate-keys.ts';

/** What the merchant has of the platform: nothing (it downloads certificates), public keys, or both during migration. */
type Keys = 'certificates' | 'public-keys' | 'both';
type Way = Readonly<{ name: string; who: FixedName; keys: Keys }>;
const ways: readonly Way[] = [
  { name: 'direct, certificates', who: 'direct', keys: 'certificates' },
  { name: 'direct, public keys', who: 'direct', keys: 'public-keys' },
  { name: 'direct, both', who: 'direct', keys: 'both' },
  { name: 'partner, certificates', who: 'partner', keys: 'certificates' },
  { name: 'partner, public keys', who: 'partner', keys: 'public-keys' },
  { name: '国密', who: 'nationalSecret', keys: 'certificates' },
];

let desk: Desk;
before(async () => {
  desk = await openDesk();
});
after(async () => {
  desk.wallets.prove();
  await desk.close();
});

const accountOf = ({ mchid, appid, subMerchants: [sub] }: WeChatMerchant) =>
  sub === undefined
    ? ({ mode: 'direct', mchid, appid } as const)
    : ({ mode: 'partner', spMchid: mchid, spAppid: appid, subMchid: sub.mchid, subAppid: sub.appid } as const);

const open = ({ who, keys }: Pick<Way, 'who' | 'keys'>): WeChatPay => {
  const merchant = desk.wallets.merchants.wechat[who];
  const { publicKeys, certificates } = merchant.platform;
  return openWeChatPay({
    account: accountOf(merchant),
    certificateSerial: merchant.certificateSerial,
    privateKey: merchant.privateKey,
    apiV3Key: merchant.apiV3Key,
    hosts: [desk.wallets.url],
    platform: {
      ...(keys !== 'certificates' && { publicKeys }),
      ...(keys === 'both' && { certificates }),
      downloadsCertificates: keys !== 'public-keys',
    },
  });
};

let count = 0;
const number = (): string => {
  count += 1;
  return `OWN${String(count).padStart(8, '0')}`;
};
const total = cny(12_50n);
const order = (name: string) => ({ outTradeNo: number(), description: '面包', total, notifyUrl: desk.notifyUrl(name) });
const heardBy = async (pay: WeChatPay, name: string): Promise<Notification> => {
  const { headers, body } = await desk.heard(name);
  return pay.notifications.read({ headers: new Headers(headers), body: Buffer.from(body) });
};

for (const way of ways) {
  const pathOf = (what: string): string => `${what}-${way.who}-${way.keys}`;

  test(`${way.name}: Native is shown, paid, told, found and refunded`, async () => {
    const pay = open(way);
    const shown = order(pathOf('paid'));
    const { codeUrl } = await pay.native(shown);
    assert.equal((await pay.query({ outTradeNo: shown.outTradeNo }, total)).state, 'NOTPAY');
    assert.equal(await desk.scanAndPay(codeUrl), 'paid');
    const told = await heardBy(pay, pathOf('paid'));
    assert.ok(told.kind === 'paid' && told.transaction.outTradeNo === shown.outTradeNo);
    const found = await pay.query({ transactionId: told.transaction.transactionId ?? '' }, total);
    assert.deepEqual([found.state, found.total, found.tradeType], ['SUCCESS', total, 'NATIVE']);
    const refund = {
      outRefundNo: number(),
      original: { outTradeNo: shown.outTradeNo },
      refund: cny(2_50n),
      total,
      notifyUrl: desk.notifyUrl(pathOf('refund')),
    };
    assert.equal((await pay.refund(refund)).state, 'PROCESSING');
    const toldBack = await heardBy(pay, pathOf('refund'));
    assert.ok(toldBack.kind === 'refund' && toldBack.refund.state === 'SUCCESS');
    assert.equal((await pay.queryRefund(refund.outRefundNo)).state, 'SUCCESS');
  });

  test(`${way.name}: 付款码 pays in one call and is reversed; an open order is closed`, async () => {
    const pay = open(way);
    const code = {
      ...order(''),
      authCode: desk.wallets.phone.paymentCode('wechat').code,
      storeId: '1',
      clientIp: '10.0.0.2',
    };
    const outcome = await pay.payByCode(code);
    assert.equal(outcome.kind, 'paid');
    await rest(20);
    assert.deepEqual(await pay.reverse(code.outTradeNo), { kind: 'reversed' });
    assert.equal((await pay.query({ outTradeNo: code.outTradeNo })).state, 'REVOKED');
    const { outTradeNo, ...wanted } = order('unheard');
    // A page's signature is RSA's: 国密 has none.
    if (way.who === 'nationalSecret') await pay.native({ outTradeNo, ...wanted });
    else await pay.jsapi({ outTradeNo, ...wanted, openid: 'o-1' });
    await pay.close(outTradeNo);
    assert.equal((await pay.query({ outTradeNo })).state, 'CLOSED');
    await assert.rejects(pay.query({ outTradeNo: 'nobody-knows' }), isNotFound);
  });
}

test('certificates that are replaced are taken up, the old ones still believed', async () => {
  const pay = open({ who: 'direct', keys: 'certificates' });
  await pay.native({ ...order('unheard') });
  desk.wallets.faults.set('certificate-rotation', true);
  await pay.refreshCertificates();
  await pay.native({ ...order('unheard') });
  desk.wallets.faults.set('certificate-rotation', false);
  await pay.native({ ...order('unheard') });
});

test('a spoiled answer of a code payment is queried, a spoiled notification is not believed', async () => {
  const pay = open({ who: 'direct', keys: 'public-keys' });
  for (const fault of ['answer-signature', 'answer-signtest', 'answer-lost'] as const) {
    desk.wallets.faults.set(fault, true);
    const authCode = desk.wallets.phone.paymentCode('wechat').code;
    assert.equal((await pay.payByCode({ ...order(''), authCode, storeId: '1', clientIp: '10.0.0.2' })).kind, 'paid');
  }
  for (const fault of ['notify-signature', 'notify-signtest'] as const) {
    desk.wallets.faults.set(fault, true);
    const { codeUrl } = await pay.native(order(fault));
    await desk.scanAndPay(codeUrl);
    await assert.rejects(heardBy(pay, fault), { name: 'WeChatPayError' });
  }
});

test('a refund that cannot reach the payer goes to a card, its number and name encrypted', async () => {
  const pay = open({ who: 'direct', keys: 'both' });
  const shown = order('unheard');
  await desk.scanAndPay((await pay.native(shown)).codeUrl);
  desk.wallets.faults.set('refund-abnormal', true);
  const original = { outTradeNo: shown.outTradeNo };
  const refund = { outRefundNo: number(), original, refund: total, total, notifyUrl: desk.notifyUrl('abnormal') };
  const { refundId } = await pay.refund(refund);
  const told = await heardBy(pay, 'abnormal');
  assert.ok(told.kind === 'refund' && told.refund.state === 'ABNORMAL');
  const card = { bankType: 'ICBC_DEBIT', cardNumber: '6222020000000000005', name: '张三' };
  await pay.refundToCard({ refundId, outRefundNo: refund.outRefundNo, ...card });
  await rest(20);
  assert.equal((await pay.queryRefund(refund.outRefundNo)).state, 'SUCCESS');
});

test('the counter’s channel hears that a refund needs a card, and what becomes of it on the card', async () => {
  const pay = open({ who: 'direct', keys: 'both' });
  const channel = weChatChannel({ pay, notifyUrl: desk.notifyUrl('unheard') });
  const shown = order('unheard');
  await desk.scanAndPay((await pay.native(shown)).codeUrl);
  const { outTradeNo } = shown;
  const walletTradeNo = (await pay.query({ outTradeNo })).transactionId ?? '';
  const refund = {
    outRefundNo: number(),
    outTradeNo,
    walletTradeNo,
    refund: cny(1_00n),
    total,
    at: epochMs(Date.now()),
  };
  desk.wallets.faults.set('refund-abnormal', true);
  await channel.refund(refund);
  await rest(20);
  const stuck = await channel.queryRefund(refund);
  assert.ok(stuck.kind === 'undeliverable', stuck.kind);
  const card = { bank: 'ICBC_DEBIT', number: pan('6222020000000000005'), holder: '张三' };
  const sent = { ...refund, walletRefundNo: stuck.walletRefundNo };
  const word = await channel.refundToCard?.(sent, card);
  assert.ok(word?.kind === 'refunding' || word?.kind === 'refunded');
  await rest(20);
  assert.equal((await channel.queryRefund(refund)).kind, 'refunded');
  assert.equal((await channel.refundToCard?.(sent, card))?.kind, 'refused');
});

test('apps and browsers get what opens the payment', async () => {
  const pay = open({ who: 'direct', keys: 'public-keys' });
  assert.match((await pay.app(order('unheard'))).prepayId, /^wx/);
  const browser = { ...order('unheard'), clientIp: '10.0.0.2', device: 'Wap' } as const;
  assert.match((await pay.h5(browser)).h5Url, /^https:/);
});

const today = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

for (const who of ['direct', 'partner'] as const)
  test(`${who}: the day’s bills hold what was paid and refunded`, async () => {
    const pay = open({ who, keys: 'both' });
    const shown = order('unheard');
    await desk.scanAndPay((await pay.native(shown)).codeUrl);
    await pay.refund({ outRefundNo: number(), original: { outTradeNo: shown.outTradeNo }, refund: cny(1_00n), total });
    const bill = await pay.tradeBill({ date: today() });
    const rows = bill.rows.filter((row) => row.商户订单号 === shown.outTradeNo);
    assert.deepEqual(
      rows.map((row) => [row.交易状态, row.申请退款金额]),
      [
        ['SUCCESS', '0.00'],
        ['REFUND', '1.00'],
      ],
    );
    if (who === 'direct') assert.ok((await pay.fundFlowBill({ date: today() })).rows.length > 0);
  });

for (const who of ['direct', 'partner'] as const)
  test(`${who}: profit is shared, given back and set free`, async () => {
    const pay = open({ who, keys: 'public-keys' });
    const sharing = pay.profitSharing;
    const account = desk.wallets.merchants.wechat.nationalSecret.mchid;
    await sharing.addReceiver({ type: 'MERCHANT_ID', account, relation: 'PARTNER', name: '合作方' });
    const shown = { ...order('unheard'), profitSharing: true };
    await desk.scanAndPay((await pay.native(shown)).codeUrl);
    const { transactionId = '' } = await pay.query({ outTradeNo: shown.outTradeNo });
    desk.wallets.tellSharesTo(account, desk.notifyUrl(`shared-${who}`));
    await rest(70);
    const outOrderNo = number();
    const shares = [{ type: 'MERCHANT_ID', account, amount: cny(1_00n), description: '分账' }] as const;
    await sharing.share({ transactionId, outOrderNo, shares, unfreezesRest: false });
    await rest(10);
    const done = await sharing.query({ transactionId, outOrderNo });
    assert.deepEqual([done.state, done.shares[0]?.result], ['FINISHED', 'SUCCESS']);
    assert.deepEqual(await sharing.left(transactionId), cny(12_50n - 8n - 1_00n));
    const back = { outOrderNo, outReturnNo: number(), returnMchid: account, amount: cny(40n), description: '退货' };
    await sharing.giveBack(back);
    await rest(10);
    assert.equal((await sharing.queryGiveBack(back)).result, 'SUCCESS');
    await sharing.unfreeze({ transactionId, outOrderNo: number(), description: '解冻' });
    assert.deepEqual(await sharing.left(transactionId), cny(0n));
    const receiver = open({ who: 'nationalSecret', keys: 'certificates' });
    const told = await heardBy(receiver, `shared-${who}`);
    assert.ok(told.kind === 'shared' && told.share.outOrderNo === outOrderNo);
    const bill = await sharing.bill(today());
    const mine = bill.rows.filter((row) => row.微信订单号 === transactionId);
    assert.deepEqual(
      mine.map((row) => row.业务类型),
      ['分账', '分账回退', '解冻'],
    );
    if (who === 'partner') assert.equal(await sharing.ratioMax(), 3_000);
  });

test('国密: sensitive fields go under SM2, and are opened', async () => {
  const pay = open({ who: 'nationalSecret', keys: 'certificates' });
  const person = { type: 'PERSONAL_OPENID', account: 'o-named', relation: 'STAFF', name: '李四' } as const;
  await pay.profitSharing.addReceiver(person);
});

test('a combined order is paid with one scan, told, and its parts found', async () => {
  const pay = open({ who: 'direct', keys: 'public-keys' });
  const { mchid } = desk.wallets.merchants.wechat.direct;
  const parts = [1_00n, 2_00n].map((fen) => ({
    mchid,
    outTradeNo: number(),
    description: '面包',
    total: cny(fen),
    attach: '分店',
  }));
  const combined = { combineOutTradeNo: number(), parts, notifyUrl: desk.notifyUrl('own-combined') };
  const { codeUrl } = await pay.combined.native(combined);
  assert.equal(await desk.scanAndPay(codeUrl), 'paid');
  const told = await heardBy(pay, 'own-combined');
  assert.equal(told.kind, 'combined');
  const found = await pay.combined.query(combined.combineOutTradeNo, parts);
  assert.deepEqual(
    found.parts.map((part) => part.state),
    ['SUCCESS', 'SUCCESS'],
  );
  const { history } = await desk.wallets.phone.view();
  assert.deepEqual(
    parts.map(({ outTradeNo }) => history.filter((record) => record.outTradeNo === outTradeNo).length),
    [1, 1],
  );
  assert.ok(!history.some((record) => record.outTradeNo === combined.combineOutTradeNo));
});

test('a combined order is closed whole', async () => {
  const pay = open({ who: 'direct', keys: 'public-keys' });
  const { mchid } = desk.wallets.merchants.wechat.direct;
  const parts = [1, 2].map(() => ({ mchid, outTradeNo: number(), description: '面包', total, attach: '分店' }));
  const combined = { combineOutTradeNo: number(), parts, notifyUrl: desk.notifyUrl('unheard') };
  assert.match((await pay.combined.jsapi({ ...combined, openid: 'o-1' })).prepayId, /^wx/);
  await pay.combined.close(combined.combineOutTradeNo, parts);
  const found = await pay.combined.query(combined.combineOutTradeNo, parts);
  assert.deepEqual(
    found.parts.map(({ state }) => state),
    ['CLOSED', 'CLOSED'],
  );
});

test('a partner takes a merchant in: picture, application, state, settlement account', async () => {
  const { onboarding } = open({ who: 'partner', keys: 'public-keys' });
  const picture = await onboarding.upload({ name: 'licence.png', bytes: Buffer.from('a picture') });
  const { applymentId } = await onboarding.submit({
    business_code: number(),
    contact_info: {
      contact_type: 'LEGAL',
      contact_name: '张三',
      mobile_phone: '13800000000',
      contact_email: 'a@example.com',
    },
    subject_info: {
      subject_type: 'SUBJECT_TYPE_INDIVIDUAL',
      business_license_info: {
        license_copy: picture,
        license_number: '91110000000000000X',
        merchant_name: '面包房',
        legal_person: '张三',
      },
      identity_info: {
        id_doc_type: 'IDENTIFICATION_TYPE_IDCARD',
        id_card_info: {
          id_card_copy: picture,
          id_card_national: picture,
          id_card_name: '张三',
          id_card_number: '11010119900101001X',
          card_period_begin: '2020-01-01',
          card_period_end: '长期',
        },
      },
    },
    business_info: {
      merchant_shortname: '面包房',
      service_phone: '07551234567',
      sales_info: {
        sales_scenes_type: ['SALES_SCENES_STORE'],
        biz_store_info: {
          biz_store_name: '面包房',
          biz_address_code: '440305',
          biz_store_address: '一号路1号',
          store_entrance_pic: [picture],
          indoor_pic: [picture],
        },
      },
    },
    settlement_info: { settlement_id: '719', qualification_type: '餐饮' },
    bank_account_info: {
      bank_account_type: 'BANK_ACCOUNT_TYPE_PERSONAL',
      account_name: '张三',
      account_bank: '工商银行',
      bank_address_code: '110000',
      account_number: '6222020000000000005',
    },
  });
  const status = await onboarding.status({ applymentId });
  assert.deepEqual([status.state, status.stateText, status.rejections], ['AUDITING', '审核中', []]);
  const [sub] = desk.wallets.merchants.wechat.partner.subMerchants;
  const change = {
    accountType: 'ACCOUNT_TYPE_BUSINESS',
    accountBank: '工商银行',
    bankAddressCode: '110000',
    accountNumber: '6222020000000000005',
  } as const;
  const { applicationNo = '' } = await onboarding.modifySettlement(sub?.mchid ?? '', change);
  await rest(20);
  assert.equal((await onboarding.settlementChange(sub?.mchid ?? '', applicationNo)).result, 'AUDIT_SUCCESS');
  assert.equal((await onboarding.settlement(sub?.mchid ?? '')).result, 'VERIFY_SUCCESS');
});

for (const signType of ['MD5', 'HMAC-SHA256'] as const)
  test(`v2 ${signType}: 付款码, refund and reversal over mutual TLS`, async () => {
    const merchant = desk.wallets.merchants.wechat.direct;
    const { certificate: cert, privateKey: key, apiV2Key: apiKey } = merchant;
    const send = certificateSend({ cert, key, ca: desk.wallets.authority });
    const pay = openWeChatPayV2({
      account: accountOf(merchant),
      apiKey,
      signType,
      certificateSend: send,
      send,
      hosts: [desk.wallets.secureUrl],
    });
    const scanned = () => ({
      ...order(''),
      authCode: desk.wallets.phone.paymentCode('wechat').code,
      storeId: '1',
      clientIp: '10.0.0.2',
    });
    const first = scanned();
    assert.equal((await pay.payByCode(first)).kind, 'paid');
    const outRefundNo = number();
    await pay.refund({ outRefundNo, original: { outTradeNo: first.outTradeNo }, refund: cny(50n), total });
    await rest(30);
    assert.equal((await pay.queryRefund(outRefundNo)).state, 'SUCCESS');
    const second = scanned();
    assert.equal((await pay.payByCode(second)).kind, 'paid');
    await rest(20);
    assert.deepEqual(await pay.reverse(second.outTradeNo), { kind: 'reversed' });
  });
