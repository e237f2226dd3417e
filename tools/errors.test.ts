import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const root = dirname(import.meta.dirname);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Where each section of docs/errors.md has its codes in the code: a union of texts, or the keys of a table. */
const sources = [
  { heading: 'What the api refuses', path: 'packages/web/api/src/errors.ts', name: 'apiErrors' },
  { heading: '`CodecError`', path: 'packages/formats/iso8583/src/codec-error.ts', name: 'CodecErrorCode' },
  { heading: '`TlvError`', path: 'packages/formats/tlv/src/tlv.ts', name: 'TlvErrorCode' },
  { heading: '`PaycodeError`', path: 'packages/formats/paycode/src/paycode-error.ts', name: 'PaycodeErrorCode' },
  { heading: '`CryptoError`', path: 'packages/formats/card-crypto/src/crypto-error.ts', name: 'CryptoErrorCode' },
  { heading: '`CardFault`', path: 'packages/cores/emv/src/reasons.ts', name: 'KERNEL_REASONS' },
  { heading: '`FrameError`', path: 'packages/io/link/src/framing.ts', name: 'FrameErrorCode' },
  { heading: '`HsmError`', path: 'packages/io/hsm/src/hsm-error.ts', name: 'HsmErrorCode' },
  { heading: '`MigrationError`', path: 'packages/io/store/src/migrate.ts', name: 'MigrationErrorCode' },
  {
    heading: '`WeChatPayError`',
    path: 'packages/domains/wechatpay/src/wechatpay-error.ts',
    name: 'WeChatPayErrorCode',
  },
  { heading: '`QrPayError`', path: 'packages/domains/qrpay/src/qrpay-error.ts', name: 'QrPayErrorCode' },
  { heading: '`AlipayError`', path: 'packages/domains/alipay/src/alipay-error.ts', name: 'AlipayErrorCode' },
  {
    heading: '`UnionPayError`',
    path: 'packages/domains/unionpay-qr/src/unionpay-error.ts',
    name: 'UnionPayErrorCode',
  },
  { heading: 'Faults of a goods list', path: 'packages/domains/shop/src/goods-columns.ts', name: 'goodsFaultTexts' },
  { heading: 'Faults of an uploaded sale', path: 'packages/domains/shop/src/sale-faults.ts', name: 'texts' },
  { heading: 'What the basket refuses', path: 'packages/cores/basket/src/basket.ts', name: 'BasketRefusal' },
  { heading: 'What a tender is refused for', path: 'packages/cores/basket/src/tender.ts', name: 'TenderRefusal' },
  { heading: 'What the ledger refuses', path: 'packages/cores/ledger/src/ledger.ts', name: 'TransferRefusal' },
] as const;

const codesIn = ({ path, name }: (typeof sources)[number]): string[] => {
  const text = read(path);
  const union = new RegExp(`type ${name} =([^;]*);`).exec(text)?.[1];
  if (union !== undefined) return [...union.matchAll(/'([a-z-]+)'/g)].map(([, code]) => code ?? '');
  const table = new RegExp(`const ${name} = \\{\\n([\\s\\S]*?)\\n\\} as const`).exec(text)?.[1] ?? '';
  return [...table.matchAll(/^ {2}'?([a-z-]+)'?: \{/gm)].map(([, code]) => code ?? '');
};

const page = read('docs/errors.md');
const sections = page.split(/^#{2,3} /m).slice(1);
const codesUnder = (heading: string): string[] => {
  const section = sections.find((text) => text.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| ([a-z-]+) \| [^-]/gm)]
    .map(([, code]) => code ?? '')
    .filter((code) => code !== 'code');
};

for (const source of sources)
  test(`docs/errors.md has every code of ${source.name}, and no other`, () => {
    const codes = codesIn(source);
    assert.ok(codes.length > 0, 'the code has codes');
    assert.deepEqual(codesUnder(source.heading), codes);
  });

const code = globSync('packages/**/src/**/*.ts', { cwd: root, exclude: (name) => name === 'node_modules' })
  .filter((path) => !path.endsWith('.test.ts'))
  .map(read)
  .join('\n');

for (const source of sources)
  test(`every code of ${source.name} is used`, () => {
    const mentions = (name: string): number => [...code.matchAll(new RegExp(`'${name}'|\\b${name}:`, 'g'))].length;
    assert.deepEqual(
      codesIn(source).filter((name) => mentions(name) < 2),
      [],
    );
  });

test('docs/errors.md has no table that is not compared with the code', () => {
  const withCodes = sections.filter((text) => text.includes('| code |'));
  assert.equal(withCodes.length, sources.length);
});
