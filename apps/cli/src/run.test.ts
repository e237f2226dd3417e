import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { commands } from './commands.ts';
import { say } from './test-say.ts';

for (const [line, wanted] of [
  ['decode iso8853 00', "did you mean 'decode iso8583'?"],
  ['decdoe tlv 00', "did you mean 'decode tlv'?"],
  ['explain tv 00', "did you mean 'explain tvr'?"],
  ['crypto mac --algoritm unionpay-ecb', "did you mean '--algorithm'?"],
  ['crypto mac --algorithm unionpay --key 00 --data 00', "did you mean 'unionpay-ecb'?"],
  ['crypto kcv', '--key is missing'],
  ['crypto kcv --key', '--key needs a value'],
  ['crypto kcv --key 00 --key 00', '--key is given more than once'],
  ['decode tlv', '<hex> is missing'],
  ['decode iso8583 --frame lenght 00', '--frame names length, tpdu, header'],
  ['decode iso8583 --dialect interchange --frame tpdu 00', 'no tpdu'],
  ['decode tlv @/no/such/file', 'cannot be read'],
] as const)
  test(`a line that is not understood says why: ${line}`, async () => {
    const { code, out, err } = await say(line.split(' '));
    assert.deepEqual({ code, out }, { code: 2, out: '' });
    assert.ok(err.includes(wanted), err);
  });

for (const [line, wanted] of [
  ['decode tlv 9G', 'hex: digit 2 is not hexadecimal'],
  ['decode tlv 9A0', 'hex: 3 hexadecimal digits are no whole bytes'],
  ['decode tlv 9A0326', 'value-truncated at byte 2'],
  ['crypto kcv --key 00', '--key: key-length'],
  [
    'crypto sm2-sign --key 3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8 --data 00 --identity 掌柜',
    'does not fit',
  ],
  ['crypto dukpt-tdes --bdk 0123456789ABCDEFFEDCBA9876543210 --ksn 00', '--ksn: ksn-format'],
  ['crypto pin-block --pin 12 --pan 6225000000000014', '--pin: pin-format'],
  ['encode iso8583 {"mti":"0200","fields":{"4":"1"}}', 'F4'],
  ['encode iso8583 {"mti":"0200","fields":{"52":"0G"}}', 'F52: digit 2 is not hexadecimal'],
  ['encode iso8583 {"mti":"0200","fields":{"nonsense":"1"}}', 'nonsense'],
  ['encode iso8583 {', 'not JSON'],
  ['explain tvr 00', '95: 1 bytes'],
  ['key combine --component 1111111111111111 --component 2222222222222222 --check-value 000000', 'check value'],
] as const)
  test(`what is wrong is told by its place: ${line}`, async () => {
    const { code, out, err } = await say(line.split(' '));
    assert.deepEqual({ code, out }, { code: 1, out: '' });
    assert.ok(err.includes(wanted), err);
  });

for (const [line, wanted] of [
  ['tvr 0000048000', "did you mean 'explain tvr'?"],
  ['explain 51', "did you mean 'explain response-code 51'?"],
  ['explain F39', "did you mean 'explain field 39'?"],
  ['explain 9f33', "did you mean 'explain tag 9f33'?"],
] as const)
  test(`a line that says half of a command is helped on: ${line}`, async () => {
    const { code, err } = await say(line.split(' '));
    assert.deepEqual([code, err.includes(wanted)], [2, true], err);
  });

test('the version is told', async () => {
  assert.match((await say(['--version'])).out, /^\d+\.\d+\.\d+$/m);
});

test('an error never repeats a key, a PIN or a card number', async () => {
  const { err } = await say(
    'crypto pin-block --pin 123456 --pan 62250000000000149999999 --key 0123456789ABCDEF'.split(' '),
  );
  assert.doesNotMatch(err, /123456|6225|0123456789ABCDEF/);
});

test('what is on standard input is taken for an option that says -', async () => {
  const { out } = await say(['crypto', 'kcv', '--key', '-'], '0123456789ABCDEFFEDCBA9876543210\n');
  assert.equal((JSON.parse(out) as { result: string }).result, '08D7B4FB629D0885');
});

test('a PIN block opens to the PIN it was made of, in every format, also when chance fills it', async () => {
  for (const format of ['0', '1', '2', '3']) {
    const pan = ['--pan', '6225000000000014', '--format', format];
    const made = JSON.parse((await say(['crypto', 'pin-block', '--pin', '1234', ...pan])).out) as { result: string };
    const { out } = await say(['crypto', 'pin-open', '--block', made.result, ...pan]);
    assert.equal((JSON.parse(out) as { result: string }).result, '1234');
  }
});

test('components make the key they were split from', async () => {
  const key = '0123456789ABCDEFFEDCBA9876543210';
  const { result } = JSON.parse((await say(['key', 'split', '--key', key, '--parts', '3'])).out) as {
    result: readonly { value: string }[];
  };
  const { out } = await say(['key', 'combine', ...result.flatMap(({ value }) => ['--component', value])]);
  assert.equal((JSON.parse(out) as { result: string }).result, key);
});

test('test cards are of the sandbox’s BINs', async () => {
  const { out } = await say(['cards', '--count', '2']);
  const { cards } = JSON.parse(out) as { cards: readonly { pan: string; sandbox: boolean }[] };
  assert.equal(cards.length, 2);
  assert.ok(cards.every(({ pan, sandbox }) => sandbox && pan.startsWith('622500')));
});

test('a lenient reading prints what there is and still fails', async () => {
  const { code, out, err } = await say(['decode', 'tlv', '--lenient', '9C01009A0326']);
  assert.equal(code, 1);
  assert.equal((JSON.parse(out) as readonly unknown[]).length, 2);
  assert.match(err, /value-truncated at byte 5/);
});

test('help lists every command once, and nothing asked is a mistake', async () => {
  const { code, out } = await say(['--help']);
  assert.equal(code, 0);
  for (const { name } of commands) assert.ok(out.includes(`  ${name}`), name);
  assert.equal(new Set(commands.map(({ name }) => name)).size, commands.length);
  assert.equal((await say([])).code, 2);
});

test('no summary or help text breaks its line', () => {
  for (const { summary, options } of commands)
    for (const text of [summary, ...Object.values(options).map(({ help }) => help)]) assert.doesNotMatch(text, /\n/);
});

test('colours come only where they are seen', () => {
  const program = join(import.meta.dirname, '..', 'bin', 'zhanggui.mjs');
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, '--help'], { encoding: 'utf8' });
  assert.equal(status, 0);
  assert.equal((stdout + stderr).includes('\u001b'), false);
});

for (const algorithm of ['des', 'aes', 'sm4'])
  test(`a fresh ${algorithm} key comes together again out of its components, check values and all`, async () => {
    type Made = { keyCheckValue: string; result: readonly { value: string }[] };
    const made = JSON.parse((await say(['key', 'make', '--parts', '3', '--algorithm', algorithm])).out) as Made;
    const { code } = await say([
      'key',
      'combine',
      '--algorithm',
      algorithm,
      '--check-value',
      made.keyCheckValue,
      ...made.result.flatMap(({ value }) => ['--component', value]),
    ]);
    assert.equal(code, 0);
  });
