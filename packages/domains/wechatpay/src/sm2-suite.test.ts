import assert from 'node:assert/strict';
import { createPrivateKey, createSecretKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { Sm4Key, sm3, x509Certificate } from '@zhanggui/card-crypto';
import { cny } from '@zhanggui/money';
import vectors from '../../../../spec-vectors/wechatpay.json' with { type: 'json' };
import { decryptField, encryptField, isSignatureOf, openSealed, signText } from './crypto.ts';
import { openWeChatPay, type Send } from './index.ts';
import { sm2Suite } from './sm2-suite.ts';

for (const vector of vectors.sm2) {
  const certificate = new X509Certificate(vector.certificate);
  const pkcs8 = Buffer.from(vector.privateKeyPkcs8, 'base64');
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });

  test(`the published SM2 signature ${vector.id} is recognised, over another text it is not; ours is taken`, () => {
    assert.equal(certificate.serialNumber, vector.serial);
    assert.ok(isSignatureOf(vector.message, vector.signature, certificate.publicKey));
    assert.ok(!isSignatureOf('false-message', vector.signature, certificate.publicKey));
    assert.ok(isSignatureOf(vector.message, signText(vector.message, privateKey), certificate.publicKey));
  });

  test(`the published SM2 field ${vector.id} opens, changed it does not; ours opens with the other half of its key`, () => {
    assert.equal(decryptField(vector.ciphertext, privateKey), vector.plaintext);
    const changed = vector.ciphertext.replace('1', '2');
    assert.throws(() => decryptField(changed, privateKey), { code: 'decryption-failed' });
    assert.equal(decryptField(encryptField('张三', certificate.publicKey), privateKey), '张三');
  });
}

for (const { id, key, plaintext, changed, ...sealed } of vectors.sm4Gcm)
  test(`the published ${id} opens under the digest of the APIv3 key, changed it does not`, () => {
    const secret = createSecretKey(Buffer.from(key));
    assert.equal(openSealed(sealed, secret, sm2Suite), plaintext);
    const other = { ...sealed, ciphertext: changed };
    assert.throws(() => openSealed(other, secret, sm2Suite), { code: 'decryption-failed' });
  });

const nowMs = Date.UTC(2026, 5, 1, 4);
const apiV3Key = '0123456789abcdef0123456789ABCDEF';
const account = { mode: 'direct', mchid: '1900000003', appid: 'wx0000000000000003' } as const;
const pair = () => generateKeyPairSync('ec', { namedCurve: 'SM2' });
const [merchant, platform] = [pair(), pair()];
const serial = '2B00000000000000000000000000000000000003';
const pem = x509Certificate({
  serial,
  subject: { commonName: 'Tenpay.com sandbox' },
  publicKey: new Uint8Array(platform.publicKey.export({ type: 'spki', format: 'der' })),
  signer: { algorithm: 'sm2-sm3', sign: () => new Uint8Array(70) },
  fromMs: nowMs - 86_400_000,
  untilMs: nowMs + 86_400_000,
});

const seal = (text: string, associatedData: string) => {
  const order = { nonce: Buffer.from('0123456789ab'), attributes: Buffer.from(associatedData) };
  const key = new Sm4Key(sm3(Buffer.from(apiV3Key)).subarray(0, 16));
  const { data, tag } = key.seal({ ...order, data: Buffer.from(text) });
  return {
    algorithm: 'AEAD_SM4_GCM',
    nonce: '0123456789ab',
    associated_data: associatedData,
    ciphertext: Buffer.concat([data, tag]).toString('base64'),
  };
};
const signedBy = (key: KeyObject, body: string, type = 'WECHATPAY2-SM2-WITH-SM3') => {
  const timestamp = String(nowMs / 1000);
  const headers = new Headers({
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': 'n',
    'Wechatpay-Serial': serial,
    'Wechatpay-Signature-Type': type,
    'Wechatpay-Signature': signText(`${timestamp}\nn\n${body}\n`, key),
  });
  return { headers, body: Buffer.from(body) };
};

const asked: string[] = [];
const send: Send = async ({ method, url, headers, body }) => {
  const { pathname, search } = new URL(url);
  asked.push(pathname + search);
  const [scheme, rest = ''] = (headers.Authorization ?? '').split(/ (.*)/s);
  const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(rest)?.[1] ?? '';
  const text = [method, pathname + search, field('timestamp'), field('nonce_str'), body, ''].join('\n');
  assert.equal(scheme, 'WECHATPAY2-SM2-WITH-SM3');
  assert.ok(isSignatureOf(text, field('signature'), merchant.publicKey));
  const certificates = { data: [{ serial_no: serial, encrypt_certificate: seal(pem, 'certificate') }] };
  const closed = pathname.endsWith('/close');
  return {
    status: closed ? 204 : 200,
    ...signedBy(platform.privateKey, closed ? '' : JSON.stringify(certificates)),
  };
};
const open = () =>
  openWeChatPay({
    account,
    certificateSerial: 'SM2MERCHANT',
    privateKey: merchant.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    apiV3Key,
    hosts: ['https://wechat.example'],
    now: () => nowMs,
    send,
  });

test('an SM2 key makes every call 国密: signed with SM2, its certificates those of SM2, opened with SM4', async () => {
  await open().close('order-000001');
  assert.deepEqual(asked, [
    '/v3/pay/transactions/out-trade-no/order-000001/close',
    '/v3/certificates?algorithm_type=SM2',
  ]);
});

test('a page or an app cannot open a payment with an SM2 signature: no order is made', async () => {
  asked.length = 0;
  const order = {
    outTradeNo: 'order-000001',
    description: '面包',
    total: cny(1n),
    notifyUrl: 'https://shop.example/n',
  };
  for (const made of [open().jsapi({ ...order, openid: 'o-1' }), open().app(order)])
    await assert.rejects(made, { code: 'request-malformed', place: 'privateKey' });
  assert.deepEqual(asked, []);
});

test('a 国密 notification opens; one sealed or signed the other way is refused', async () => {
  const { notifications, refreshCertificates } = open();
  await refreshCertificates();
  const resource = { ...account, mode: undefined, a: 1 };
  const notice = (sealed: object) =>
    JSON.stringify({
      id: 'n-1',
      create_time: '2026-06-01T12:00:00+08:00',
      event_type: 'OTHER.EVENT',
      resource: sealed,
    });
  const sealed = seal(JSON.stringify(resource), 'other');
  const told = await notifications.read(signedBy(platform.privateKey, notice(sealed)));
  assert.equal(told.kind, 'other');
  const aes = signedBy(platform.privateKey, notice({ ...sealed, algorithm: 'AEAD_AES_256_GCM' }));
  await assert.rejects(notifications.read(aes), { code: 'answer-malformed', place: 'algorithm' });
  const rsa = signedBy(platform.privateKey, notice(sealed), 'WECHATPAY2-SHA256-RSA2048');
  await assert.rejects(notifications.read(rsa), { code: 'signature-wrong', place: 'Wechatpay-Signature-Type' });
  const stranger = signedBy(pair().privateKey, notice(sealed));
  await assert.rejects(notifications.read(stranger), { code: 'signature-wrong' });
});
