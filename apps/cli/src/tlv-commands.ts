import { hex } from '@zhanggui/bytes';
import {
  decodeStrictTlv,
  decodeTlv,
  dumpTlv,
  encodeTlv,
  explainTag,
  parseDol,
  readTlv,
  shownValue,
  type Tlv,
  TlvError,
  tagName,
  tagSecret,
} from '@zhanggui/tlv';
import { type Command, DataError, type Input, type Output, UsageError } from './command.ts';
import { bytesOf } from './hex-text.ts';

type TlvJson = {
  readonly tag: string;
  readonly name?: { readonly en: string; readonly zh: string };
  readonly length: number;
  readonly value?: string;
  readonly meaning?: readonly { readonly place: string; readonly en: string; readonly zh: string }[];
  readonly children?: readonly TlvJson[];
};

const objectJson = (object: Tlv, isUnmasked: boolean): TlvJson => {
  const { tag, value, children } = object;
  const head = { tag, name: tagName(tag), length: value.length };
  if (children !== undefined) return { ...head, children: children.map((child) => objectJson(child, isUnmasked)) };
  const meaning = isUnmasked || tagSecret(tag) === undefined ? explainTag(tag, value) : undefined;
  return { ...head, value: shownValue(object, { isUnmasked }), ...(meaning === undefined ? {} : { meaning }) };
};

const shown = (objects: readonly Tlv[], input: Input): Output => {
  const isUnmasked = input.has('unmasked');
  if (input.has('tree')) return { text: dumpTlv(objects, { isUnmasked }) };
  return { json: objects.map((object) => objectJson(object, isUnmasked)) };
};

const leniently = (bytes: Uint8Array, input: Input): Output => {
  const { objects, faults } = readTlv(bytes);
  const output = shown(objects, input);
  if (faults.length === 0) return output;
  throw new DataError(faults.map(({ message }) => message).join('; '), { partial: output, cause: faults[0] });
};

const decode = async (input: Input): Promise<Output> => {
  const bytes = await input.argumentBytes();
  if (input.has('lenient')) return leniently(bytes, input);
  return shown(input.has('strict') ? decodeStrictTlv(bytes) : decodeTlv(bytes), input);
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const tagPattern = /^(?:[0-9A-F]{2}){1,4}$/;

const objectOf = (json: unknown): Tlv => {
  if (!isRecord(json) || typeof json['tag'] !== 'string' || !tagPattern.test(json['tag']))
    throw new DataError('an object needs a tag, a text of upper-case hexadecimal');
  const { tag, value = '', children } = json;
  if (Array.isArray(children)) return { tag, value: new Uint8Array(), children: children.map(objectOf) };
  if (typeof value !== 'string') throw new DataError(`${tag}: its value is hexadecimal text`);
  return { tag, value: bytesOf(value, tag) };
};

const encode = async (input: Input): Promise<Output> => {
  let json: unknown;
  try {
    json = JSON.parse(await input.argumentOrFile());
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new DataError('the objects are not JSON');
  }
  if (!Array.isArray(json)) throw new DataError('the objects are an array, as decode tlv prints it');
  const bytes = encodeTlv(json.map(objectOf));
  checkTags(bytes);
  return { text: hex(bytes) };
};

/** A tag that is not one whole tag would be read as something else. */
const checkTags = (bytes: Uint8Array): void => {
  try {
    decodeStrictTlv(bytes);
  } catch (error) {
    if (error instanceof TlvError)
      throw new DataError(`the objects do not read back as they are: ${error.message}`, { cause: error });
    throw error;
  }
};

const field55 = '9F26085E5D3A5B9A1C2F4E9F2701805A0862250000000000149505000004800082027C00';

export const tlvCommands: readonly Command[] = [
  {
    name: 'decode tlv',
    summary: 'BER-TLV, with names and the meaning of bits',
    argument: { name: 'hex', help: 'data objects, such as field 55' },
    options: {
      unmasked: { kind: 'flag', help: 'show card numbers, tracks and names' },
      tree: { kind: 'flag', help: 'a tree for the eye instead of JSON' },
      lenient: { kind: 'flag', help: 'read what can be read of what real cards send; faults give exit code 1' },
      strict: { kind: 'flag', help: 'refuse filler and lengths longer than they need be' },
    },
    examples: [{ line: `decode tlv ${field55}` }, { line: `decode tlv --tree --unmasked ${field55}` }],
    run: decode,
  },
  {
    name: 'decode dol',
    summary: 'a data object list: PDOL, CDOL, DDOL',
    argument: { name: 'hex', help: 'tags and lengths without values' },
    options: {},
    examples: [{ line: 'decode dol 9F02069F1A029505' }],
    run: async (input) => {
      const entries = parseDol(await input.argumentBytes());
      return { json: entries.map(({ tag, length }) => ({ tag, name: tagName(tag), length })) };
    },
  },
  {
    name: 'encode tlv',
    summary: 'the JSON of decode tlv back to bytes',
    argument: { name: 'json', help: 'an array of objects with tag, and value or children, or a file that holds it' },
    options: {},
    examples: [
      {
        line: 'encode tlv',
        stdin: '[{"tag":"70","children":[{"tag":"9A","value":"261122"}]}]',
        prints: '70059A03261122',
      },
    ],
    run: encode,
  },
];
