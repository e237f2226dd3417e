import assert from 'node:assert/strict';
import { createPublicKey, createSecretKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/wechatpay.json' with { type: 'json' };
import { parseBill } from './bill.ts';
import { answerBytes, decryptField, encryptField, isSignatureOf, openSealed, requestText, signText } from './crypto.ts';
import { createPlatformKeys } from './platform-keys.ts';
import { rsaSuite } from './rsa-suite.ts';
import { decodeV2, encodeV2, isV2SignatureOf, v2Signature } from './v2-message.ts';
import { WeChatPayError } from './wechatpay-error.ts';

const secret = (text: string) => createSecretKey(Buffer.from(text));
const certificate = new X509Certificate(vectors.callback[0]?.certificate ?? '');

for (const { id, key, fields, md5, hmacSha256 } of vectors.v2Sign)
  test(`v2 signs ${id} as published, in MD5 and in HMAC-SHA256`, () => {
    assert.equal(v2Signature(fields, secret(key), 'MD5'), md5);
    assert.equal(v2Signature({ ...fields, attach: '' }, secret(key), 'HMAC-SHA256'), hmacSha256);
    assert.ok(isV2SignatureOf({ ...fields, sign: md5 }, secret(key), 'MD5'));
    assert.ok(!isV2SignatureOf({ ...fields, body: 'rest', sign: md5 }, secret(key), 'MD5'));
    assert.ok(!isV2SignatureOf(fields, secret(key), 'MD5'));
  });

for (const { id, key, plaintext, ...sealed } of vectors.aesGcm)
  test(`${id} opens as published; a changed byte, nonce or associated data does not open`, () => {
    assert.equal(openSealed(sealed, secret(key), rsaSuite), plaintext);
    const changed = [
      { ...sealed, ciphertext: `G${sealed.ciphertext.slice(1)}` },
      { ...sealed, nonce: 'wCq51qZv4Yfh' },
      { ...sealed, associatedData: '' },
      { ...sealed, ciphertext: 'AAAA' },
    ];
    for (const other of changed)
      assert.throws(() => openSealed(other, secret(key), rsaSuite), {
        name: 'WeChatPayError',
        code: 'decryption-failed',
      });
  });

for (const { id, message, signature } of vectors.requestSignature)
  test(`the published signature ${id} is recognised`, () => {
    assert.ok(isSignatureOf(message, signature, certificate.publicKey));
    assert.ok(!isSignatureOf(`${message} `, signature, certificate.publicKey));
  });

for (const { id, message, signature, isRight, ...key } of vectors.verifiers) {
  const opened = key.certificate === undefined ? undefined : new X509Certificate(key.certificate);
  const publicKey = opened?.publicKey ?? createPublicKey(key.publicKey ?? '');
  test(`the published signature ${id} is ${isRight ? '' : 'not '}that key’s, and never over another text or in another form`, () => {
    assert.equal(opened?.serialNumber, key.serial);
    assert.equal(isSignatureOf(message, signature, publicKey), isRight);
    for (const [text, other] of [
      ['wrong source', signature],
      ['', signature],
      [message, ''],
      [message, 'invalid base64 signature'],
    ] as const)
      assert.ok(!isSignatureOf(text, other, publicKey));
  });
}

for (const { id, key, serial, expireTime, ...sealed } of vectors.certificates)
  test(`the published ${id} open to a certificate of the announced serial and end`, () => {
    const certificate = new X509Certificate(openSealed(sealed, secret(key), rsaSuite));
    assert.equal(certificate.serialNumber, serial);
    assert.equal(Date.parse(certificate.validTo), Date.parse(expireTime));
  });

for (const { id, xml, names } of vectors.v2Xml)
  test(`the published v2 message ${id} is read with all of its fields, and written again it says the same`, () => {
    const fields = decodeV2(xml);
    assert.deepEqual(Object.keys(fields).toSorted(), names.toSorted());
    assert.deepEqual(decodeV2(encodeV2(fields)), fields);
    assert.ok(!JSON.stringify(fields).includes('CDATA'));
  });

for (const { id, xml } of vectors.v2XmlRefused)
  test(`the published attack ${id} is not read`, () => {
    assert.throws(() => decodeV2(xml), { code: 'answer-malformed' });
  });

for (const vector of vectors.callback) {
  const headers = new Headers(vector.headers);
  const body = Buffer.from(vector.body);
  const keysAt = (nowMs: number, withCertificate = true) =>
    createPlatformKeys({
      certificates: withCertificate ? [vector.certificate] : [],
      downloadsCertificates: false,
      apiV3Key: secret(vector.key),
      suite: rsaSuite,
      now: () => nowMs,
      download: () => Promise.reject(new Error('not asked for')),
    });

  test(`the published callback ${vector.id} is verified by its certificate and opens`, async () => {
    await keysAt(vector.nowMs).verify({ headers, body });
    const { resource } = JSON.parse(vector.body) as { resource: Record<string, string> };
    const { ciphertext = '', nonce = '', associated_data: associatedData = '' } = resource;
    assert.equal(openSealed({ ciphertext, nonce, associatedData }, secret(vector.key), rsaSuite), vector.plaintext);
  });

  test(`the published callback ${vector.id} is refused late, early, changed, unsigned, as a probe and from a stranger`, async () => {
    const refused = (code: string) => (error: unknown) => error instanceof WeChatPayError && error.code === code;
    const without = (name: string) => {
      const left = new Headers(headers);
      left.delete(name);
      return left;
    };
    const probe = new Headers({ ...vector.headers, 'Wechatpay-Signature': 'WECHATPAY/SIGNTEST/abc=' });
    const keys = keysAt(vector.nowMs);
    await keysAt(vector.nowMs + 300_000).verify({ headers, body });
    await assert.rejects(keysAt(vector.nowMs + 301_000).verify({ headers, body }), refused('clock-skew'));
    await assert.rejects(keysAt(vector.nowMs - 301_000).verify({ headers, body }), refused('clock-skew'));
    await assert.rejects(keys.verify({ headers, body: Buffer.from(`${vector.body} `) }), refused('signature-wrong'));
    await assert.rejects(keys.verify({ headers: probe, body }), refused('signature-probe'));
    await assert.rejects(keysAt(vector.nowMs, false).verify({ headers, body }), refused('serial-unknown'));
    for (const name of Object.keys(vector.headers))
      await assert.rejects(keys.verify({ headers: without(name), body }), refused('signature-missing'));
  });
}

for (const { id, text } of vectors.tradeBill)
  test(`the published bill ${id} is read by its column names, and a lost row is noticed`, () => {
    const { rows, summary } = parseBill(`\uFEFF${text.replaceAll('\n', '\r\n')}`);
    assert.equal(rows.length, 2);
    assert.equal(rows[0]?.微信退款单号, '50000709672019011908420787722');
    assert.equal(rows[1]?.订单金额, '0.03');
    assert.equal(summary.订单总金额, '0.03');
    const lines = text.split('\n');
    const lost = lines.filter((_line, index) => index !== 1).join('\n');
    assert.throws(() => parseBill(lost), { code: 'bill-malformed', place: 'count' });
    assert.throws(() => parseBill(lines.slice(0, 3).join('\n')), { code: 'bill-malformed' });
    assert.throws(() => parseBill(''), { code: 'bill-malformed' });
    assert.throws(() => parseBill(text.replace(',`JSAPI', '')), { code: 'bill-malformed', place: 'columns' });
  });

test('a request without body is signed with an empty last line', () => {
  const request = {
    method: 'GET',
    path: '/v3/certificates',
    timestamp: '1554208460',
    nonce: '593BEC0C930BF1AFEB40B4A08C8FB242',
  };
  assert.equal(
    requestText({ ...request, body: '' }),
    'GET\n/v3/certificates\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n',
  );
  assert.equal(Buffer.from(answerBytes('1', 'n', Buffer.from(''))).toString(), '1\nn\n\n');
});

test('what is signed is recognised, and a sensitive field opens with the other half of its key only', () => {
  const [ours, theirs] = [
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ];
  assert.ok(isSignatureOf('文', signText('文', ours.privateKey), ours.publicKey));
  assert.ok(!isSignatureOf('文', signText('文', ours.privateKey), theirs.publicKey));
  const sealed = encryptField('6225000000000000', ours.publicKey);
  assert.notEqual(sealed, encryptField('6225000000000000', ours.publicKey));
  assert.equal(decryptField(sealed, ours.privateKey), '6225000000000000');
  assert.throws(() => decryptField('AAAA', theirs.privateKey), { code: 'decryption-failed' });
});

test('v2 XML carries any text there and back', () => {
  const name = fc.stringMatching(/^[a-z][a-z_0-9]{0,20}$/);
  const law = fc.property(fc.dictionary(name, fc.string({ unit: 'binary' })), (fields) => {
    assert.deepEqual(decodeV2(encodeV2(fields)), { ...fields });
  });
  fc.assert(law, { verbose: true });
});

test('v2 XML carries every character there and back, and only flat documents are read', () => {
  const fields = { body: '面包 <b> & "x" ]]>', attach: '' };
  assert.deepEqual(decodeV2(encodeV2(fields)), fields);
  assert.deepEqual(decodeV2('<?xml version="1.0"?>\n<xml>\n<a><![CDATA[<1>&]]></a>\n<b>2</b></xml>\n'), {
    a: '<1>&',
    b: '2',
  });
  const refused = [
    '',
    '<html></html>',
    '<xml><a><b>1</b></a></xml>',
    '<xml><a>1</a><a>2</a></xml>',
    '<!DOCTYPE x [<!ENTITY e "v">]><xml><a>&e;</a></xml>',
    '<xml><a>1</a>x</xml>',
    '<xml><__proto__>1</__proto__></xml>',
  ];
  for (const text of refused) assert.throws(() => decodeV2(text), { code: 'answer-malformed' }, text);
});

test('what is no XML is refused at once, however long it is', () => {
  const long = ['<a><![CDATA['.repeat(80_000), `<a>${' '.repeat(900_000)}<b>`, '<a>'.repeat(300_000)];
  for (const inside of long) {
    const began = performance.now();
    assert.throws(() => decodeV2(`<xml>${inside}</xml>`), { code: 'answer-malformed' });
    assert.ok(performance.now() - began < 1_000);
  }
});
