import { createCipheriv, createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { cny } from '@zhanggui/money';
import { checkTransaction, openWeChatPay, type Send, signText, weChatChannel } from '@zhanggui/wechatpay';
import { report } from './figure.ts';

const account = { mode: 'direct', mchid: '1900000001', appid: 'wx0000000000000001' } as const;
const apiV3Key = '0123456789abcdef0123456789ABCDEF';
const nowMs = Date.UTC(2026, 5, 1, 4);
const publicKeyId = 'PUB_KEY_ID_0112345678902026060100001';
const outTradeNo = 'S20260601000001';
const total = cny(12_50n);

const [merchant, wechat] = [0, 1].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }));
if (!merchant || !wechat) throw new Error('no keys');

const signedBy = (body: string) => {
  const timestamp = String(nowMs / 1000);
  const signature = sign('sha256', Buffer.from(`${timestamp}\nnonce\n${body}\n`), wechat.privateKey);
  return {
    headers: new Headers({
      'Wechatpay-Timestamp': timestamp,
      'Wechatpay-Nonce': 'nonce',
      'Wechatpay-Serial': publicKeyId,
      'Wechatpay-Signature': signature.toString('base64'),
    }),
    body: Buffer.from(body),
  };
};

const transaction = {
  appid: account.appid,
  mchid: account.mchid,
  out_trade_no: outTradeNo,
  transaction_id: '4200000000202606010000000001',
  trade_type: 'NATIVE',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  bank_type: 'OTHERS',
  success_time: '2026-06-01T12:00:00+08:00',
  payer: { openid: 'o-1' },
  amount: { total: 1250, payer_total: 1250, currency: 'CNY', payer_currency: 'CNY' },
};

const notice = () => {
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from('0123456789ab'));
  cipher.setAAD(Buffer.from('transaction'));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(transaction)), cipher.final(), cipher.getAuthTag()]);
  const resource = {
    algorithm: 'AEAD_AES_256_GCM',
    nonce: '0123456789ab',
    associated_data: 'transaction',
    ciphertext: sealed.toString('base64'),
  };
  const envelope = { id: 'n-1', create_time: transaction.success_time, event_type: 'TRANSACTION.SUCCESS', resource };
  return signedBy(JSON.stringify(envelope));
};

const open = (send: Send) =>
  openWeChatPay({
    account,
    certificateSerial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
    privateKey: merchant.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    apiV3Key,
    platform: {
      publicKeys: { [publicKeyId]: wechat.publicKey.export({ type: 'spki', format: 'pem' }).toString() },
    },
    hosts: ['https://wechat.example'],
    now: () => nowMs,
    send,
  });

const rounds = 300;

/** Microseconds of processor: the best of five rounds after a warm-up, since only disturbance makes it slower. */
const microseconds = async (operation: () => unknown): Promise<number> => {
  const times: number[] = [];
  for (let repeat = 0; repeat < 6; repeat += 1) {
    const startedAt = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1) await operation();
    const { user, system } = process.cpuUsage(startedAt);
    times.push((user + system) / rounds);
  }
  return Math.min(...times.slice(1));
};

/** What the client adds to the bare RSA operations that nobody can leave out. */
const benchCalls = async (): Promise<void> => {
  const answer = signedBy(JSON.stringify(transaction));
  const pay = open(async () => ({ status: 200, ...answer }));
  const text = 'GET\n/v3/pay/transactions/out-trade-no/S20260601000001?mchid=1900000001\n1780286400\nnonce\n\n';
  const bytes = Buffer.from(text);
  const signature = sign('sha256', bytes, wechat.privateKey);
  const bareSign = await microseconds(() => sign('sha256', bytes, merchant.privateKey));
  const bareVerify = await microseconds(() => verify('sha256', bytes, wechat.publicKey, signature));
  const ours = await microseconds(() => signText(text, merchant.privateKey));
  report({ name: 'wechatpay.sign', value: ours, unit: 'us', note: `bare RSA ${bareSign.toFixed(0)} us` });
  report({ name: 'wechatpay.sign.ratio', value: ours / bareSign, unit: 'x bare sign' });
  const call = await microseconds(() => pay.query({ outTradeNo }, total));
  report({ name: 'wechatpay.query', value: call, unit: 'us', note: 'signed, verified, compared; no network' });
  report({ name: 'wechatpay.query.ratio', value: call / (bareSign + bareVerify), unit: 'x bare sign and verify' });
  const told = notice();
  const handling = await microseconds(async () => {
    const notification = await pay.notifications.read(told);
    if (notification.kind === 'paid') checkTransaction(notification.transaction, { outTradeNo, total }, account);
  });
  report({ name: 'wechatpay.notification', value: handling, unit: 'us', note: `bare RSA ${bareVerify.toFixed(0)} us` });
  report({ name: 'wechatpay.notification.ratio', value: handling / bareVerify, unit: 'x bare verify' });
};

const billRows = 1_000_000;
const columns =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';

function* billText(): Generator<string> {
  yield `\uFEFF${columns}\r\n`;
  for (let from = 0; from < billRows; from += 1_000) {
    const rows = Array.from(
      { length: 1_000 },
      (_, index) =>
        `\`2026-06-01 10:00:00,\`wx0000000000000001,\`1900000001,\`0,\`till-1,\`42000000002026060100${from + index},\`S${from + index},\`o-1,\`NATIVE,\`SUCCESS,\`OTHERS,\`CNY,\`12.50,\`0.00,\`0,\`0,\`0.00,\`0.00,\`,\`,\`面包,\`,\`0.08000,\`0.60%,\`12.50,\`0.00,\`\r\n`,
    );
    yield rows.join('');
  }
  yield `总交易单数,订单总金额\r\n\`${billRows},\`0.00\r\n`;
}

const packedBill = async (): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  const packed = Readable.from(billText(), { objectMode: false }).pipe(createGzip({ level: 1 }));
  for await (const chunk of packed) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** A day's bill of a million lines, from the packed file to lines of the counter's own form. */
const benchBill = async (): Promise<void> => {
  const hash = createHash('sha1');
  for (const text of billText()) hash.update(text);
  const packed = await packedBill();
  const address = signedBy(
    JSON.stringify({
      hash_type: 'SHA1',
      hash_value: hash.digest('hex'),
      download_url: 'https://wechat.example/v3/billdownload/file?token=1',
    }),
  );
  const send: Send = async ({ take }) => {
    if (!take) return { status: 200, ...address };
    await take(Readable.from([packed]));
    return { status: 200, headers: new Headers(), body: new Uint8Array() };
  };
  const channel = weChatChannel({ pay: open(send), notifyUrl: 'https://shop.example/notify' });
  const before = process.memoryUsage().rss;
  const startedAt = process.hrtime.bigint();
  let peak = before;
  let count = 0;
  for await (const line of channel.bill('2026-06-01')) {
    count += line.kind === 'payment' ? 1 : 0;
    if (count % 10_000 === 0) peak = Math.max(peak, process.memoryUsage().rss);
  }
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  report({ name: 'wechatpay.bill', value: count / seconds, unit: 'lines/s', note: `${count} lines` });
  report({ name: 'wechatpay.bill.memory', value: (peak - before) / 1e6, unit: 'MB', note: 'more than before' });
};

export const benchWeChatPay = async (): Promise<void> => {
  await benchCalls();
  await benchBill();
};
