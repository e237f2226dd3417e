import { CryptoError } from '@zhanggui/card-crypto';
import { CodecError, RESPONSE_CODES } from '@zhanggui/iso8583';
import { TAGS, TlvError } from '@zhanggui/tlv';
import manifest from '../package.json' with { type: 'json' };
import { type Command, DataError, type Output, UsageError } from './command.ts';
import { commands } from './commands.ts';
import { meaningOf } from './error-texts.ts';
import { commandHelp, exitCodes, overview } from './help.ts';
import { suggestion } from './nearest.ts';
import type { Outside } from './outside.ts';
import { jsonText, painter } from './paint.ts';
import { parseInput } from './parse.ts';

type Chosen = { readonly command: Command; readonly rest: readonly string[] };

const isHelp = (arg: string): boolean => arg === '--help' || arg === '-h';

const commandOf = (args: readonly string[]): Chosen | undefined => {
  for (const command of commands) {
    const words = command.name.split(' ');
    if (words.every((word, index) => args[index] === word)) return { command, rest: args.slice(words.length) };
  }
  return undefined;
};

/** The whole name of a command of which only the last words were said, or of what explains a code or a tag. */
const wholeName = ([first = '', second = '']: readonly string[]): string | undefined => {
  const found = commands.find(({ name }) => name.endsWith(` ${first}`));
  if (found !== undefined) return found.name;
  if (first !== 'explain') return undefined;
  if (/^F\d{1,3}$/i.test(second)) return `explain field ${second.slice(1)}`;
  if (second.toUpperCase() in TAGS) return `explain tag ${second}`;
  return second.toUpperCase() in RESPONSE_CODES ? `explain response-code ${second}` : undefined;
};

const unknown = (args: readonly string[]): UsageError => {
  const words = args.filter((arg) => !arg.startsWith('-')).slice(0, 2);
  const [first = ''] = words;
  const groups = [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? ''))];
  const inGroup = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name);
  const candidates = inGroup.length > 0 ? inGroup : [...groups, ...commands.map(({ name }) => name)];
  const tried = words.join(' ');
  const whole = wholeName(words);
  const near = suggestion(tried, candidates);
  const hint =
    whole === undefined ? (near ?? suggestion(first, inGroup.length > 0 ? [] : groups)) : `did you mean '${whole}'?`;
  return new UsageError(
    `there is no command '${tried}'`,
    hint ?? `zhanggui ${inGroup.length > 0 ? `${first} ` : ''}--help lists what there is`,
  );
};

const print = (output: Output, outside: Outside): void =>
  outside.print('text' in output ? output.text : jsonText(output.json, painter(outside.isColoured.output)));

/** Help that was asked for, or undefined when the line asks for work. */
const helpFor = (args: readonly string[], outside: Outside): string | undefined => {
  const isAsked = args.some(isHelp) || args[0] === 'help';
  const words = args.filter((arg) => !isHelp(arg) && arg !== 'help');
  if (!isAsked) return undefined;
  const paint = painter(outside.isColoured.output);
  const chosen = commandOf(words);
  if (chosen !== undefined) return commandHelp(chosen.command, paint);
  const [group] = words;
  const inGroup = group === undefined ? commands : commands.filter(({ name }) => name.startsWith(`${group} `));
  if (inGroup.length === 0) throw unknown(words);
  return overview(inGroup, paint);
};

const perform = async (args: readonly string[], outside: Outside): Promise<number> => {
  const help = helpFor(args, outside);
  if (help !== undefined) {
    outside.print(help.trimEnd());
    return exitCodes.ok;
  }
  if (args[0] === '--version') {
    outside.print(manifest.version);
    return exitCodes.ok;
  }
  if (args.length === 0) {
    outside.complain(overview(commands, painter(outside.isColoured.errors)).trimEnd());
    return exitCodes.wrongUsage;
  }
  const chosen = commandOf(args);
  if (chosen === undefined) throw unknown(args);
  const input = await parseInput(chosen.command, chosen.rest, outside);
  try {
    print(await chosen.command.run(input), outside);
  } catch (error) {
    throw error instanceof CryptoError ? placed(error, chosen.command) : error;
  }
  return exitCodes.ok;
};

/** A calculation knows no options; the first word of its code is the one that it complains of. */
const placed = (cause: CryptoError, { options }: Command): DataError => {
  const { code } = cause;
  const [word = ''] = code.split('-');
  const names = Object.keys(options);
  const name = names.find((option) => option === word) ?? names.find((option) => option.startsWith(word));
  return new DataError(name === undefined ? code : `--${name}: ${code}`, { cause });
};

/** `RangeError` is how the base rooms say that a value does not fit. */
const isWrongData = (error: unknown): error is Error =>
  [DataError, CodecError, TlvError, CryptoError, RangeError].some((kind) => error instanceof kind);

const complain = (error: unknown, outside: Outside): number => {
  const paint = painter(outside.isColoured.errors);
  const say = (text: string): void => outside.complain(`${paint(['red', 'bold'], 'zhanggui:')} ${text}`);
  const hint = error instanceof UsageError || error instanceof DataError ? error.hint : undefined;
  if (error instanceof UsageError || isWrongData(error)) say(error.message);
  else say(`our own fault, please report it: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}`);
  const meaning = meaningOf(error instanceof DataError ? error.cause : error);
  if (meaning !== undefined) outside.complain(`  ${paint('dim', meaning)}`);
  if (hint !== undefined) outside.complain(`  ${paint('dim', hint)}`);
  if (error instanceof UsageError) return exitCodes.wrongUsage;
  return isWrongData(error) ? exitCodes.wrongBytes : exitCodes.ourFault;
};

/** Does what the line says and gives the exit code. Results go to `print`, everything else to `complain`. */
export const run = async (args: readonly string[], outside: Outside): Promise<number> => {
  try {
    return await perform(args, outside);
  } catch (error) {
    if (error instanceof DataError && error.partial !== undefined) print(error.partial, outside);
    return complain(error, outside);
  }
};
