import { hex, xor } from '@zhanggui/bytes';
import { adjustParity, aesCmacKcv, kcv, sm4Kcv } from '@zhanggui/card-crypto';
import { type Command, DataError, type Input, UsageError } from './command.ts';
import { bytesOf } from './hex-text.ts';

/** What a kind of key needs in a ceremony: its lengths, its check value, and whether its bytes are made odd. */
type Kind = {
  readonly bytes: readonly number[];
  readonly checkValue: (key: Uint8Array) => Uint8Array;
  readonly isOdd: boolean;
};

const kinds: Readonly<Record<string, Kind>> = {
  des: { bytes: [8, 16, 24], checkValue: kcv, isOdd: true },
  aes: { bytes: [16, 24, 32], checkValue: aesCmacKcv, isOdd: false },
  sm4: { bytes: [16], checkValue: sm4Kcv, isOdd: false },
};

const partsMax = 9;

const kindOf = (input: Input): Kind => {
  const kind = kinds[input.text('algorithm')];
  if (kind === undefined) throw new UsageError('no such algorithm');
  return kind;
};

/** Check values of keys and components travel as their first bytes; people compare six digits. */
const checkValueOf = (key: Uint8Array, { checkValue }: Kind): string => hex(checkValue(key)).slice(0, 6);

const demandLength = (bytes: number, { bytes: lengths }: Kind, name: string): void => {
  if (!lengths.includes(bytes)) throw new DataError(`${name}: ${lengths.join(', ')} bytes are wanted, not ${bytes}`);
};

const randomKey = (bytes: number, input: Input): Uint8Array =>
  kindOf(input).isOdd ? adjustParity(input.random(bytes)) : input.random(bytes);

const partsOf = (input: Input): number => {
  const count = Number(input.text('parts'));
  if (count < 2 || count > partsMax) throw new DataError(`--parts: 2 to ${partsMax} people hold components`);
  return count;
};

const componentsOf = (key: Uint8Array, input: Input): Uint8Array[] => {
  const random = Array.from({ length: partsOf(input) - 1 }, () => randomKey(key.length, input));
  return [...random, random.reduce(xor, key)];
};

const listed = (components: readonly Uint8Array[], kind: Kind, isClear: boolean): object[] =>
  components.map((component, index) => ({
    component: index + 1,
    ...(isClear ? { value: hex(component) } : {}),
    checkValue: checkValueOf(component, kind),
  }));

const ceremony = (key: Uint8Array, input: Input): object => ({
  result: listed(componentsOf(key, input), kindOf(input), true),
  keyCheckValue: checkValueOf(key, kindOf(input)),
});

const made = (input: Input): object => {
  const bytes = Number(input.text('bytes'));
  demandLength(bytes, kindOf(input), '--bytes');
  return ceremony(randomKey(bytes, input), input);
};

const split = (input: Input): object => {
  const key = input.bytes('key');
  demandLength(key.length, kindOf(input), '--key');
  return ceremony(key, input);
};

const combined = (input: Input): object => {
  const kind = kindOf(input);
  const components = input.many('component').map((text, index) => bytesOf(text, `--component ${index + 1}`));
  const [first, ...others] = components;
  if (first === undefined || others.length === 0) throw new DataError('--component: give two or more of them');
  if (others.some(({ length }) => length !== first.length)) throw new DataError('--component: they differ in length');
  demandLength(first.length, kind, '--component');
  const key = others.reduce(xor, first);
  const wanted = input.has('check-value') ? hex(input.bytes('check-value')) : '';
  if (!hex(kind.checkValue(key)).startsWith(wanted))
    throw new DataError(`the components make a key with check value ${checkValueOf(key, kind)}, not the one given`);
  return { result: hex(key), checkValue: checkValueOf(key, kind), components: listed(components, kind, false) };
};

const algorithm = {
  kind: 'text',
  help: 'what the key is for; the check value of aes is by CMAC',
  choices: Object.keys(kinds),
  usual: 'des',
} as const;
const parts = { kind: 'digits', help: 'how many people hold a component', usual: '2' } as const;

export const keyCommands: readonly Command[] = [
  {
    name: 'key make',
    summary: 'a fresh key in components, each with its check value',
    options: { bytes: { kind: 'digits', help: 'how long', usual: '16' }, parts, algorithm },
    examples: [{ line: 'key make --bytes 16 --parts 3' }],
    run: (input) => ({ json: made(input) }),
  },
  {
    name: 'key split',
    summary: 'a key there is, in components',
    options: { key: { kind: 'hex', help: 'the key', isRequired: true }, parts, algorithm },
    examples: [{ line: 'key split --key 0123456789ABCDEFFEDCBA9876543210', prints: { keyCheckValue: '08D7B4' } }],
    run: (input) => ({ json: split(input) }),
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
      algorithm,
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
