import { hex } from '@zhanggui/bytes';
import { RESPONSE_CODES, responseCode } from '@zhanggui/iso8583';
import { EXPLAINED_TAGS, explainTag, TAGS, tagName } from '@zhanggui/tlv';
import { type Command, DataError, UsageError } from './command.ts';
import type { AnyDialect } from './dialects.ts';
import { errorTexts } from './error-texts.ts';
import { bytesOf } from './hex-text.ts';
import { dialectOption, spokenIn } from './iso8583-commands.ts';
import { messageKind } from './message-kind.ts';
import { suggestion } from './nearest.ts';
import { explainSlip, slipExample } from './slip.ts';

const categories = {
  A: { en: 'success', zh: '成功' },
  B: { en: 'failure, may be tried again', zh: '失败，可重试' },
  C: { en: 'failure, not to be tried again', zh: '失败，不可重试' },
  D: { en: 'the operator must act', zh: '需操作员处理' },
  E: { en: 'system fault', zh: '系统故障' },
} as const;

/** A tag by the word people use for it, with a value whose explanation the help shows. */
const bitFields: readonly (readonly [word: string, tag: string, example: string])[] = [
  ['tvr', '95', '0000048000'],
  ['tsi', '9B', 'E800'],
  ['aip', '82', '7C00'],
  ['auc', '9F07', 'FF00'],
  ['cvm-list', '8E', '000000000000000042031E031F00'],
  ['cvm-results', '9F34', '420300'],
  ['iad', '9F10', '07010103A0A80201'],
  ['cid', '9F27', '80'],
  ['terminal-capabilities', '9F33', 'E0E1C8'],
  ['additional-capabilities', '9F40', '6000F0A001'],
  ['terminal-type', '9F35', '22'],
  ['ttq', '9F66', '26000080'],
  ['ctq', '9F6C', '8080'],
  ['afl', '94', '0801010010010301'],
];

const fieldJson = ({ table }: AnyDialect, wanted: string): object => {
  const found = Object.entries(table).find(([number, { name }]) => number === wanted || name === wanted);
  if (found === undefined) {
    const names = Object.values(table).map(({ name }) => name);
    throw new DataError(`the dialect has no field ${wanted}`, { hint: suggestion(wanted, names) });
  }
  const [number, row] = found;
  return { field: Number(number), ...row };
};

const checkedMeanings = (tag: string, value: Uint8Array): object => {
  const meaning = explainTag(tag, value);
  if (meaning === undefined)
    throw new DataError(`${tag}: ${value.length} bytes are no value of ${tagName(tag)?.en ?? 'this tag'}`);
  return { tag, name: tagName(tag), value: hex(value), meaning };
};

const bitFieldCommands: readonly Command[] = bitFields.map(([word, tag, example]) => ({
  name: `explain ${word}`,
  summary: `${tag}  ${tagName(tag)?.en ?? ''}`,
  argument: { name: 'hex', help: 'its value' },
  options: {},
  examples: [{ line: `explain ${word} ${example}`, prints: { tag, value: example } }],
  run: async (input) => ({ json: checkedMeanings(tag, await input.argumentBytes()) }),
}));

export const explainCommands: readonly Command[] = [
  {
    name: 'explain response-code',
    summary: 'field 39, in both languages',
    argument: { name: 'code', help: 'two characters' },
    options: {},
    examples: [
      {
        line: 'explain response-code 51',
        prints: { code: '51', en: 'Insufficient funds', zh: '余额不足', category: 'C' },
      },
    ],
    run: async (input) => {
      const code = (await input.argument()).toUpperCase();
      if (!/^[0-9A-Z]{2}$/.test(code)) throw new DataError('code: two letters or digits');
      const { category, ...found } = responseCode(code);
      return { json: { code, ...found, category, meaning: categories[category], isKnown: code in RESPONSE_CODES } };
    },
  },
  {
    name: 'explain mti',
    summary: 'a message type, digit by digit',
    argument: { name: 'mti', help: 'four digits' },
    options: {},
    examples: [{ line: 'explain mti 0420', prints: { mti: '0420', class: { zh: '冲正', en: 'reversal' } } }],
    run: async (input) => {
      const mti = await input.argument();
      if (!/^\d{4}$/.test(mti)) throw new DataError('mti: four digits');
      return { json: { mti, ...messageKind(mti) } };
    },
  },
  {
    name: 'explain field',
    summary: 'what a dialect has at a field: name, format, length, what is masked',
    argument: { name: 'field', help: 'its number or name' },
    options: { dialect: dialectOption },
    examples: [{ line: 'explain field 22', prints: { field: 22, name: 'entryMode', format: 'n' } }],
    run: async (input) => ({ json: fieldJson(spokenIn(input).dialect, await input.argument()) }),
  },
  {
    name: 'explain error',
    summary: 'an error code of this command or of a log line',
    argument: { name: 'code', help: 'such as value-truncated' },
    options: {},
    examples: [
      {
        line: 'explain error trailing-bytes',
        prints: {
          code: 'trailing-bytes',
          meanings: [{ kind: 'CodecError', meaning: 'bytes are left after the last field' }],
        },
      },
    ],
    run: async (input) => {
      const code = (await input.argument()).toLowerCase();
      const found = errorTexts().filter((text) => text.code === code);
      if (found.length === 0) {
        const hint = suggestion(code, [...new Set(errorTexts().map((text) => text.code))]);
        throw new DataError(`there is no error code ${code}`, { hint });
      }
      return { json: { code, meanings: found.map(({ kind, meaning }) => ({ kind, meaning })) } };
    },
  },
  ...bitFieldCommands,
  {
    name: 'explain tag',
    summary: 'what a tag is called, and what its value means',
    argument: { name: 'tag', help: 'the tag in hexadecimal, and behind it perhaps a value' },
    options: { value: { kind: 'hex', help: `a value to explain, of ${EXPLAINED_TAGS.join(' ')}` } },
    examples: [{ line: 'explain tag 9F26' }, { line: 'explain tag 95 0000008000' }],
    run: async (input) => {
      const [tag = '', ...words] = (await input.argument()).toUpperCase().split(/\s+/);
      const row = TAGS[tag];
      if (row === undefined)
        throw new DataError(`the dictionary has no tag ${tag}`, { hint: suggestion(tag, Object.keys(TAGS)) });
      const { en, zh, format } = row;
      const head = { tag, name: { en, zh }, format };
      if (words.length === 0 && !input.has('value')) return { json: head };
      const value = words.length === 0 ? input.bytes('value') : bytesOf(words.join(''), 'value');
      const meaning = explainTag(tag, value);
      return { json: { ...head, value: hex(value), ...(meaning === undefined ? {} : { meaning }) } };
    },
  },
  {
    name: 'explain slip',
    summary: 'the chip lines of a printed slip: AID, TVR, TSI, ARQC, TC, …',
    argument: { name: 'text', help: 'what the slip says' },
    options: {},
    examples: [{ line: 'explain slip', stdin: slipExample }],
    run: async (input) => {
      const found = explainSlip(await input.argument());
      if (found.length === 0)
        throw new UsageError('the text has no line that a chip card slip has, such as TVR 0000048000');
      return { json: found };
    },
  },
];
