import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands } from './commands.ts';
import { say } from './test-say.ts';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

for (const command of commands)
  for (const { line, stdin, prints } of command.examples.filter(({ isSketch }) => !isSketch))
    test(`the example does what the help says: ${line.slice(0, 70)}`, async () => {
      const { code, out, err } = await say(line.split(' '), stdin);
      assert.equal(err, '');
      assert.equal(code, 0);
      if (typeof prints === 'string') assert.equal(out.trim(), prints);
      if (!isObject(prints)) return;
      const printed: unknown = JSON.parse(out);
      assert.ok(isObject(printed));
      assert.deepEqual(Object.fromEntries(Object.keys(prints).map((name) => [name, printed[name]])), prints);
    });

for (const { name, options, argument } of commands)
  test(`help of ${name} names every option`, async () => {
    const { code, out } = await say([...name.split(' '), '--help']);
    assert.equal(code, 0);
    for (const option of Object.keys(options)) assert.ok(out.includes(`--${option}`), option);
    if (argument !== undefined) assert.ok(out.includes(`<${argument.name}>`));
  });

test('every command shows an example', () => {
  assert.deepEqual(
    commands.filter(({ examples }) => examples.length === 0).map(({ name }) => name),
    [],
  );
});
