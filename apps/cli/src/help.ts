import type { Command, Option } from './command.ts';
import type { Paint } from './paint.ts';

/** Exit codes, also documented in the README. */
export const exitCodes = { ok: 0, wrongBytes: 1, wrongUsage: 2, ourFault: 3 } as const;

const exitText = '0 done · 1 the bytes or values are wrong · 2 the line was not understood · 3 our own fault';

const columns = (rows: readonly (readonly [string, string])[], paint: Paint): string[] => {
  const width = Math.max(0, ...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${paint('cyan', left.padEnd(width))}${right}`);
};

const heading = (text: string, paint: Paint): string => paint('bold', text);

/** Choices that take more room than this stand below their option. */
const choicesMax = 28;
const lineMax = 90;

const wrapped = (words: readonly string[]): string[] => {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 2 > lineMax) lines.push(word);
    else lines[lines.length - 1] = `${last}, ${word}`;
  }
  return lines;
};

const optionRows = ([name, option]: [string, Option]): [string, string][] => {
  const choices = option.choices ?? [];
  const isLong = choices.join('|').length > choicesMax;
  const value = option.kind === 'flag' ? '' : ` <${choices.length === 0 || isLong ? option.kind : choices.join('|')}>`;
  const notes = [
    option.isRequired ? 'required' : '',
    option.usual === undefined ? '' : `usually ${option.usual}`,
    option.isMany ? 'may be repeated' : '',
  ].filter((note) => note !== '');
  const row: [string, string] = [`--${name}${value}`, option.help + (notes.length > 0 ? ` (${notes.join(', ')})` : '')];
  return isLong ? [row, ...wrapped(choices).map((line): [string, string] => ['', line])] : [row];
};

const usageLine = ({ name, argument, options }: Command): string => {
  const required = Object.entries(options)
    .filter(([, { isRequired }]) => isRequired)
    .map(([option, { kind }]) => ` --${option} <${kind}>`);
  return `zhanggui ${name}${required.join('')} [options]${argument === undefined ? '' : ` [<${argument.name}>]`}`;
};

/** How one command is used. */
export const commandHelp = (command: Command, paint: Paint): string => {
  const { argument, options, examples, summary } = command;
  const rows = Object.entries(options).flatMap(optionRows);
  return [
    summary,
    '',
    `${heading('Usage', paint)}  ${usageLine(command)}`,
    ...(argument === undefined
      ? []
      : ['', ...columns([[`<${argument.name}>`, `${argument.help}; from standard input when left out`]], paint)]),
    ...(rows.length === 0 ? [] : ['', heading('Options', paint), ...columns(rows, paint)]),
    '',
    heading('Examples', paint),
    ...examples.map(({ line, stdin }) => `  ${stdin === undefined ? '' : `echo '${stdin}' | `}zhanggui ${line}`),
    '',
  ].join('\n');
};

const groupTitles: Readonly<Record<string, string>> = {
  decode: 'Bytes to JSON',
  encode: 'JSON to bytes',
  explain: 'What a code or a bit field means',
  crypto: 'Card cryptography',
  key: 'Key ceremony',
  cards: 'Test cards',
};

const groupOf = ({ name }: Command): string => name.split(' ')[0] ?? name;

/** What there is, by group; only the group's when `commands` are of one. */
export const overview = (commands: readonly Command[], paint: Paint): string => {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const groups = [...new Set(commands.map(groupOf))].flatMap((group) => [
    heading(groupTitles[group] ?? group, paint),
    ...columns(
      commands
        .filter((command) => groupOf(command) === group)
        .map(({ name, summary }) => [name.padEnd(width), summary] as const),
      paint,
    ),
    '',
  ]);
  return [
    `${paint('bold', '掌柜 zhanggui')}  ISO 8583, EMV and card cryptography from the shell`,
    '',
    `${heading('Usage', paint)}  zhanggui <command> [options]      zhanggui <command> --help`,
    '',
    ...groups,
    'Bytes are hexadecimal, from the line, from a file (@file) or from standard input (-). Output is JSON.',
    'What must not be seen is masked unless --unmasked is given. No colours: NO_COLOR=1. Version: --version.',
    `Exit codes: ${exitText}.`,
    '',
  ].join('\n');
};
