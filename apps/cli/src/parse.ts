import { parseArgs } from 'node:util';
import { type Command, DataError, type Input, type Option, type Options, UsageError } from './command.ts';
import { bytesOf } from './hex-text.ts';
import { suggestion } from './nearest.ts';
import type { Outside } from './outside.ts';

type Given = { readonly values: ReadonlyMap<string, readonly string[]>; readonly words: readonly string[] };

const readTokens = (args: readonly string[], options: Options): Given => {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { kind }]) => [
        name,
        { type: kind === 'flag' ? 'boolean' : 'string' } as const,
      ]),
    ),
    strict: false,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const option = options[token.name];
    if (option === undefined)
      throw new UsageError(
        `unknown option ${token.rawName}`,
        suggestion(
          token.rawName,
          Object.keys(options).map((name) => `--${name}`),
        ),
      );
    values.set(token.name, [...(values.get(token.name) ?? []), checkedValue(token.name, option, token.value)]);
    if (!option.isMany && values.get(token.name)?.length !== 1)
      throw new UsageError(`--${token.name} is given more than once`);
  }
  return { values, words };
};

const checkedValue = (name: string, option: Option, value: string | undefined): string => {
  if (option.kind === 'flag') {
    if (value !== undefined) throw new UsageError(`--${name} takes no value`);
    return 'true';
  }
  if (value === undefined || (value.startsWith('--') && value.length > 2))
    throw new UsageError(`--${name} needs a value`);
  if (option.choices !== undefined && !option.choices.includes(value))
    throw new UsageError(`--${name} is one of ${option.choices.join(', ')}`, suggestion(value, option.choices));
  return value;
};

/** The value itself, `@file` for what a file holds, `-` for standard input: so that no key need stand on the line. */
const fetched = async (value: string, outside: Outside): Promise<string> => {
  if (value === '-') return (await outside.readInput()) ?? '';
  return value.startsWith('@') ? fileText(value.slice(1), outside) : value;
};

const fileText = (path: string, outside: Outside): string => {
  try {
    return outside.readFile(path);
  } catch {
    throw new UsageError(`the file ${path} cannot be read`);
  }
};

const readValues = async (given: Given, options: Options, outside: Outside): Promise<Map<string, string[]>> => {
  const values = new Map<string, string[]>();
  for (const [name, option] of Object.entries(options)) {
    const texts = given.values.get(name) ?? (option.usual === undefined ? [] : [option.usual]);
    const read: string[] = [];
    for (const text of texts) read.push(option.kind === 'flag' ? text : (await fetched(text, outside)).trim());
    if (read.length > 0) values.set(name, read);
    else if (option.isRequired) throw new UsageError(`--${name} is missing: ${option.help}`);
    if (option.kind === 'digits' && read.some((text) => !/^\d+$/.test(text)))
      throw new DataError(`--${name}: digits only`);
  }
  return values;
};

const readArgument = async (command: Command, words: readonly string[], outside: Outside): Promise<string> => {
  const { name, help } = command.argument ?? { name: 'argument', help: '' };
  const text = words.length > 0 ? await fetched(words.join(' '), outside) : await outside.readInput();
  if (text === undefined || text.trim() === '') throw new UsageError(`<${name}> is missing: ${help}`);
  return text.trim();
};

/** What a line of options and words gives a command. Throws `UsageError` or `DataError`. */
export const parseInput = async (command: Command, args: readonly string[], outside: Outside): Promise<Input> => {
  const given = readTokens(args, command.options);
  const [surplus] = given.words;
  if (command.argument === undefined && surplus !== undefined)
    throw new UsageError(
      `'${surplus}' is one word too many`,
      suggestion(
        `--${surplus}`,
        Object.keys(command.options).map((name) => `--${name}`),
      ),
    );
  const values = await readValues(given, command.options, outside);
  const argument = (): Promise<string> => readArgument(command, given.words, outside);
  const text = (name: string): string => {
    const [value] = values.get(name) ?? [];
    if (value === undefined) throw new UsageError(`--${name} is missing: ${command.options[name]?.help ?? ''}`);
    return value;
  };
  return {
    argument,
    argumentOrFile: async () => {
      const [word = '-'] = given.words;
      return /^[-@{[]/.test(word.trim()) ? argument() : fileText(word, outside);
    },
    argumentBytes: async () => bytesOf(await argument(), command.argument?.name ?? 'argument'),
    has: (name) => values.has(name),
    text,
    bytes: (name) => bytesOf(text(name), `--${name}`),
    many: (name) => values.get(name) ?? [],
    random: outside.random,
    today: outside.today,
  };
};
