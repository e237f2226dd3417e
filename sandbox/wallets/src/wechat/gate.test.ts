import assert from 'node:assert/strict';
import {
  createDecipheriv,
  createPublicKey,
  createSign,
  createVerify,
  publicEncrypt,
  X509Certificate,
} from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import {
  Sm4Key,
  sm2CipherToDer,
  sm2Encrypt,
  sm2NumberFromPkcs8,
  sm2PointFromSpki,
  sm2Sign,
  sm2SignatureFromDer,
  sm2SignatureToDer,
  sm2Verify,
  sm3,
} from '@zhanggui/card-crypto';
import fc from 'fast-check';
import { type EngineRoom, openEngine } from '../engine/engine.ts';
import type { FaceRequest } from '../face.ts';
import { createFaults } from '../faults.ts';
import { openGate, type WeChatGate } from './gate.ts';
import type { WeChatMerchant } from './gate-keys.ts';
import { beijingTime } from './gate-platform.ts';
import { pairOf } from './gate-suite.ts';

const startMs = Date.UTC(2026, 5, 1, 4, 0, 0);
let nowMs = startMs;
let seed = 0;
/** Bytes that differ from call to call, and from each other. */
const random = (bytes: number): Uint8Array => {
  seed += 1;
  return sm3(Buffer.from(`${seed}`)).slice(0, bytes);
};
const faults = createFaults();
let room: EngineRoom;
let gate: WeChatGate;
let direct: WeChatMerchant;
before(async () => {
  room = await openEngine({
    file: ':memory:',
    cards: {
      cards: async () => [],
      debit: async () => ({ kind: 'done' }),
      credit: async () => ({ kind: 'done' }),
    },
    faults,
    now: () => nowMs,
    random,
    pace: 1000,
    onFault: (error) => {
      throw error;
    },
  });
  gate = openGate({ engine: room.engine, faults });
  direct = gate.merchants.direct;
});
after(() => room.close());
beforeEach(() => {
  nowMs = startMs;
  for (const { id } of faults.list()) faults.set(id, false);
});

type Wish = Partial<{
  method: string;
  path: string;
  body: string;
  signedBody: string;
  mchid: string;
  serial: string;
  nonce: string;
  timestampMs: number;
  scheme: string;
  headers: Record<string, string | undefined>;
  authorization: string | undefined;
  merchant: WeChatMerchant;
}>;

const signatureBy = (merchant: WeChatMerchant, text: string): string => {
  const { privateKey } = pairOf(merchant.privateKey);
  if (merchant.suite === 'RSA') return createSign('RSA-SHA256').update(text).sign(privateKey, 'base64');
  const number = sm2NumberFromPkcs8(new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' })));
  const signature = sm2Sign({ privateKey: number, nonce: random(32), data: Buffer.from(text) });
  return Buffer.from(sm2SignatureToDer(signature)).toString('base64');
};

const refunds = '/v3/refund/domestic/refunds';
const native = '/v3/pay/transactions/native';

/** A request as a merchant writes it, but for what the test wishes otherwise. */
const request = (wish: Wish = {}): FaceRequest => {
  const { method = 'POST', path = refunds, body = '{"a":"面包"}', merchant = direct } = wish;
  const timestamp = String(Math.floor((wish.timestampMs ?? nowMs) / 1000));
  const nonce = wish.nonce ?? Buffer.from(random(16)).toString('hex');
  const signature = signatureBy(merchant, `${method}\n${path}\n${timestamp}\n${nonce}\n${wish.signedBody ?? body}\n`);
  const scheme = wish.scheme ?? (merchant.suite === 'RSA' ? 'WECHATPAY2-SHA256-RSA2048' : 'WECHATPAY2-SM2-WITH-SM3');
  const mchid = wish.mchid ?? merchant.mchid;
  const serial = wish.serial ?? merchant.certificateSerial;
  const authorization = `${scheme} mchid="${mchid}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${serial}"`;
  const headers = {
    accept: 'application/json',
    'user-agent': 'test',
    'content-type': 'application/json; charset=utf-8',
    authorization: 'authorization' in wish ? wish.authorization : authorization,
    ...wish.headers,
  };
  const present = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return { method, path, headers: new Headers(Object.fromEntries(present)), body: Buffer.from(body) };
};

const unsignedText = 'Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》';
const lateText = 'Http头Authorization中的timestamp与发起请求的时间不得超过5分钟';
const serialText = '商户证书序列号有误。请使用签名私钥匹配的证书序列号';
const big = `"${'x'.repeat(1_048_576)}"`;
const refused: readonly (readonly [string, Wish, number, string, string])[] = [
  [
    'without User-Agent',
    { headers: { 'user-agent': undefined } },
    400,
    'INVALID_REQUEST',
    'Http头缺少Accept或User-Agent',
  ],
  ['without Accept', { headers: { accept: undefined } }, 400, 'INVALID_REQUEST', 'Http头缺少Accept或User-Agent'],
  ['without Authorization', { authorization: undefined }, 401, 'SIGN_ERROR', unsignedText],
  ['with an empty Authorization', { authorization: ' ' }, 401, 'SIGN_ERROR', unsignedText],
  ['with Authorization of another kind', { authorization: 'Bearer token' }, 401, 'SIGN_ERROR', unsignedText],
  ['with a field missing', { authorization: 'WECHATPAY2-SHA256-RSA2048 mchid="1"' }, 401, 'SIGN_ERROR', unsignedText],
  ['with an unknown scheme', { scheme: 'WECHATPAY3-NONE' }, 401, 'SIGN_ERROR', 'Http头Authorization认证类型不正确'],
  [
    'for orders without Authorization',
    { path: native, authorization: undefined },
    401,
    'SIGN_ERROR',
    '签名信息错误，验签失败',
  ],
  [
    'for orders with a bearer token',
    { path: native, authorization: 'Bearer x' },
    401,
    'SIGN_ERROR',
    '签名信息错误，验签失败',
  ],
  ['five minutes late', { timestampMs: startMs - 301_000 }, 401, 'SIGN_ERROR', lateText],
  ['five minutes early', { timestampMs: startMs + 301_000 }, 401, 'SIGN_ERROR', lateText],
  ['of a merchant that is not there', { mchid: '1900009999' }, 401, 'SIGN_ERROR', '签名错误'],
  ['with another certificate’s serial', { serial: 'A'.repeat(40) }, 401, 'SIGN_ERROR', serialText],
  ['with the scheme of other keys', { scheme: 'WECHATPAY2-SM2-WITH-SM3' }, 401, 'SIGN_ERROR', serialText],
  ['whose signature is of another body', { signedBody: '{"a":1}' }, 401, 'SIGN_ERROR', '签名错误'],
  ['with a form as body', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, '', ''],
  ['without Content-Type', { headers: { 'content-type': undefined } }, 415, '', ''],
  ['with a body of more than a megabyte', { body: big }, 413, '', ''],
];
for (const [name, wish, status, code, message] of refused)
  test(`a request ${name} is refused with ${status} ${code}`, () => {
    const outcome = gate.check(request(wish));
    assert.equal(outcome.kind, 'refused');
    const { refusal } = outcome;
    assert.deepEqual([refusal.status, refusal.code, refusal.message], [status, code, message]);
    assert.equal(refusal.isBare ?? false, code === '');
    assert.equal(refusal.hasNoRequestId ?? false, wish.path === native);
  });

test('a right request comes in once; at the door for orders nobody asks for User-Agent', () => {
  const headers = { 'user-agent': undefined, accept: undefined };
  const first = request({ path: native, headers });
  assert.deepEqual(gate.check(first), {
    kind: 'ok',
    caller: { mchid: direct.mchid, serial: direct.certificateSerial },
  });
  const again = gate.check(first);
  assert.ok(again.kind === 'refused' && again.refusal.status === 401);
  assert.equal(gate.check(request({ method: 'GET', path: '/v3/certificates?x=1', body: '' })).kind, 'ok');
  assert.equal(gate.check(request({ serial: direct.certificateSerial.toLowerCase() })).kind, 'ok');
});

test('a merchant’s certificate that has expired signs nothing', () => {
  nowMs = Date.UTC(2060, 0, 1);
  const outcome = gate.check(request());
  assert.ok(outcome.kind === 'refused' && outcome.refusal.message === '商户证书已过期');
});

test('a nonce is remembered longer than a request may be old', () => {
  const first = request({ timestampMs: startMs + 299_000 });
  assert.equal(gate.check(first).kind, 'ok');
  nowMs += 599_000;
  const again = gate.check(first);
  assert.ok(again.kind === 'refused' && again.refusal.message !== lateText);
});

test('a wrong signature is answered with what was verified, the body cut short', () => {
  const nonce = 'n'.repeat(32);
  const outcome = gate.check(request({ path: native, body: '{"amount":1}', signedBody: '', nonce }));
  assert.ok(outcome.kind === 'refused');
  const timestamp = startMs / 1000;
  assert.deepEqual(outcome.refusal.detail, {
    detail: { issue: 'sign not match' },
    field: 'signature',
    location: 'authorization',
    sign_information: {
      method: 'POST',
      sign_message_length: `POST\n${native}\n${timestamp}\n${nonce}\n{"amount":1}\n`.length,
      truncated_sign_message: `POST\n${native}\n${timestamp}\n${nonce}\n{"amount\n`,
      url: native,
    },
  });
});

const verified = (headers: Readonly<Record<string, string>>, body: string, pem: string): boolean =>
  createVerify('RSA-SHA256')
    .update(`${headers['Wechatpay-Timestamp']}\n${headers['Wechatpay-Nonce']}\n${body}\n`)
    .verify(createPublicKey(pem), headers['Wechatpay-Signature'] ?? '', 'base64');

const publicKeyId = (): string => Object.keys(direct.platform.publicKeys)[0] ?? '';
const publicKeyPem = (): string => direct.platform.publicKeys[publicKeyId()] ?? '';
const certificatePem = (): string => direct.platform.certificates[0] ?? '';

test('answers are signed by the certificate, and by the public key when the request names it', () => {
  const usual = gate.answerHeaders(request(), '{"b":"面"}', 'right');
  assert.equal(usual['Wechatpay-Serial'], new X509Certificate(certificatePem()).serialNumber);
  assert.equal(usual['Wechatpay-Signature-Type'], 'WECHATPAY2-SHA256-RSA2048');
  assert.ok(verified(usual, '{"b":"面"}', certificatePem()));
  const asked = gate.answerHeaders(request({ headers: { 'wechatpay-serial': publicKeyId() } }), '', 'right');
  assert.equal(asked['Wechatpay-Serial'], publicKeyId());
  assert.ok(verified(asked, '', publicKeyPem()));
});

test('a wrong signature and a probe verify under no key', () => {
  for (const signing of ['wrong', 'probe'] as const) {
    const headers = gate.answerHeaders(request(), '{}', signing);
    assert.ok(!verified(headers, '{}', certificatePem()));
    assert.equal(headers['Wechatpay-Signature']?.startsWith('WECHATPAY/SIGNTEST/'), signing === 'probe');
  }
});

test('notifications are signed by the kind of key the merchant’s last call asked for', () => {
  assert.equal(gate.check(request()).kind, 'ok');
  assert.ok(verified(gate.notificationHeaders(direct.mchid, '{}', 'right'), '{}', certificatePem()));
  assert.equal(gate.check(request({ headers: { 'wechatpay-serial': publicKeyId() } })).kind, 'ok');
  assert.ok(verified(gate.notificationHeaders(direct.mchid, '{}', 'right'), '{}', publicKeyPem()));
});

const openedAes = (sealed: { nonce: string; ciphertext: string }, associatedData: string): string => {
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(direct.apiV3Key), Buffer.from(sealed.nonce));
  decipher.setAAD(Buffer.from(associatedData)).setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString();
};

type Listed = { data: { serial_no: string; effective_time: string; encrypt_certificate: Record<string, string> }[] };
const listed = (merchant: WeChatMerchant, query = ''): Listed => {
  const reply = gate.certificates({ mchid: merchant.mchid, serial: '' }, new URLSearchParams(query));
  assert.ok(reply.kind === 'reply');
  return reply.json as Listed;
};

test('certificates come sealed under the APIv3 key; during rotation there are two, and the new one signs', () => {
  const [only, ...none] = listed(direct).data;
  assert.ok(only && none.length === 0);
  const { nonce = '', ciphertext = '', algorithm, associated_data } = only.encrypt_certificate;
  assert.deepEqual([algorithm, associated_data], ['AEAD_AES_256_GCM', 'certificate']);
  const certificate = new X509Certificate(openedAes({ nonce, ciphertext }, 'certificate'));
  assert.equal(certificate.serialNumber, only.serial_no);
  assert.equal(only.effective_time, beijingTime(Date.parse(certificate.validFrom)));
  faults.set('certificate-rotation', true);
  const both = listed(direct).data;
  assert.equal(both.length, 2);
  const next = both.find(({ serial_no }) => serial_no !== only.serial_no);
  assert.equal(gate.answerHeaders(request(), '', 'right')['Wechatpay-Serial'], next?.serial_no);
});

test('a sensitive field opens with the key that Wechatpay-Serial names, and with no other', () => {
  const field = (pem: string): string =>
    publicEncrypt({ key: pem, oaepHash: 'sha1' }, Buffer.from('张三')).toString('base64');
  const under = (serial: string): FaceRequest => request({ headers: { 'wechatpay-serial': serial } });
  const certificate = new X509Certificate(certificatePem());
  const ofCertificate = field(certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString());
  assert.equal(gate.openField(under(publicKeyId()), field(publicKeyPem())), '张三');
  assert.equal(gate.openField(under(certificate.serialNumber), ofCertificate), '张三');
  assert.equal(gate.openField(under(publicKeyId()), ofCertificate), undefined);
  assert.equal(gate.openField(under('PUB_KEY_ID_0'), field(publicKeyPem())), undefined);
  assert.equal(gate.openField(under(publicKeyId()), '张三'), undefined);
});

test('国密: requests, answers, certificates and fields go with SM2, SM3 and SM4', () => {
  const merchant = gate.merchants.nationalSecret;
  const own = request({ merchant });
  assert.equal(gate.check(own).kind, 'ok');
  const [offered] = listed(merchant, 'algorithm_type=SM2').data;
  const { nonce = '', ciphertext = '', algorithm } = offered?.encrypt_certificate ?? {};
  assert.equal(algorithm, 'AEAD_SM4_GCM');
  const bytes = new Uint8Array(Buffer.from(ciphertext, 'base64'));
  const key = new Sm4Key(sm3(Buffer.from(merchant.apiV3Key)).subarray(0, 16));
  const pem = key.open({
    nonce: Buffer.from(nonce),
    data: bytes.subarray(0, -16),
    tag: bytes.subarray(-16),
    attributes: Buffer.from('certificate'),
  });
  const certificate = new X509Certificate(Buffer.from(pem));
  const publicKey = sm2PointFromSpki(new Uint8Array(certificate.publicKey.export({ type: 'spki', format: 'der' })));
  const headers = gate.answerHeaders(own, '{}', 'right');
  assert.equal(headers['Wechatpay-Signature-Type'], 'WECHATPAY2-SM2-WITH-SM3');
  const data = Buffer.from(`${headers['Wechatpay-Timestamp']}\n${headers['Wechatpay-Nonce']}\n{}\n`);
  const signature = sm2SignatureFromDer(new Uint8Array(Buffer.from(headers['Wechatpay-Signature'] ?? '', 'base64')));
  assert.ok(sm2Verify({ publicKey, data, signature }));
  const cipher = sm2Encrypt({ publicKey, nonce: random(32), data: new Uint8Array(Buffer.from('李四')) });
  const field = Buffer.from(sm2CipherToDer(cipher)).toString('base64');
  const under = request({ merchant, headers: { 'wechatpay-serial': certificate.serialNumber } });
  assert.equal(gate.openField(under, field), '李四');
  assert.equal(gate.notificationHeaders(merchant.mchid, '{}', 'right')['Wechatpay-Serial'], certificate.serialNumber);
});

test('of an upload only the part meta is signed, and its body is multipart', () => {
  const path = '/v3/merchant/media/upload';
  const meta = '{"filename":"a.png","sha256":"x"}';
  const body = [
    '--line',
    'Content-Disposition: form-data; name="meta"',
    'Content-Type: application/json',
    '',
    meta,
    '--line',
    'Content-Disposition: form-data; name="file"; filename="a.png"',
    'Content-Type: image/png',
    '',
    'bytes',
    '--line--',
    '',
  ].join('\r\n');
  const headers = { 'content-type': 'multipart/form-data;boundary=line' };
  assert.equal(gate.check(request({ path, body, signedBody: meta, headers })).kind, 'ok');
  const whole = gate.check(request({ path, body, headers }));
  assert.ok(whole.kind === 'refused' && whole.refusal.message === '签名错误');
  const plain = gate.check(request({ path, body, signedBody: meta }));
  assert.ok(plain.kind === 'refused' && plain.refusal.status === 415);
});

test('merchants, their apps, sub-merchants, keys and certificates are known', () => {
  const { partner } = gate.merchants;
  const [sub] = partner.subMerchants;
  assert.ok(sub?.appid !== undefined && gate.isAppOf(sub.mchid, sub.appid) && gate.isAppOf(direct.mchid, direct.appid));
  assert.ok(!gate.isAppOf(direct.mchid, partner.appid));
  assert.ok(gate.serves(partner.mchid, sub.mchid) && !gate.serves(direct.mchid, sub.mchid));
  gate.adopt(partner.mchid, '1900000777');
  assert.ok(gate.serves(partner.mchid, '1900000777'));
  assert.equal(gate.v2Key(direct.mchid), direct.apiV2Key);
  assert.equal(gate.v2Key('1900009999'), undefined);
  assert.deepEqual([direct.apiV3Key.length, direct.apiV2Key.length, direct.certificateSerial.length], [32, 32, 40]);
  const certificate = new X509Certificate(direct.certificate);
  assert.equal(certificate.serialNumber, direct.certificateSerial);
  assert.ok(certificate.checkIssued(new X509Certificate(gate.tls.ca)));
  const print = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  assert.ok(gate.isCertificateOf(direct.mchid, print) && !gate.isCertificateOf(partner.mchid, print));
  assert.ok(!gate.isCertificateOf(direct.mchid, undefined));
});

test('another gate on the same books has the same keys', () => {
  assert.deepEqual(openGate({ engine: room.engine, faults }).merchants, gate.merchants);
});

test('whatever a stranger sends is refused, never a fault', () => {
  const scheme = fc.constantFrom('WECHATPAY2-SHA256-RSA2048', 'WECHATPAY2-SM2-WITH-SM3', 'Bearer');
  const text = fc.string({ maxLength: 40 }).map((value) => value.replaceAll(/[^\x21-\x7e]/g, ''));
  const merchants = fc.constantFrom(direct, gate.merchants.nationalSecret);
  const stranger = fc.record({
    scheme,
    merchant: merchants,
    signature: text,
    nonce: text,
    rest: text,
    body: fc.string(),
  });
  fc.assert(
    fc.property(stranger, (wish) => {
      const { mchid, certificateSerial } = wish.merchant;
      const fields = `mchid="${mchid}",serial_no="${certificateSerial}",timestamp="${nowMs / 1000}"`;
      const authorization = `${wish.scheme} ${fields},nonce_str="${wish.nonce}",signature="${wish.signature}"${wish.rest}`;
      const path = `/v3/${encodeURIComponent(wish.rest)}`;
      assert.equal(gate.check(request({ authorization, body: wish.body, path })).kind, 'refused');
    }),
  );
});
