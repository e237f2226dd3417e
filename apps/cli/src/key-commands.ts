import { hex, xor } from '@zhanggui/bytes';
import { adjustParity, kcv } from '@zhanggui/card-crypto';
import { type Command, DataError, type Input } from './command.ts';
import { bytesOf } from './hex-text.ts';

const desKeyBytes: ReadonlySet<number> = new Set([8, 16, 24]);
const partsMax = 9;

/** Check values of keys and components travel as their first three or four bytes; people compare six digits. */
const checkValueOf = (key: Uint8Array): string => hex(kcv(key)).slice(0, 6);

const demandKey = (key: Uint8Array, name: string): Uint8Array => {
  if (!desKeyBytes.has(key.length)) throw new DataError(`${name}: a DES key is 8, 16 or 24 bytes, not ${key.length}`);
  return key;
};

const partsOf = (input: Input): number => {
  const count = Number(input.text('parts'));
  if (count < 2 || count > partsMax) throw new DataError(`--parts: 2 to ${partsMax} people hold components`);
  return count;
};

const componentsOf = (key: Uint8Array, input: Input): Uint8Array[] => {
  const random = Array.from({ length: partsOf(input) - 1 }, () => adjustParity(input.random(key.length)));
  return [...random, random.reduce(xor, key)];
};

const ceremony = (key: Uint8Array, input: Input): object => ({
  result: componentsOf(key, input).map((component, index) => ({
    component: index + 1,
    value: hex(component),
    checkValue: checkValueOf(component),
  })),
  keyCheckValue: checkValueOf(key),
});

const freshKey = (input: Input): Uint8Array => {
  const bytes = Number(input.text('bytes'));
  if (!desKeyBytes.has(bytes)) throw new DataError('--bytes: a DES key is 8, 16 or 24 bytes');
  return adjustParity(input.random(bytes));
};

const combined = (input: Input): object => {
  const components = input.many('component').map((text, index) => bytesOf(text, `--component ${index + 1}`));
  const [first, ...others] = components;
  if (first === undefined || others.length === 0) throw new DataError('--component: give two or more of them');
  if (others.some(({ length }) => length !== first.length)) throw new DataError('--component: they differ in length');
  const key = demandKey(others.reduce(xor, first), '--component');
  const checkValue = checkValueOf(key);
  const wanted = input.has('check-value') ? hex(input.bytes('check-value')) : undefined;
  if (wanted !== undefined && !hex(kcv(key)).startsWith(wanted))
    throw new DataError(`the components make a key with check value ${checkValue}, not the one given`);
  return {
    result: hex(key),
    checkValue,
    components: components.map((component, index) => ({ component: index + 1, checkValue: checkValueOf(component) })),
  };
};

const parts = { kind: 'digits', help: 'how many people hold a component', usual: '2' } as const;

export const keyCommands: readonly Command[] = [
  {
    name: 'key make',
    summary: 'a fresh key in components, each with its check value',
    options: { bytes: { kind: 'digits', help: '8, 16 or 24', usual: '16' }, parts },
    examples: [{ line: 'key make --bytes 16 --parts 3' }],
    run: (input) => ({ json: ceremony(freshKey(input), input) }),
  },
  {
    name: 'key split',
    summary: 'a key there is, in components',
    options: { key: { kind: 'hex', help: 'the key', isRequired: true }, parts },
    examples: [{ line: 'key split --key 0123456789ABCDEFFEDCBA9876543210', prints: { keyCheckValue: '08D7B4' } }],
    run: (input) => ({ json: ceremony(demandKey(input.bytes('key'), '--key'), input) }),
  },
  {
    name: 'key combine',
    summary: 'the key that components make, checked',
    options: {
      component: {
        kind: 'hex',
        help: 'one component; - and @file keep it off the line',
        isRequired: true,
        isMany: true,
      },
      'check-value': { kind: 'hex', help: 'what the key’s must begin with' },
    },
    examples: [
      {
        line: 'key combine --component 11111111111111111111111111111111 --component 1032547698BADCFEEFCDAB8967452301 --check-value 08D7B4',
        prints: { result: '0123456789ABCDEFFEDCBA9876543210', checkValue: '08D7B4' },
      },
    ],
    run: (input) => ({ json: combined(input) }),
  },
];
