import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { SettingsError } from './settings.ts';
import { publicUrlOf, readWalletAccounts } from './wallet-accounts.ts';
import { channelsOf } from './wallets.ts';

const folder = mkdtempSync(join(tmpdir(), 'zhanggui-wallets-'));
mkdirSync(join(folder, 'keys'));
for (const name of ['key.pem', 'apiv3.key', 'apiv2.key', 'cert.pem', 'public.pem'])
  writeFileSync(join(folder, 'keys', name), `content of ${name}\n`);

const wechat = {
  account: { mode: 'direct', mchid: '1900000001', appid: 'wx0000000000000001' },
  certificateSerial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
  privateKeyFile: 'keys/key.pem',
  apiV3KeyFile: 'keys/apiv3.key',
  publicKeyFiles: { PUB_KEY_ID_01: 'keys/public.pem' },
};
const read = (content: unknown) => {
  const path = join(folder, 'wallets.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return readWalletAccounts(path);
};

test('accounts are read with the keys that lie beside the file; what is not named is not offered', () => {
  const accounts = read({
    wechat: { ...wechat, v2: { apiKeyFile: 'keys/apiv2.key', certificateFile: 'keys/cert.pem' }, feeBasisPoints: 38 },
  });
  assert.equal(accounts.wechat?.pay.privateKey, 'content of key.pem');
  assert.deepEqual(accounts.wechat?.pay.platform?.publicKeys, { PUB_KEY_ID_01: 'content of public.pem' });
  assert.deepEqual(accounts.wechat?.v2?.identity, { cert: 'content of cert.pem', key: 'content of key.pem' });
  assert.deepEqual(accounts.fees, { wechat: { basisPoints: 38 } });
  assert.deepEqual([accounts.alipay, accounts.unionpay], [undefined, undefined]);
});

test('Alipay is trusted by its key or by certificates, one of them; codes of 龙支付 are taken when the file says so', () => {
  const alipay = { appId: '2021000000000001', privateKeyFile: 'keys/key.pem' };
  const certificateFiles = { app: 'keys/cert.pem', alipay: 'keys/public.pem', root: 'keys/cert.pem' };
  const authorityFiles = ['keys/cert.pem'];
  const unionpay = {
    merId: '777290000000001',
    certificateFile: 'keys/cert.pem',
    privateKeyFile: 'keys/key.pem',
    authorityFiles,
  };
  const accounts = read({ alipay: { ...alipay, certificateFiles }, unionpay: { ...unionpay, takesCcbCodes: true } });
  assert.deepEqual(accounts.alipay?.trust, {
    appCertificate: 'content of cert.pem',
    alipayCertificate: 'content of public.pem',
    rootCertificates: 'content of cert.pem',
  });
  assert.deepEqual(accounts.guestCodes, { ccb: 'unionpay' });
  const byKey = read({ alipay: { ...alipay, publicKeyFile: 'keys/public.pem' }, unionpay });
  assert.deepEqual([byKey.alipay?.trust, byKey.guestCodes], [{ publicKey: 'content of public.pem' }, {}]);
  assert.throws(() => read({ alipay }), /alipay: publicKeyFile or certificateFiles/);
  assert.throws(
    () => read({ alipay: { ...alipay, publicKeyFile: 'keys/public.pem', certificateFiles } }),
    SettingsError,
  );
});

test('a file that cannot be right stops the start, with the place of the mistake and never a key', () => {
  const refusals: readonly [unknown, RegExp][] = [
    ['{', /not JSON/],
    [{ wechat: { ...wechat, apiV3KeyFile: undefined } }, /wechat\.apiV3KeyFile/],
    [{ wechat: { ...wechat, account: { mode: 'both' } } }, /wechat\.account\.mode/],
    [{ wechat: { ...wechat, privateKeyFile: 'keys/none.pem' } }, /keys\/none\.pem, which does not exist/],
    [{ wechatpay: wechat }, /wechatpay/],
  ];
  for (const [content, message] of refusals)
    assert.throws(
      () => read(content),
      (error) => error instanceof SettingsError && message.test(error.message),
    );
  assert.throws(() => readWalletAccounts(join(folder, 'nowhere.json')), SettingsError);
});

test('real wallets are not told to call an address that they cannot reach', () => {
  const own = { ZHANGGUI_PUBLIC_URL: '', ZHANGGUI_WALLETS: '', ZHANGGUI_HTTP_PORT: 8580 };
  assert.equal(publicUrlOf(own), 'http://127.0.0.1:8580');
  const real = { ...own, ZHANGGUI_WALLETS: 'wallets.json' };
  assert.throws(() => publicUrlOf(real), { name: 'SettingsError', message: /ZHANGGUI_PUBLIC_URL/ });
  assert.equal(publicUrlOf({ ...real, ZHANGGUI_PUBLIC_URL: 'https://shop.example' }), 'https://shop.example');
});

test('a key file that holds no key stops the start and is told by its wallet', () => {
  const accounts = read({ wechat });
  assert.throws(
    () => channelsOf(accounts, (wallet) => `https://shop.example/${wallet}`),
    (error) => error instanceof SettingsError && error.message.startsWith('setting ZHANGGUI_WALLETS: wechat: '),
  );
});
