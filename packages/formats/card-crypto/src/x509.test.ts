import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { fromAscii, fromHex } from '@zhanggui/bytes';
import fc from 'fast-check';
import { CryptoError } from './crypto-error.ts';
import { sm2Decrypt, sm2Encrypt, sm2PublicKey, sm2Sign, sm2Verify } from './sm2.ts';
import {
  sm2CipherFromDer,
  sm2CipherToDer,
  sm2NumberFromPkcs8,
  sm2PointFromSpki,
  sm2PointToSpki,
  sm2SignatureFromDer,
  sm2SignatureToDer,
} from './sm2-der.ts';
import { type CertificateContent, keySigner, x509Certificate } from './x509.ts';

const spki = (key: KeyObject): Uint8Array => key.export({ type: 'spki', format: 'der' });
const authority = generateKeyPairSync('rsa', { modulusLength: 2048 });
const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const fromMs = Date.UTC(2026, 0, 1);
const untilMs = Date.UTC(2051, 0, 1);
const issuer = { country: 'CN', organisation: '沙箱', unit: 'sandbox', commonName: 'Sandbox CA' };
const content: CertificateContent = {
  serial: 'F0A1',
  subject: { commonName: 'sandbox' },
  issuer,
  publicKey: spki(server.publicKey),
  signer: keySigner(authority.privateKey),
  fromMs,
  untilMs,
  addresses: ['127.0.0.1'],
  names: ['localhost'],
};

test('an authority’s certificate and one it signs are read as they were meant', () => {
  const root = new X509Certificate(
    x509Certificate({
      ...content,
      subject: issuer,
      publicKey: spki(authority.publicKey),
      authority: true,
      addresses: [],
      names: [],
    }),
  );
  const certificate = new X509Certificate(x509Certificate(content));
  assert.ok(root.ca && root.verify(root.publicKey));
  assert.ok(!certificate.ca && certificate.checkIssued(root) && certificate.verify(root.publicKey));
  assert.equal(certificate.serialNumber, 'F0A1');
  assert.equal(certificate.issuer, 'C=CN\nO=沙箱\nOU=sandbox\nCN=Sandbox CA');
  assert.deepEqual([Date.parse(certificate.validFrom), Date.parse(certificate.validTo)], [fromMs, untilMs]);
  assert.equal(certificate.subjectAltName, 'IP Address:127.0.0.1, DNS:localhost');
});

test('an elliptic key signs its own certificate', () => {
  const certificate = new X509Certificate(
    x509Certificate({ ...content, issuer: content.subject, signer: keySigner(server.privateKey) }),
  );
  assert.ok(certificate.verify(server.publicKey));
});

const nonce = fromHex('6CB28D99385C175C94F94E934817663FC176D925DD72B727260DBAAE1FB2F96F');
const privateKey = fromHex('0003BEE2A9C7B0B3EE6C7BE5F1F4B9A8A7E6D5C4B3A2918070605040302010FF');
const publicKey = sm2PublicKey(privateKey);

test('an SM2 certificate carries its point and its signature', () => {
  const pem = x509Certificate({
    ...content,
    publicKey: sm2PointToSpki(publicKey),
    signer: { algorithm: 'sm2-sm3', sign: (data) => sm2SignatureToDer(sm2Sign({ privateKey, nonce, data })) },
  });
  const read = new X509Certificate(pem);
  assert.deepEqual(sm2PointFromSpki(new Uint8Array(spki(read.publicKey))), publicKey);
});

test('SM2 signatures and ciphers go through DER and back, small numbers included', () => {
  const data = fromAscii('a message');
  const signature = sm2Sign({ privateKey, nonce, data });
  assert.deepEqual(sm2SignatureFromDer(sm2SignatureToDer(signature)), signature);
  assert.ok(sm2Verify({ publicKey, data, signature: sm2SignatureFromDer(sm2SignatureToDer(signature)) }));
  const cipher = sm2Encrypt({ publicKey, nonce, data });
  assert.deepEqual(sm2Decrypt({ privateKey, cipher: sm2CipherFromDer(sm2CipherToDer(cipher)) }), data);
  const small = new Uint8Array(64);
  small[31] = 1;
  small[63] = 0x80;
  assert.deepEqual(sm2SignatureToDer(small), fromHex('300702010102020080'));
  assert.deepEqual(sm2SignatureFromDer(fromHex('300702010102020080')), small);
});

test('what is not DER is no signature, no cipher and no key', () => {
  for (const bytes of ['', '30', '3003020101', '300602010102010100', '30820001', '3084FFFFFFFF'])
    assert.equal(sm2SignatureFromDer(fromHex(bytes)).length, 0);
  assert.throws(() => sm2CipherFromDer(fromHex('3003020101')), new CryptoError('sm2-cipher'));
  assert.throws(() => sm2PointFromSpki(new Uint8Array(91)), new CryptoError('sm2-key'));
  assert.throws(() => sm2NumberFromPkcs8(new Uint8Array(91)), new CryptoError('sm2-key'));
});

test('bytes that are no signature give none, and a signature goes there and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 90 }), (bytes) => [0, 64].includes(sm2SignatureFromDer(bytes).length)),
  );
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (signature) =>
      assert.deepEqual(sm2SignatureFromDer(sm2SignatureToDer(signature)), signature),
    ),
  );
});

test('an SM2 key made by node gives its number', () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'SM2' });
  const number = sm2NumberFromPkcs8(new Uint8Array(pair.privateKey.export({ type: 'pkcs8', format: 'der' })));
  assert.deepEqual(sm2PublicKey(number), sm2PointFromSpki(new Uint8Array(spki(pair.publicKey))));
  assert.equal(createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })).type, 'private');
});
