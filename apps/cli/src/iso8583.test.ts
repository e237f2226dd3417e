import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { dialects } from './dialects.ts';
import { say } from './test-say.ts';

type Vector = {
  readonly name: string;
  readonly frame: string;
  readonly tpdu: string;
  readonly header: string;
  readonly mti: string;
  readonly fields: Readonly<Record<string, string>>;
};

const program = join(import.meta.dirname, '..', 'bin', 'zhanggui.mjs');
const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../spec-vectors/unionpay-pos.json'), 'utf8'),
) as { messages: readonly Vector[] };

/** The real command, as a shell starts it. */
const zhanggui = (args: readonly string[], input?: string) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    input: input ?? '',
  });
  return { status, stdout: stdout.trim(), stderr };
};

const lengthOf = (frame: string): string => (frame.length / 2).toString(16).toUpperCase().padStart(4, '0');

for (const { name, frame, tpdu, header, mti, fields } of vectors.messages)
  test(`${name} goes through decode and encode of the real command and comes back`, () => {
    const whole = lengthOf(frame) + frame;
    const line = ['iso8583', '--dialect', 'unionpay-pos'];
    const decoded = zhanggui(['decode', ...line, '--unmasked', '--frame', 'length,tpdu,header', whole]);
    assert.equal(decoded.stderr, '');
    assert.deepEqual(JSON.parse(decoded.stdout), { length: frame.length / 2, tpdu, header, mti, fields });
    const encoded = zhanggui(['encode', ...line], decoded.stdout);
    assert.deepEqual(encoded, { status: 0, stdout: whole, stderr: '' });
  });

for (const { name, frame, tpdu, header, mti, fields } of vectors.messages)
  test(`${name} goes through with any part of its frame`, async () => {
    const [withTpdu, withHeader, bare] = [frame, frame.slice(10), frame.slice(22)];
    for (const [bytes, parts, wanted] of [
      [withTpdu, 'header,tpdu', { tpdu, header }],
      [withHeader, 'header', { header }],
      [tpdu + bare, 'tpdu', { tpdu }],
      [lengthOf(bare) + bare, 'length', { length: bare.length / 2 }],
      [bare, 'none', {}],
    ] as const) {
      const { out } = await say(['decode', 'iso8583', '--unmasked', '--frame', parts], bytes);
      assert.deepEqual(JSON.parse(out), { ...wanted, mti, fields });
      assert.equal((await say(['encode', 'iso8583'], out)).out.trim(), bytes);
    }
  });

const message =
  '02007020048000C080101662250000000000140000000000000088000000010120003030303030303031383938313030303030303030303031313536000822000001';

const otherDialects = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../spec-vectors/iso8583.json'), 'utf8'),
) as { messages: readonly (Pick<Vector, 'name' | 'mti' | 'fields'> & { dialect: string; bytes: string })[] };

for (const { name, dialect, bytes } of otherDialects.messages.filter((message) => message.dialect in dialects))
  test(`${dialect}, ${name}: encode gives what decode was given`, async () => {
    const decoded = await say(['decode', 'iso8583', '--dialect', dialect, '--unmasked', bytes]);
    const encoded = await say(['encode', 'iso8583', '--dialect', dialect], decoded.out);
    assert.deepEqual(encoded, { code: 0, out: `${bytes.replaceAll(' ', '')}\n`, err: '' });
  });

test('a card number is masked unless it is asked for', async () => {
  const { out } = await say(['decode', 'iso8583', message]);
  assert.match(out, /622500\*{6}0014/);
  assert.doesNotMatch(out, /6225000000000014/);
});

test('a fault is told by field and by the offset within what was given, not by value', async () => {
  const broken = `6000030000603100311001${message.slice(0, 20)}1662250000`;
  const { code, out, err } = await say(['decode', 'iso8583', '--frame', 'tpdu,header', broken]);
  assert.deepEqual({ code, out }, { code: 1, out: '' });
  assert.match(err, /F2 at byte 22: value-truncated/);
  assert.doesNotMatch(err, /62250000/);
});

test('of a wrong message, what comes before the fault is printed when it is asked for', async () => {
  const { code, out } = await say(['decode', 'iso8583', '--partial', message.slice(0, -8)]);
  assert.equal(code, 1);
  const { fields } = JSON.parse(out) as { fields: Record<string, string> };
  assert.equal(fields['49'], '156');
  assert.equal(fields['60'], undefined);
});

test('bytes with a frame nobody named are told by their frame', async () => {
  const { err } = await say(['decode', 'iso8583', vectors.messages[0]?.frame ?? '']);
  assert.match(err, /--frame tpdu,header/);
});

test('a length that is not that of the bytes is refused, both ways', async () => {
  assert.match(
    (await say(['decode', 'iso8583', '--frame', 'length', `0001${message}`])).err,
    /length: says 1 bytes, 66 follow/,
  );
  const json = '{"length":3,"mti":"0800","fields":{"11":"000001"}}';
  const { code, err } = await say(['encode', 'iso8583', json]);
  assert.equal(code, 1);
  assert.match(err, /length: says 3 bytes, 13 follow/);
});

test('a field may be given by its name', async () => {
  const byNumber = await say(['encode', 'iso8583', '{"mti":"0800","fields":{"11":"000001"}}']);
  const byName = await say(['encode', 'iso8583', '{"mti":"0800","fields":{"stan":"000001"}}']);
  assert.equal(byName.err + byName.out, byNumber.out);
});

test('a field named and numbered at once is refused', async () => {
  const { code, err } = await say(['encode', 'iso8583', '{"mti":"0800","fields":{"stan":"000001","11":"000001"}}']);
  assert.equal(code, 1);
  assert.match(err, /F11: given twice/);
});

for (const [name, { dialect }] of Object.entries(dialects))
  test(`${name} goes through encode and decode`, async () => {
    const fields = { 2: '6225000000000014', 3: '000000', 4: '000000008800', 11: '000001', 41: '00000001' };
    const wanted = Object.fromEntries(
      Object.entries(fields).filter(([number, value]) => {
        const row = dialect.table[Number(number)];
        const fits = row?.length.kind === 'variable' || row?.length.length === value.length;
        return fits && row?.composite === undefined;
      }),
    );
    const json = JSON.stringify({ mti: '0200', fields: wanted });
    const encoded = await say(['encode', 'iso8583', '--dialect', name, json]);
    const decoded = await say(['decode', 'iso8583', '--dialect', name, '--unmasked', encoded.out.trim()]);
    assert.equal(encoded.err + decoded.err, '');
    assert.deepEqual(JSON.parse(decoded.out), { mti: '0200', fields: wanted });
    const masked = await say(['decode', 'iso8583', '--dialect', name, encoded.out.trim()]);
    assert.doesNotMatch(masked.out, /6225000000000014/);
  });

test('a list for the eye names fields, parts and chip data, and hides the card in them', async () => {
  const json =
    '{"mti":"0210","fields":{"2":"6225000000000014","39":"51","55":"5A0862250000000000149F270180","60":"22000001000500"}}';
  const { out: bytes } = await say(['encode', 'iso8583', json]);
  const { out } = await say(['decode', 'iso8583', '--tree', bytes.trim()]);
  for (const line of ['0210  金融 financial · 应答 answer', '余额不足  Insufficient funds', '· batch: 000001', 'ARQC'])
    assert.ok(out.includes(line), `${line} in\n${out}`);
  assert.doesNotMatch(out, /6225000000000014/);
  assert.equal(out.match(/622500\*{6}0014/g)?.length, 2);
});

test('encode takes the parts of a frame that it is told to, and counts the length anew', async () => {
  const { name, frame, tpdu, header } = vectors.messages[0] ?? { name: '', frame: '', tpdu: '', header: '' };
  const whole = lengthOf(frame) + frame;
  const { out: json } = await say(['decode', 'iso8583', '--unmasked', '--frame', 'length,tpdu,header', whole]);
  const bare = frame.slice(tpdu.length + header.length);
  for (const [parts, wanted] of [
    ['length,tpdu,header', whole],
    ['tpdu,header', frame],
    ['length', lengthOf(bare) + bare],
    ['none', bare],
  ] as const)
    assert.equal((await say(['encode', 'iso8583', '--frame', parts], json)).out.trim(), wanted, `${name} ${parts}`);
  const { code, err } = await say(['encode', 'iso8583', '--frame', 'tpdu', '{"mti":"0800","fields":{}}']);
  assert.deepEqual([code, /tpdu: the JSON has none/.test(err)], [1, true]);
});

test('a log of messages is decoded line by line, and a wrong line is told without losing the others', async () => {
  const lines = [message, '', message.slice(0, -2), message].join('\n');
  const { code, out, err } = await say(['decode', 'iso8583', '--lines'], lines);
  assert.equal(code, 1);
  assert.match(err, /line 3: F60 at byte \d+: value-truncated/);
  const decoded = out.trim().split('\n');
  assert.equal(decoded.length, 2);
  for (const line of decoded) assert.equal((JSON.parse(line) as { mti: string }).mti, '0200');
});
