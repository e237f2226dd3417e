import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as rest } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { Aes, Formatter, FormData, Hash, Rsa, Wechatpay } from 'wechatpay-axios-plugin';
import { type Desk, openDesk, type Told } from '../testing/merchant-desk.ts';
import type { WeChatMerchant } from './gate-keys.ts';

type Json = Readonly<Record<string, unknown>>;
/** How the platform signs: by certificate, or by public key when the request asks for it. */
type Mode = 'certificate' | 'public-key';

let desk: Desk;
let direct: WeChatMerchant;
before(async () => {
  desk = await openDesk();
  direct = desk.wallets.merchants.wechat.direct;
});
after(async () => {
  desk.wallets.prove();
  await desk.close();
});

const certificateOf = (merchant: WeChatMerchant): readonly [string, string] => {
  const pem = merchant.platform.certificates[0] ?? '';
  return [certificateSerial(pem), pem];
};
const certificateSerial = (pem: string): string => new X509Certificate(pem).serialNumber;
const publicKeyOf = (merchant: WeChatMerchant): readonly [string, string] =>
  Object.entries(merchant.platform.publicKeys)[0] ?? ['', ''];

/** The client as its README sets it up; only the address is ours. */
const clientOf = (merchant: WeChatMerchant, mode: Mode = 'certificate') => {
  const [serial, pem] = mode === 'certificate' ? certificateOf(merchant) : publicKeyOf(merchant);
  return new Wechatpay({
    baseURL: desk.wallets.url,
    mchid: merchant.mchid,
    serial: merchant.certificateSerial,
    privateKey: merchant.privateKey,
    certs: { [serial]: pem },
    secret: merchant.apiV2Key,
    ...(mode === 'public-key' && { headers: { 'Wechatpay-Serial': serial } }),
  });
};
const secureClientOf = (merchant: WeChatMerchant, withCertificate = true) =>
  new Wechatpay({
    baseURL: desk.wallets.secureUrl,
    mchid: merchant.mchid,
    serial: merchant.certificateSerial,
    privateKey: merchant.privateKey,
    certs: { any: publicKeyOf(merchant)[1] },
    secret: merchant.apiV2Key,
    merchant: {
      ...(withCertificate && { cert: merchant.certificate, key: merchant.privateKey }),
      ca: desk.wallets.authority,
    },
  });

let count = 0;
const number = (): string => {
  count += 1;
  return `T${String(count).padStart(8, '0')}`;
};
const order = (more: Json = {}): Json => ({
  appid: direct.appid,
  mchid: direct.mchid,
  description: '面包 bread',
  out_trade_no: number(),
  notify_url: desk.notifyUrl('unheard'),
  amount: { total: 1_250, currency: 'CNY' },
  ...more,
});

/** Paid by scanning; its number and WeChat's. */
const paidOrder = async (more: Json = {}): Promise<Readonly<{ outTradeNo: string; transactionId: string }>> => {
  const wxpay = clientOf(direct);
  const body = order(more);
  const { data } = await wxpay.chain('v3/pay/transactions/native').post<Json>(body);
  assert.equal(await desk.scanAndPay(String(data.code_url)), 'paid');
  const outTradeNo = String(body.out_trade_no);
  const found = await wxpay.chain('v3/pay/transactions/out-trade-no/{out_trade_no}').get<Json>({
    params: { mchid: direct.mchid },
    out_trade_no: outTradeNo,
  });
  return { outTradeNo, transactionId: String(found.data.transaction_id) };
};

type Failed = Readonly<{ code?: string; response?: Readonly<{ status: number; data: Json; headers: Json }> }>;
const failure = async (call: PromiseLike<unknown>): Promise<Failed> => {
  try {
    await call;
  } catch (error) {
    return error as Failed;
  }
  return assert.fail('the call was taken');
};

/** As the client's documentation reads a callback: verified first, then opened. */
const openedBy = (told: Told, merchant: WeChatMerchant): Json => {
  const [serial, pem] = [certificateOf(merchant), publicKeyOf(merchant)].find(
    ([id]) => id === told.headers['wechatpay-serial'],
  ) ?? ['', ''];
  assert.notEqual(serial, '');
  const text = Formatter.joinedByLineFeed(
    told.headers['wechatpay-timestamp'] ?? '',
    told.headers['wechatpay-nonce'] ?? '',
    told.body,
  );
  const key = Rsa.from(pem, Rsa.KEY_TYPE_PUBLIC);
  assert.ok(Rsa.verify(text, told.headers['wechatpay-signature'] ?? '', key));
  const { resource } = JSON.parse(told.body) as { resource: Record<string, string> };
  const { ciphertext = '', nonce = '', associated_data: associatedData = '' } = resource;
  return JSON.parse(Aes.AesGcm.decrypt(ciphertext, merchant.apiV3Key, nonce, associatedData)) as Json;
};

for (const mode of ['certificate', 'public-key'] as const) {
  test(`${mode}: Native is ordered, paid, queried by both numbers and told`, async () => {
    const wxpay = clientOf(direct, mode);
    const body = order({ notify_url: desk.notifyUrl(`native-${mode}`), attach: '附加' });
    const { data, status } = await wxpay.chain('v3/pay/transactions/native').post<Json>(body);
    assert.equal(status, 200);
    assert.match(String(data.code_url), /^weixin:\/\/wxpay\/bizpayurl\/up\?pr=\w+&groupid=00$/);
    const byNumber = { params: { mchid: direct.mchid }, out_trade_no: String(body.out_trade_no) };
    const open = await wxpay.chain('v3/pay/transactions/out-trade-no/{out_trade_no}').get<Json>(byNumber);
    assert.equal(open.data.trade_state, 'NOTPAY');
    assert.equal(await desk.scanAndPay(String(data.code_url)), 'paid');
    const paid = await wxpay.chain('v3/pay/transactions/out-trade-no/{out_trade_no}').get<Json>(byNumber);
    assert.deepEqual([paid.data.trade_state, paid.data.trade_type, paid.data.attach], ['SUCCESS', 'NATIVE', '附加']);
    const byId = await wxpay.chain('v3/pay/transactions/id/{transaction_id}').get<Json>({
      params: { mchid: direct.mchid },
      transaction_id: String(paid.data.transaction_id),
    });
    assert.deepEqual(byId.data, paid.data);
    const told = await desk.heard(`native-${mode}`);
    assert.deepEqual(openedBy(told, direct), paid.data);
    assert.equal(told.headers['wechatpay-serial'], (mode === 'certificate' ? certificateOf : publicKeyOf)(direct)[0]);
  });

  test(`${mode}: a refund is accepted, queried and told`, async () => {
    const wxpay = clientOf(direct, mode);
    const { transactionId } = await paidOrder();
    const refund = {
      transaction_id: transactionId,
      out_refund_no: number(),
      reason: '商品已售完',
      notify_url: desk.notifyUrl(`refund-${mode}`),
      amount: { refund: 888, total: 1_250, currency: 'CNY' },
    };
    const { data } = await wxpay.chain('v3/refund/domestic/refunds').post<Json>(refund);
    assert.deepEqual([data.status, data.out_refund_no], ['PROCESSING', refund.out_refund_no]);
    const resource = openedBy(await desk.heard(`refund-${mode}`), direct);
    assert.deepEqual([resource.refund_status, resource.out_refund_no], ['SUCCESS', refund.out_refund_no]);
    const found = await wxpay.chain('v3/refund/domestic/refunds/{out_refund_no}').get<Json>({
      out_refund_no: refund.out_refund_no,
    });
    assert.equal(found.data.status, 'SUCCESS');
  });

  test(`${mode}: sensitive fields are opened by the key their serial names`, async () => {
    const [serial, pem] = (mode === 'certificate' ? certificateOf : publicKeyOf)(direct);
    const receiver = {
      appid: direct.appid,
      type: 'PERSONAL_OPENID',
      account: `o-${mode}`,
      relation_type: 'STAFF',
    };
    const add = (name: string) =>
      clientOf(direct, mode)
        .chain('v3/profitsharing/receivers/add')
        .post<Json>({ ...receiver, name }, { headers: { 'Wechatpay-Serial': serial } });
    const { data } = await add(Rsa.encrypt('张三', Rsa.from(pem, Rsa.KEY_TYPE_PUBLIC)));
    assert.equal(data.account, receiver.account);
    const refused = await failure(add('张三'));
    assert.deepEqual([refused.response?.status, refused.response?.data.code], [400, 'PARAM_ERROR']);
  });
}

test('JSAPI gives what a page needs', async () => {
  const { data } = await clientOf(direct)
    .chain('v3/pay/transactions/jsapi')
    .post<Json>(order({ payer: { openid: 'o-1' } }));
  assert.match(String(data.prepay_id), /^wx\d{14}/);
});

const codeOrder = (authCode: string): Json => ({
  appid: direct.appid,
  mchid: direct.mchid,
  description: '面包',
  out_trade_no: number(),
  amount: { total: 300, currency: 'CNY' },
  payer: { auth_code: authCode },
  scene_info: { device_ip: '10.0.0.2', store_info: { id: '1' } },
});

test('付款码 v3: paid in one call; the same code pays nothing twice; what is paid is reversed', async () => {
  const wxpay = clientOf(direct);
  const { code } = desk.wallets.phone.paymentCode('wechat');
  const body = codeOrder(code);
  const { data } = await wxpay.chain('v3/pay/transactions/codepay').post<Json>(body);
  assert.deepEqual([data.trade_state, data.trade_type], ['SUCCESS', 'MICROPAY']);
  const again = await failure(wxpay.chain('v3/pay/transactions/codepay').post<Json>(codeOrder(code)));
  assert.deepEqual([again.response?.status, again.response?.data.code], [400, 'AUTH_CODE_INVALID']);
  await rest(20);
  const reversed = await wxpay
    .chain('v3/pay/transactions/out-trade-no/{out_trade_no}/reverse')
    .post<Json>({ appid: direct.appid, mchid: direct.mchid }, { out_trade_no: String(body.out_trade_no) });
  assert.equal(reversed.status, 200);
  const found = await wxpay.chain('v3/pay/transactions/out-trade-no/{out_trade_no}').get<Json>({
    params: { mchid: direct.mchid },
    out_trade_no: String(body.out_trade_no),
  });
  assert.equal(found.data.trade_state, 'REVOKED');
});

test('an order is closed without words, and a paid one is not', async () => {
  const wxpay = clientOf(direct);
  const body = order();
  await wxpay.chain('v3/pay/transactions/native').post<Json>(body);
  const close = (outTradeNo: unknown) =>
    wxpay
      .chain('v3/pay/transactions/out-trade-no/{out_trade_no}/close')
      .post<Json>({ mchid: direct.mchid }, { out_trade_no: String(outTradeNo) });
  assert.equal((await close(body.out_trade_no)).status, 204);
  const refused = await failure(close((await paidOrder()).outTradeNo));
  assert.equal(refused.response?.data.code, 'ORDER_PAID');
});

const today = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

for (const [kind, query] of [
  ['tradebill', { bill_type: 'ALL' }],
  ['fundflowbill', { account_type: 'BASIC' }],
] as const)
  test(`a ${kind} is fetched, its hash is right, and it reads as its own parser expects`, async () => {
    const wxpay = clientOf(direct);
    const { outTradeNo, transactionId } = await paidOrder();
    const params = { bill_date: today(), tar_type: 'GZIP', ...query };
    const { data } = await wxpay.chain(`v3/bill/${kind}`).get<Json>({ params });
    const { pathname, searchParams } = new URL(String(data.download_url));
    assert.equal(pathname, '/v3/billdownload/file');
    const file = await wxpay.chain('v3/billdownload/file').get<Buffer>({
      params: Object.fromEntries(searchParams),
      responseType: 'arraybuffer',
    });
    const text = gunzipSync(file.data);
    assert.equal(createHash('sha1').update(text).digest('hex'), data.hash_value);
    const { rows } = Formatter.castCsvBill(text) as { rows: Record<string, string>[] };
    const named = kind === 'tradebill' ? ['商户订单号', outTradeNo] : ['微信支付业务单号', transactionId];
    assert.ok(rows.some((row) => row[named[0] ?? ''] === named[1]));
  });

test('certificates are downloaded and opened as its own tool opens them', async () => {
  const { data } = await clientOf(direct).chain('v3/certificates').get<{ data: Json[] }>();
  const [{ serial_no: serial, encrypt_certificate: sealed } = {}] = data.data;
  const { ciphertext = '', nonce = '', associated_data: associatedData } = sealed as Record<string, string>;
  const pem = Aes.AesGcm.decrypt(ciphertext, direct.apiV3Key, nonce, associatedData);
  assert.equal(new X509Certificate(pem).serialNumber, serial);
});

test('a picture is uploaded: only its meta is signed', async () => {
  const picture = Buffer.from('a picture of a licence');
  const meta = { filename: 'licence.png', sha256: Hash.sha256(picture) };
  const form = new FormData();
  form.append('meta', JSON.stringify(meta), 'meta.json');
  form.append('file', picture, meta.filename);
  const { data } = await clientOf(direct)
    .chain('v3/merchant/media/upload')
    .post<Json>(form as unknown as Json, {
      meta,
      headers: { ...form.getHeaders() },
    });
  assert.match(String(data.media_id), /^[\w-]{64}$/);
});

test('profit sharing: receivers, a share, what is left, unfreezing, a return', async () => {
  const wxpay = clientOf(direct);
  const partner = desk.wallets.merchants.wechat.partner.mchid;
  const relation = { appid: direct.appid, type: 'MERCHANT_ID', account: partner, relation_type: 'PARTNER' };
  await wxpay.chain('v3/profitsharing/receivers/add').post<Json>(relation);
  const { transactionId } = await paidOrder({ settle_info: { profit_sharing: true } });
  await rest(70);
  const share = {
    appid: direct.appid,
    transaction_id: transactionId,
    out_order_no: number(),
    receivers: [{ type: 'MERCHANT_ID', account: partner, amount: 100, description: '分给合作方' }],
    unfreeze_unsplit: false,
  };
  const { data: shared } = await wxpay.chain('v3/profitsharing/orders').post<Json>(share);
  assert.equal(shared.out_order_no, share.out_order_no);
  await rest(10);
  const { data: found } = await wxpay.chain('v3/profitsharing/orders/{out_order_no}').get<Json>({
    params: { transaction_id: transactionId },
    out_order_no: share.out_order_no,
  });
  assert.equal(found.state, 'FINISHED');
  const { data: left } = await wxpay.chain('v3/profitsharing/transactions/{transaction_id}/amounts').get<Json>({
    transaction_id: transactionId,
  });
  assert.equal(left.unsplit_amount, 1_250 - 8 - 100);
  const unfreeze = { transaction_id: transactionId, out_order_no: number(), description: '解冻' };
  await wxpay.chain('v3/profitsharing/orders/unfreeze').post<Json>(unfreeze);
  const back = {
    order_id: shared.order_id,
    out_return_no: number(),
    return_mchid: partner,
    amount: 40,
    description: '退货',
  };
  await wxpay.chain('v3/profitsharing/return-orders').post<Json>(back);
  await rest(10);
  const { data: returned } = await wxpay.chain('v3/profitsharing/return-orders/{out_return_no}').get<Json>({
    params: { out_order_no: share.out_order_no },
    out_return_no: back.out_return_no,
  });
  assert.equal(returned.result, 'SUCCESS');
});

test('a combined order is paid at once and told', async () => {
  const wxpay = clientOf(direct);
  const body = {
    combine_appid: direct.appid,
    combine_mchid: direct.mchid,
    combine_out_trade_no: number(),
    notify_url: desk.notifyUrl('combined'),
    sub_orders: [1, 2].map((index) => ({
      mchid: direct.mchid,
      attach: '分店',
      amount: { total_amount: 100 * index, currency: 'CNY' },
      out_trade_no: number(),
      description: '面包',
    })),
  };
  const { data } = await wxpay.chain('v3/combine-transactions/native').post<Json>(body);
  assert.equal(await desk.scanAndPay(String(data.code_url)), 'paid');
  const resource = openedBy(await desk.heard('combined'), direct);
  const { data: found } = await wxpay.chain('v3/combine-transactions/out-trade-no/{combine_out_trade_no}').get<Json>({
    combine_out_trade_no: body.combine_out_trade_no,
  });
  assert.deepEqual(resource, found);
});

test('a partner sells for the merchant it serves', async () => {
  const { partner } = desk.wallets.merchants.wechat;
  const [sub] = partner.subMerchants;
  const wxpay = clientOf(partner, 'public-key');
  const ids = { sp_appid: partner.appid, sp_mchid: partner.mchid, sub_mchid: sub?.mchid, sub_appid: sub?.appid };
  const body = { ...order({ notify_url: desk.notifyUrl('partner') }), ...ids, appid: undefined, mchid: undefined };
  const { data } = await wxpay.chain('v3/pay/partner/transactions/native').post<Json>(body);
  assert.equal(await desk.scanAndPay(String(data.code_url)), 'paid');
  const resource = openedBy(await desk.heard('partner'), partner);
  assert.deepEqual(
    [resource.sp_mchid, resource.sub_mchid, resource.trade_state],
    [partner.mchid, sub?.mchid, 'SUCCESS'],
  );
});

test('refusals arrive as its users know them: HTTP status, code, message, Request-ID', async () => {
  const wxpay = clientOf(direct);
  const unknown = await failure(
    wxpay.chain('v3/pay/transactions/out-trade-no/nobody-knows').get<Json>({ params: { mchid: direct.mchid } }),
  );
  assert.deepEqual([unknown.response?.status, unknown.response?.data.code], [404, 'ORDER_NOT_EXIST']);
  assert.match(String(unknown.response?.headers['request-id']), /-268512771$/);
  const stranger = clientOf({ ...direct, certificateSerial: 'A'.repeat(40) });
  const refused = await failure(stranger.chain('v3/certificates').get<Json>());
  assert.deepEqual([refused.response?.status, refused.response?.data.code], [401, 'SIGN_ERROR']);
  assert.equal((await failure(wxpay.chain('v3/nothing/here').get<Json>())).response?.status, 404);
});

test('it sees a wrong signature, a probe, and a certificate it does not have', async () => {
  for (const [fault, code] of [
    ['answer-signature', 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
    ['answer-signtest', 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
    ['certificate-rotation', 'EV3_RES_HEADER_PLATFORM_SERIAL'],
  ] as const) {
    desk.wallets.faults.set(fault, true);
    assert.equal((await failure(clientOf(direct).chain('v3/pay/transactions/native').post<Json>(order()))).code, code);
    desk.wallets.faults.set(fault, false);
  }
});

const v2Order = (authCode: string, more: Readonly<Record<string, string>> = {}) => ({
  appid: direct.appid,
  mch_id: direct.mchid,
  body: '面包',
  out_trade_no: number(),
  total_fee: '500',
  spbill_create_ip: '10.0.0.2',
  auth_code: authCode,
  ...more,
});
const ids = () => ({ appid: direct.appid, mch_id: direct.mchid });

for (const type of [Hash.ALGO_MD5, Hash.ALGO_HMAC_SHA256])
  test(`v2 ${type}: 付款码 pays, is queried, refunded with the certificate, its refund queried`, async () => {
    const wxpay = clientOf(direct);
    const secure = secureClientOf(direct);
    const sign = { sign_type: type };
    const body = v2Order(desk.wallets.phone.paymentCode('wechat').code, sign);
    const { data: paid } = await wxpay.chain('v2/pay/micropay').post<Json>(body);
    assert.deepEqual([paid.result_code, paid.trade_type, paid.total_fee], ['SUCCESS', 'MICROPAY', '500']);
    const name = { ...ids(), ...sign, out_trade_no: body.out_trade_no };
    const { data: found } = await wxpay.chain('v2/pay/orderquery').post<Json>(name);
    assert.deepEqual([found.trade_state, found.transaction_id], ['SUCCESS', paid.transaction_id]);
    const refund = { ...name, out_refund_no: number(), total_fee: '500', refund_fee: '200' };
    const { data: refunded } = await secure.chain('v2/secapi/pay/refund').post<Json>(refund, { security: true });
    assert.deepEqual([refunded.result_code, refunded.refund_fee], ['SUCCESS', '200']);
    await rest(30);
    const query = { ...ids(), ...sign, out_refund_no: refund.out_refund_no };
    const { data: refunds } = await wxpay.chain('v2/pay/refundquery').post<Json>(query);
    assert.deepEqual([refunds.refund_status_0, refunds.out_refund_no_0], ['SUCCESS', refund.out_refund_no]);
  });

test('v2: a reversal wants the certificate in the TLS handshake, and takes what was paid back', async () => {
  const body = v2Order(desk.wallets.phone.paymentCode('wechat').code);
  const wxpay = clientOf(direct);
  await wxpay.chain('v2/pay/micropay').post<Json>(body);
  await rest(20);
  const name = { ...ids(), out_trade_no: body.out_trade_no };
  const reverse = (client: Wechatpay) => client.chain('v2/secapi/pay/reverse').post<Json>(name, { security: true });
  assert.equal((await failure(reverse(secureClientOf(direct, false)))).response?.status, 400);
  const { certificate, privateKey } = desk.wallets.merchants.wechat.partner;
  const refused = await failure(reverse(secureClientOf({ ...direct, certificate, privateKey })));
  assert.equal(refused.response?.data.return_code, 'FAIL');
  const { data } = await reverse(secureClientOf(direct));
  assert.deepEqual([data.result_code, data.recall], ['SUCCESS', 'N']);
  const { data: found } = await wxpay.chain('v2/pay/orderquery').post<Json>(name);
  assert.equal(found.trade_state, 'REVOKED');
});

test('v2: refusals are signed and carry their code; a wrong key is told so, unsigned', async () => {
  const wxpay = clientOf(direct);
  const expired = await failure(wxpay.chain('v2/pay/micropay').post<Json>(v2Order('130000000000000000')));
  assert.deepEqual(
    [expired.response?.data.result_code, expired.response?.data.err_code],
    ['FAIL', 'AUTH_CODE_INVALID'],
  );
  const unknown = await failure(
    wxpay.chain('v2/pay/orderquery').post<Json>({ ...ids(), out_trade_no: 'nobody-knows' }),
  );
  assert.equal(unknown.response?.data.err_code, 'ORDERNOTEXIST');
  const stranger = clientOf({ ...direct, apiV2Key: 'x'.repeat(32) });
  const refused = await failure(
    stranger.chain('v2/pay/orderquery').post<Json>({ ...ids(), out_trade_no: 'nobody-knows' }),
  );
  assert.deepEqual([refused.response?.data.return_code, refused.response?.data.return_msg], ['FAIL', '签名错误']);
});
