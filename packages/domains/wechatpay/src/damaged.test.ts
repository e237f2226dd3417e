import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import vectors from '../../../../spec-vectors/wechatpay.json' with { type: 'json' };
import { type BillRow, parseBill } from './bill.ts';
import { billRows } from './bill-file.ts';
import { openWeChatPay, WeChatPayError } from './index.ts';
import { apiV3Key, merchantPem, platformCertificates, seal, signedHeaders, startMs } from './testing/fake-wechat.ts';
import { direct } from './testing/opened.ts';
import { decodeV2 } from './v2-message.ts';

/** A text with some of its characters replaced, left out or doubled. */
const damaged = (text: string): fc.Arbitrary<string> =>
  fc
    .array(fc.record({ at: fc.nat(text.length), cut: fc.nat(3), put: fc.string({ unit: 'binary', maxLength: 3 }) }), {
      maxLength: 4,
    })
    .map((changes) =>
      changes.reduce((spoilt, { at, cut, put }) => spoilt.slice(0, at) + put + spoilt.slice(at + cut), text),
    );

const readOrRefused = (read: () => void): void => {
  try {
    read();
  } catch (error) {
    if (!(error instanceof WeChatPayError)) throw error;
  }
};

const [bill] = vectors.tradeBill;
const [message] = vectors.v2Xml;

test('a damaged bill is read whole or refused, and nothing else', () => {
  const law = fc.property(damaged(bill?.text ?? ''), (text) =>
    readOrRefused(() => {
      const { rows, summary } = parseBill(text);
      assert.equal(rows.length, Number(Object.values(summary)[0]));
    }),
  );
  fc.assert(law, { verbose: true, numRuns: 300 });
});

test('a damaged v2 message is read or refused, and nothing else', () => {
  const law = fc.property(damaged(message?.xml ?? ''), (xml) => readOrRefused(() => void decodeV2(xml)));
  fc.assert(law, { verbose: true, numRuns: 300 });
});

const { notifications } = openWeChatPay({
  account: direct,
  certificateSerial: 'MERCHANTSERIAL01',
  privateKey: merchantPem,
  apiV3Key,
  hosts: [],
  now: () => startMs,
  platform: { certificates: [platformCertificates.current.pem] },
});

test('whatever WeChat signs and seals is told or refused, and nothing else', async () => {
  const plain = { mchid: direct.mchid, out_trade_no: 'order-000001', trade_state: 'SUCCESS', amount: { total: 1 } };
  const events = fc.constantFrom('TRANSACTION.SUCCESS', 'REFUND.SUCCESS', 'OTHER', '');
  const content = fc.oneof(damaged(JSON.stringify(plain)), fc.json());
  const law = fc.asyncProperty(events, content, fc.boolean(), async (event_type, text, isCombined) => {
    const resource = isCombined ? text.replace('{', '{"combine_out_trade_no":"c-00001","receiver":{},') : text;
    const create_time = '2026-06-01T12:00:00+08:00';
    const body = JSON.stringify({ id: 'n-1', create_time, event_type, resource: seal(resource, 'transaction') });
    const headers = new Headers(signedHeaders(body, platformCertificates.current, startMs));
    try {
      await notifications.read({ headers, body: Buffer.from(body) });
    } catch (error) {
      if (!(error instanceof WeChatPayError)) throw error;
    }
  });
  await fc.assert(law, { verbose: true, numRuns: 200 });
});

test('headers that no one sends on purpose are refused before anything is calculated', async () => {
  const names = ['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Serial', 'Wechatpay-Signature'] as const;
  const value = fc.string({ maxLength: 40 }).map((text) => text.replaceAll(/[^\x21-\x7e]/g, ''));
  const law = fc.asyncProperty(fc.constantFrom(...names), value, async (name, text) => {
    const headers = new Headers(signedHeaders('{}', platformCertificates.current, startMs));
    if (headers.get(name) === text) return;
    headers.set(name, text);
    await assert.rejects(notifications.read({ headers, body: Buffer.from('{}') }), WeChatPayError);
  });
  await fc.assert(law, { verbose: true, numRuns: 200 });
});

const rowsOf = async (text: string, chunkBytes: number): Promise<BillRow[]> => {
  const packed = gzipSync(text);
  const sha1 = createHash('sha1').update(gunzipSync(packed)).digest('hex');
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < packed.length; from += chunkBytes) yield packed.subarray(from, from + chunkBytes);
  }
  const rows: BillRow[] = [];
  for await (const row of billRows({ sha1, download: (take) => take(chunks()) })) rows.push(row);
  return rows;
};

test('a long bill is the same read as it streams and read at once, wherever its pieces end', async () => {
  // Long enough for many pieces, of characters of one to four bytes, so that ends fall within them.
  const row = (index: number) => `\`2026-05-31 10:00:00,\`S${index},\`面包${'é𠮷'.repeat(index % 7)},\`${index}.00`;
  const rows = Array.from({ length: 5_000 }, (_, index) => row(index));
  const text = `\uFEFF交易时间,商户订单号,商品名称,订单金额\r\n${rows.join('\r\n')}\r\n总交易单数\r\n\`5000\r\n`;
  const expected = parseBill(text).rows;
  for (const chunkBytes of [7, 1_000, 1_000_000]) assert.deepEqual(await rowsOf(text, chunkBytes), expected);
});

test('a line without end is refused before it fills the memory', async () => {
  const text = `商户订单号\n\`S1\n\`${'S'.repeat(1_000_000)}\n总交易单数\n\`2\n`;
  await assert.rejects(rowsOf(text, 100_000), { code: 'bill-malformed', place: 'line' });
});

test('a bill that fails half-way is fetched anew, and no row comes twice', async () => {
  const text = '商户订单号\n`S1\n`S2\n总交易单数\n`2\n';
  const packed = gzipSync(text);
  const sha1 = createHash('sha1').update(text).digest('hex');
  async function* cut(): AsyncGenerator<Uint8Array> {
    yield packed.subarray(0, 20);
    throw new Error('connection lost');
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield packed;
  }
  const seen: BillRow[] = [];
  const download = async (take: (chunks: AsyncIterable<Uint8Array>) => Promise<void>): Promise<void> => {
    await assert.rejects(take(cut()));
    await take(whole());
  };
  for await (const row of billRows({ sha1, download })) seen.push(row);
  assert.deepEqual(seen, [{ 商户订单号: 'S1' }, { 商户订单号: 'S2' }]);
});
