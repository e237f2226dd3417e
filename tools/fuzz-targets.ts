import { AlipayError } from '@zhanggui/alipay';
import { decodeGb18030, encodeGb18030, equal, fromHex } from '@zhanggui/bytes';
import { CryptoError } from '@zhanggui/card-crypto';
import { HsmError } from '@zhanggui/hsm';
import {
  CodecError,
  characterDigits,
  type Dialect,
  decodeInterchangeFrame,
  decodePosFrame,
  defineDialect,
  ebcdicCharacters,
  encodeInterchangeFrame,
  encodePosFrame,
  extendTable,
  type FieldElement,
  field54,
  field90,
  fixed,
  interchange,
  interchangeField60,
  interchangeMacInput,
  iso1987,
  iso1987Ascii,
  iso1987Binary,
  iso1987Fields,
  iso1993Ascii,
  iso1993Binary,
  iso2003Ascii,
  iso2003Binary,
  lllvar,
  llvar,
  posField44,
  posField60,
  posField61,
  posMacInput,
  signInKeys,
  unionPayPos,
} from '@zhanggui/iso8583';
import { FRAMINGS, FrameError } from '@zhanggui/link';
import {
  decodeConsumerCode,
  decodeMerchantCode,
  encodeConsumerCode,
  encodeMerchantCode,
  PaycodeError,
  readScan,
} from '@zhanggui/paycode';
import { columnsOf, layout, printable, toEscPos } from '@zhanggui/receipt';
import { Secret } from '@zhanggui/secret';
import { decodeStrictTlv, decodeTlv, dumpTlv, encodeTlv, parseDol, readTlv, TlvError } from '@zhanggui/tlv';
import { UnionPayError } from '@zhanggui/unionpay-qr';
import { WeChatPayError } from '@zhanggui/wechatpay';
import { ZipError } from '@zhanggui/zip';
import { cryptoTargets } from './fuzz-crypto-targets.ts';
import { walletTargets } from './fuzz-wallet-targets.ts';

/** One decoder under fire: what it may throw besides succeeding, and inputs that it takes, to damage. */
export type FuzzTarget = {
  readonly name: string;
  /** Throws an expected error, or an unexpected one when a law is broken; or rejects with it. */
  run(bytes: Uint8Array): void | Promise<void>;
  readonly seeds: readonly Uint8Array[];
  /** What one input costs next to most others: it gets so many fewer of them. */
  readonly costs?: number;
};

const expected = [
  CodecError,
  TlvError,
  FrameError,
  CryptoError,
  PaycodeError,
  HsmError,
  WeChatPayError,
  AlipayError,
  UnionPayError,
  ZipError,
] as const;
export const isExpected = (error: unknown): boolean => expected.some((type) => error instanceof type);

const utf = new TextEncoder();
const decodeUtf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

const requireSame = (again: Uint8Array, bytes: Uint8Array): void => {
  if (!equal(again, bytes)) throw new Error('what decoded encodes to other bytes');
};

/** A sale with what every dialect here has, so that damage falls into its middle. */
const saleOf = (dialect: Dialect<object>): Uint8Array => {
  const texts: Record<number, string | Uint8Array | readonly FieldElement[]> = {};
  for (const [number, { format, length, composite }] of Object.entries(dialect.table)) {
    if (Number(number) > 60 && Number(number) % 3 > 0) continue;
    if (composite !== undefined) {
      const objects = [{ tag: '9F26', value: new Uint8Array(3) }];
      texts[Number(number)] = composite.kind === 'ber-tlv' ? objects : [{ tag: '01', value: objects }];
      continue;
    }
    const units = length.kind === 'fixed' ? length.length : Math.min(length.max, 7);
    texts[Number(number)] =
      format === 'b' ? new Uint8Array(units) : format === 'a' ? 'A'.repeat(units) : '1'.repeat(units);
    if (format === 'x+n') texts[Number(number)] = `C${'1'.repeat(units - 1)}`;
    if (format === 'as') texts[Number(number)] = '-'.repeat(units);
  }
  return dialect.encode({ mti: '0200', fields: texts });
};

const dialectTarget = (dialect: Dialect<object>, seeds: readonly Uint8Array[] = [saleOf(dialect)]): FuzzTarget => ({
  name: `dialect ${dialect.name}`,
  seeds,
  run(bytes) {
    const { message, error } = dialect.decodePartial(bytes);
    if (error !== undefined) throw error;
    requireSame(dialect.encode(message), bytes);
    dialect.matchKey(message);
  },
});

const value = { name: 'value', zh: '值' } as const;

const composites = defineDialect({
  name: 'composites',
  encoding: characterDigits,
  table: {
    48: {
      ...value,
      format: 'ans',
      length: lllvar(999),
      composite: { kind: 'tagged', tagCharacters: 2, prefixDigits: 3, parts: { A1: { ...value, format: 'n' } } },
    },
    55: { ...value, format: 'b', length: lllvar(999), composite: { kind: 'ber-tlv' } },
    61: {
      ...value,
      format: 'ans',
      length: lllvar(999),
      composite: {
        kind: 'positional',
        parts: {
          1: { ...value, format: 'n', length: fixed(2) },
          2: {
            ...value,
            format: 'b',
            length: llvar(99),
            composite: {
              kind: 'bitmapped',
              bitmapBytes: 2,
              parts: { 1: { ...value, format: 'an', length: llvar(9) } },
            },
          },
        },
      },
    },
  },
});

const compositeSeed = composites.encode({
  mti: '0200',
  fields: {
    48: [
      { tag: 'A1', value: '123' },
      { tag: 'ZZ', value: new Uint8Array(9) },
    ],
    55: [
      { tag: '9F26', value: new Uint8Array(8) },
      { tag: 'E1', value: [{ tag: 'DF8129', value: new Uint8Array(200) }] },
    ],
    61: { 1: '07', 2: { 1: 'AB' } },
  } as object,
});

const ebcdic = defineDialect({
  name: 'EBCDIC, 192 fields, lengths of every kind',
  table: extendTable(iso1987Fields, {
    2: { length: llvar(19, { counts: 'bytes' }), encoding: { digits: 'bcd' }, spare: 'F' },
    43: { pad: { side: 'right', with: ' ' } },
    48: { length: lllvar(990, { inclusive: true }) },
    55: { encoding: { bytes: 'hex' }, length: lllvar(255, { counts: 'digits' }) },
    60: { encoding: { lengths: 'binary' } },
    130: { ...value, format: 'n', length: llvar(9), encoding: { digits: 'bcd', lengths: 'bcd' } },
  }),
  encoding: { ...ebcdicCharacters, bitmap: 'hex' },
});
const ebcdicSeed = ebcdic.encode({
  mti: '0200',
  fields: { 2: '62250000000000014', 3: '000000', 43: 'SHOP', 48: 'ABC', 55: new Uint8Array(9), 60: 'X', 130: '123' },
});

/** `get` reads text, and what it gives is written back to the same text. */
const view = (name: string, sample: string, again: (text: string) => string): FuzzTarget => ({
  name: `view ${name}`,
  seeds: [utf.encode(sample)],
  run(bytes) {
    const text = textOf(bytes);
    if (again(text) !== text) throw new Error('a view writes other text than it read');
  },
});

const views: readonly FuzzTarget[] = [
  view('pos 60', '2200000700050', (text) => posField60.encode(posField60.decode(text))),
  view('pos 61', '0000070001340428', (text) => posField61.encode(posField61.decode(text))),
  view('interchange 60', '000005000100000000004021002000', (text) =>
    interchangeField60.encode(interchangeField60.decode(text)),
  ),
  view('54', '1002156C0000000123451001156D000000000001', (text) => field54.encode(field54.decode(text))),
  {
    name: 'view 90',
    seeds: [utf.encode('020000001205112342030009201000000000010000')],
    run: (bytes) => void field90.decode(textOf(bytes)),
  },
  {
    name: 'view 44',
    seeds: [utf.encode('03080000   48520000   ')],
    run: (bytes) => void posField44.decode(textOf(bytes)),
  },
  {
    name: 'sign-in keys',
    seeds: [new Uint8Array(24), new Uint8Array(60)],
    run: (bytes) => void signInKeys.decode(bytes),
  },
];

const posSeed = fromHex('60000300006031003100000800002000000080001000003030303030303031');
const interchangeSeed = encodeInterchangeFrame({
  header: {
    destination: '00010000',
    source: '92010000',
    batch: 0,
    transactionInfo: '00000000',
    userInfo: 0,
    rejectCode: '00000',
  },
  body: new Uint8Array(9),
});

const frames: readonly FuzzTarget[] = [
  {
    name: 'terminal frame',
    seeds: [
      posSeed,
      fromHex('60000300004C5249001C07558888666600000755123456780000580009490006010203040506603100310000 0820'),
    ],
    run: (bytes) => requireSame(encodePosFrame(decodePosFrame(bytes)), bytes),
  },
  {
    name: 'institution frame',
    seeds: [interchangeSeed],
    run: (bytes) => requireSame(encodeInterchangeFrame(decodeInterchangeFrame(bytes)), bytes),
  },
  { name: 'terminal MAC input', seeds: [saleOf(unionPayPos)], run: (bytes) => void posMacInput(bytes) },
  {
    name: 'interchange MAC input',
    seeds: [saleOf(interchange)],
    run: (bytes) => void interchangeMacInput(interchange.decode(bytes)),
  },
  ...Object.values(FRAMINGS).map((framing) => ({
    name: `framing ${framing.name}`,
    seeds: [Buffer.concat([framing.encode(posSeed), framing.encode(new Uint8Array(3))])],
    run(bytes: Uint8Array) {
      const decoder = framing.decoder({ maxBytes: 512 });
      const middle = bytes.length >> 1;
      for (const chunk of [bytes.subarray(0, middle), bytes.subarray(middle)])
        for (const frame of decoder.push(chunk)) if (frame.length > 512) throw new Error('a frame longer than agreed');
    },
  })),
];

const chip = fromHex(
  '9F2608A1B2C3D4E5F607089F2701809F101307010103A02000010A010000000000ABCDEF01950500000000006F0A8408A000000333010101',
);

const others: readonly FuzzTarget[] = [
  { name: 'TLV', seeds: [chip], run: (bytes) => void encodeTlv(decodeTlv(bytes)) },
  { name: 'TLV, strict', seeds: [chip], run: (bytes) => requireSame(encodeTlv(decodeStrictTlv(bytes)), bytes) },
  { name: 'TLV, as cards send it', seeds: [chip], run: (bytes) => void readTlv(bytes) },
  { name: 'TLV dump', seeds: [chip], run: (bytes) => void dumpTlv(decodeTlv(bytes)) },
  { name: 'DOL', seeds: [fromHex('9F02069F03069F1A0295055F2A029A039C019F3704')], run: (bytes) => void parseDol(bytes) },
  {
    name: 'GB18030',
    seeds: [encodeGb18030('掌柜收银 ¥12.00')],
    run: (bytes) => void encodeGb18030(decodeGb18030(bytes)),
  },
  {
    name: 'receipt',
    seeds: [encodeGb18030('掌柜收银 ¥12.00')],
    run(bytes) {
      const text = printable(decodeGb18030(bytes));
      const receipt = {
        lines: [
          { kind: 'text', text },
          { kind: 'pair', left: text, right: '1.00' },
        ],
      } as const;
      for (const row of layout(receipt, { columns: 32 }))
        if (columnsOf(row.text) > 32) throw new Error('a printed row is wider than the paper');
      toEscPos(receipt, { columns: 32 });
    },
  },
  {
    name: 'scan, merchant-presented code',
    seeds: [utf.encode('00020126280014cn.example.pay0106SHOP-152045411530315654041.005802CN5904SHOP6004CITY63049030')],
    run(bytes) {
      const text = decodeUtf8(bytes);
      readScan(text);
      if (encodeMerchantCode(decodeMerchantCode(text)) !== text)
        throw new Error('what decoded encodes to another text');
    },
  },
  {
    name: 'consumer-presented code',
    seeds: [fromHex('8505435056303161134F07A0000000555555500850726F6475637431620F5A0812345678901234585F2D027275')],
    run(bytes) {
      const code = new Secret('payment-code', Buffer.from(bytes).toString('base64'));
      if (encodeConsumerCode(decodeConsumerCode(code)).reveal() !== code.reveal())
        throw new Error('what decoded encodes to another text');
    },
  },
];

const dialects: readonly Dialect<object>[] = [
  unionPayPos,
  interchange,
  iso1987,
  iso1987Ascii,
  iso1987Binary,
  iso1993Ascii,
  iso1993Binary,
  iso2003Ascii,
  iso2003Binary,
];

export const fuzzTargets: readonly FuzzTarget[] = [
  ...dialects.map((dialect) => dialectTarget(dialect)),
  dialectTarget(composites, [compositeSeed]),
  dialectTarget(ebcdic, [ebcdicSeed]),
  ...views,
  ...frames,
  ...others,
  ...cryptoTargets,
  ...walletTargets,
];
