import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { openBill } from '@zhanggui/alipay/bill';
import { rawMembers } from '@zhanggui/alipay/signing';
import { encodeGb18030 } from '@zhanggui/bytes';
import { decodeAnswer, decodeForm } from '@zhanggui/unionpay-qr/message';
import { openSettlementFile, zmLengths, zmPlaces } from '@zhanggui/unionpay-qr/settlement-file';
import { readXml, writeXml } from '@zhanggui/wallets/wechat/v2-message';
import { parseBill } from '@zhanggui/wechatpay/bill';
import { decodeV2, encodeV2 } from '@zhanggui/wechatpay/v2-message';
import { openZip, writeZip } from '@zhanggui/zip';
import type { FuzzTarget } from './fuzz-targets.ts';

const utf = new TextEncoder();
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const seedsOf = (texts: readonly string[]): Uint8Array[] => texts.map((text) => utf.encode(text));

const xmlSeeds = seedsOf([
  '<xml>\n  <appid><![CDATA[wx2421b1c4370ec43b]]></appid>\n  <attach><![CDATA[支付测试]]></attach>\n  <total_fee>1</total_fee>\n</xml>',
  '<?xml version="1.0"?><xml><a>1 &lt; 2</a><b><![CDATA[<c>]]></b></xml>',
]);

const isJsonObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const answer =
  '{"alipay_trade_query_response":{"code":"10000","msg":"Success, \\"ok\\"}","list":[{"a":[1,{}]}]},"sign":"ab=="}';

const messages: readonly FuzzTarget[] = [
  {
    name: 'wallet, XML of WeChat v2',
    seeds: xmlSeeds,
    run(bytes) {
      const text = textOf(bytes);
      const fields = decodeV2(text);
      assert.deepEqual({ ...decodeV2(encodeV2(fields)) }, { ...fields });
      assert.deepEqual({ ...readXml(text) }, { ...fields }, 'the sandbox reads something else');
    },
  },
  {
    name: 'wallet, XML of v2 at the sandbox',
    seeds: xmlSeeds,
    run(bytes) {
      const fields = readXml(textOf(bytes));
      if (fields === undefined || JSON.stringify(fields).includes(']]>')) return;
      assert.deepEqual(readXml(writeXml(fields)), fields);
    },
  },
  {
    name: 'wallet, nodes of an Alipay answer',
    seeds: seedsOf([answer, '{"a" : "\\u0022,}" , "b":[1,{"c":"]"}], "a":null}']),
    run(bytes) {
      const text = textOf(bytes);
      const whole = parsed(text);
      if (!isJsonObject(whole)) return;
      const members = rawMembers(text);
      assert.deepEqual([...members.keys()].toSorted(), Object.keys(whole).toSorted());
      for (const [name, raw] of members) assert.deepEqual(JSON.parse(raw), whole[name]);
    },
  },
  {
    name: 'wallet, form of UnionPay',
    seeds: seedsOf(['accNo=6225&orderId=1%26+2&respMsg=%E6%88%90%E5%8A%9F%21&signature=ab%3D%3D']),
    run(bytes) {
      const fields = decodeForm(textOf(bytes));
      assert.deepEqual(decodeForm(new URLSearchParams(fields).toString()), fields);
    },
  },
  {
    name: 'wallet, answer of UnionPay',
    seeds: seedsOf(['respCode=00&reserved={a=1&b=2}&respMsg=[x&y]&signature=ab==&txnAmt=1000']),
    run(bytes) {
      const text = textOf(bytes);
      for (const [name, value] of Object.entries(decodeAnswer(text)))
        if (!`&${text}&`.includes(`&${name}=${value}&`)) throw new Error('a field that the answer does not say');
    },
  },
];

const weChatLines = [
  '\uFEFF交易时间,公众账号ID,商户订单号,交易状态,订单金额,商品名称',
  '`2026-11-22 10:00:01,`wx2421b1c4370ec43b,`order-1,`SUCCESS,`12.50,`面包, 一斤',
  '`2026-11-22 11:00:01,`wx2421b1c4370ec43b,`order-1,`REFUND,`0.00,`',
  '总交易单数,应结订单总金额',
  '`2,`12.50',
];
const weChatBill: FuzzTarget = {
  name: 'wallet, bill of WeChat Pay',
  seeds: seedsOf([weChatLines.join('\r\n')]),
  costs: 4,
  run(bytes) {
    const { rows, summary } = parseBill(textOf(bytes));
    assert.equal(rows.length, Number(Object.values(summary)[0]));
  },
};

const alipayLines = [
  '#支付宝业务明细查询',
  '支付宝交易号,商户订单号,业务类型,商品名称,完成时间,订单金额（元）,退款批次号/请求号,服务费（元）',
  '2026112222001,order-1,交易,苹果, 一斤,2026-11-22 10:00:01,12.50,,-0.08',
  '2026112222002,order-1,退款,苹果,2026-11-22 11:00:01,-2.50,refund-1,0.02',
  '#交易合计：1笔，商家实收共12.50元',
  '#退款合计：1笔，商家实收退款共-2.50元',
];
const billName = '20881_20261122_业务明细.csv';
const alipayText = encodeGb18030(alipayLines.join('\r\n'));

const zmLine = ((): Uint8Array => {
  const values: Partial<Record<number, string>> = {
    [zmPlaces.txnCode]: 'S56',
    [zmPlaces.sentAt]: '1122100001',
    [zmPlaces.amount]: '000000001250',
    [zmPlaces.queryId]: '202611221000010000001',
    [zmPlaces.orderId]: 'order1',
    [zmPlaces.fee]: 'D000000000008',
    [zmPlaces.txnType]: '01',
    [zmPlaces.merId]: '777290058110048',
  };
  return utf.encode(`${zmLengths.map((length, place) => (values[place] ?? '').padEnd(length)).join(' ')}\r\n`);
})();
const zmName = 'INN26112288ZM_777290058110048';

const alipayRows = async (archive: Uint8Array): Promise<void> => {
  for await (const { amount } of await openBill(archive))
    if (amount.minor < 0n) throw new Error('an amount below zero');
};
const unionPayRows = async (content: string): Promise<void> => {
  for await (const { amount } of openSettlementFile(content, '2026-11-22', '777290058110048'))
    if (amount.minor < 0n) throw new Error('an amount below zero');
};
const packed = (name: string, bytes: Uint8Array): Uint8Array => writeZip([{ name, bytes }]);
const asContent = (archive: Uint8Array): string => deflateSync(archive).toString('base64');

/** A file that is unpacked has the length it says: nobody can make it grow without end. */
const archiveTargets: readonly FuzzTarget[] = [
  {
    name: 'wallet, zip',
    seeds: [packed(billName, alipayText), packed('zeros', new Uint8Array(100_000))],
    async run(bytes) {
      for (const { name, bytes: read } of openZip(bytes)) {
        const pieces: Uint8Array[] = [];
        for await (const piece of read()) pieces.push(piece);
        const [again] = openZip(packed(name, Buffer.concat(pieces)));
        if (again === undefined) throw new Error('an archive of nothing');
      }
    },
  },
  { name: 'wallet, bill of Alipay, rows', seeds: [alipayText], run: (bytes) => alipayRows(packed(billName, bytes)) },
  { name: 'wallet, bill of Alipay, archive', seeds: [packed(billName, alipayText)], run: alipayRows },
  {
    name: 'wallet, file of UnionPay, rows',
    seeds: [zmLine],
    run: (bytes) => unionPayRows(asContent(packed(zmName, bytes))),
  },
  {
    name: 'wallet, file of UnionPay, archive',
    seeds: [packed(zmName, zmLine)],
    run: (bytes) => unionPayRows(asContent(bytes)),
  },
];
const archives = archiveTargets.map((target) => ({ ...target, costs: 40 }));

/** What wallets send: messages before their signature is looked at, bills, and the archives they come in. */
export const walletTargets: readonly FuzzTarget[] = [...messages, weChatBill, ...archives];
