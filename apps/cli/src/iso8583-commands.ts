import { hex } from '@zhanggui/bytes';
import { CodecError, type Message } from '@zhanggui/iso8583';
import { type Command, DataError, type Input, type Options, type Output, UsageError } from './command.ts';
import { type AnyDialect, dialects } from './dialects.ts';
import { fieldsOf, isRecord, jsonOf } from './field-values.ts';
import { enframe, type Framed, type FrameJson, type FramePart, frameParts, partsOf, unframe } from './frame.ts';
import { bytesOf } from './hex-text.ts';
import { messageTree } from './message-tree.ts';

const sale =
  '02007020048000C080101662250000000000140000000000000088000000010120003030303030303031383938313030303030303030303031313536000822000001';

export const dialectOption = {
  kind: 'text',
  help: 'which way of writing ISO 8583',
  choices: Object.keys(dialects),
  usual: 'unionpay-pos',
} as const;

export const spokenIn = (input: Input) => {
  const spoken = dialects[input.text('dialect')];
  if (spoken === undefined) throw new UsageError('no such dialect');
  return spoken;
};

/** Where a fault is, counted from the first byte that was given and not from the message's own. */
const placeText = ({ code, place }: CodecError, offset: number): string => {
  const parts = [place.field ?? '', place.offset === undefined ? '' : `at byte ${place.offset + offset}`];
  return [...parts.filter((part) => part !== ''), code].join(': ').replace(': at byte', ' at byte');
};

const subsets: readonly (readonly FramePart[])[] = Array.from({ length: 8 }, (_, bits) =>
  frameParts.filter((_part, index) => (bits & (1 << index)) !== 0),
);

/** The frame with which bytes that would not decode as they are do decode. */
const frameHint = (bytes: Uint8Array, tried: readonly FramePart[], input: Input): string | undefined => {
  const { dialect, form } = spokenIn(input);
  const decodes = (parts: readonly FramePart[]): boolean => {
    try {
      dialect.decode(unframe(bytes, parts, form).body);
      return true;
    } catch {
      return false;
    }
  };
  const found = subsets.find((parts) => parts.join() !== tried.join() && decodes(parts));
  if (found === undefined) return undefined;
  return `these bytes do decode with --frame ${found.length === 0 ? 'none' : found.join(',')}`;
};

const unframed = (bytes: Uint8Array, parts: readonly FramePart[], input: Input): Framed => {
  try {
    return unframe(bytes, parts, spokenIn(input).form);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(error.message, { hint: frameHint(bytes, parts, input) });
  }
};

const decodeIso8583 = async (input: Input): Promise<Output> =>
  input.has('lines') ? decodeLines(await input.argument(), input) : decodeOne(await input.argumentBytes(), input);

/** One message a line, one compact JSON a line; a wrong line is told and the others are printed all the same. */
const decodeLines = (text: string, input: Input): Output => {
  const printed: string[] = [];
  const faults: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      const output = decodeOne(bytesOf(line, 'hex'), input);
      printed.push('text' in output ? output.text : JSON.stringify(output.json));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      faults.push(`line ${index + 1}: ${error.message}`);
    }
  }
  if (faults.length === 0) return { text: printed.join('\n') };
  const partial = printed.length === 0 ? {} : { partial: { text: printed.join('\n') } };
  throw new DataError(faults.join('\n'), partial);
};

const decodeOne = (bytes: Uint8Array, input: Input): Output => {
  const { dialect } = spokenIn(input);
  const parts = partsOf(input.text('frame'));
  const { frame, body, offset } = unframed(bytes, parts, input);
  const { message, error } = dialect.decodePartial(body);
  const isUnmasked = input.has('unmasked');
  const shown = isUnmasked
    ? { mti: message.mti, fields: jsonOf({ ...message.fields }) }
    : (dialect.masked(message) as object);
  const output: Output = input.has('tree')
    ? { text: treeOf(frame, { dialect, message, shown, isUnmasked }) }
    : { json: { ...frame, ...shown } };
  if (error !== undefined)
    throw new DataError(placeText(error, offset), {
      cause: error,
      hint: frameHint(bytes, parts, input),
      partial: input.has('partial') ? output : undefined,
    });
  return output;
};

const treeOf = (
  frame: FrameJson,
  given: { dialect: AnyDialect; message: Message; shown: object; isUnmasked: boolean },
): string => {
  const { dialect, message, shown, isUnmasked } = given;
  const { fields } = shown as { fields: Readonly<Record<string, unknown>> };
  const parts = Object.entries(frame).map(([name, value]) => `${name}  ${value}`);
  const { name, table } = dialect;
  const lines = messageTree({
    dialect: name,
    table,
    mti: message.mti,
    shown: fields,
    fields: { ...message.fields },
    isUnmasked,
  });
  return [...parts, lines].join('\n');
};

type MessageJson = FrameJson & { readonly mti: string; readonly fields: Readonly<Record<string, unknown>> };

const frameTexts = ['tpdu', 'lineInformation', 'header'] as const;

const messageOf = (text: string): MessageJson => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new DataError('the message is not JSON');
  }
  if (!isRecord(json) || typeof json['mti'] !== 'string' || !isRecord(json['fields']))
    throw new DataError('the message is an object with mti, a text, and fields, an object');
  for (const name of frameTexts)
    if (json[name] !== undefined && typeof json[name] !== 'string') throw new DataError(`${name}: a text is wanted`);
  if (json['length'] !== undefined && typeof json['length'] !== 'number')
    throw new DataError('length: a number is wanted');
  return json as MessageJson;
};

const present = (frame: FrameJson): FrameJson =>
  Object.fromEntries(Object.entries(frame).filter(([, value]) => value !== undefined));

/** The parts that `--frame` names, or all that the JSON has; a length that is wanted and not there is counted. */
const wantedParts = (frame: FrameJson, input: Input): FrameJson & { isLengthWanted: boolean } => {
  if (!input.has('frame')) return { ...frame, isLengthWanted: false };
  const parts = partsOf(input.text('frame'));
  const missing = parts.find((part) => part !== 'length' && frame[part] === undefined);
  if (missing !== undefined) throw new DataError(`${missing}: the JSON has none`);
  const wanted = Object.entries(frame).filter(([name]) =>
    parts.some((part) => part === name || (part === 'tpdu' && name === 'lineInformation')),
  );
  // Without a part that the JSON has, its length is another.
  const isWhole = wanted.length === Object.keys(frame).length;
  const counted = isWhole ? wanted : wanted.filter(([name]) => name !== 'length');
  return { ...(Object.fromEntries(counted) as FrameJson), isLengthWanted: parts.includes('length') };
};

const encodeIso8583 = async (input: Input) => {
  const { dialect, form } = spokenIn(input);
  const { mti, fields, length, tpdu, lineInformation, header } = messageOf(await input.argumentOrFile());
  const body = encoded(dialect, { mti, fields: fieldsOf(fields, dialect.table) });
  return { text: hex(enframe(wantedParts(present({ length, tpdu, lineInformation, header }), input), body, form)) };
};

const encoded = (dialect: AnyDialect, message: { mti: string; fields: object }): Uint8Array => {
  try {
    return dialect.encode(message);
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    throw new DataError(placeText(error, 0), { cause: error });
  }
};

const sharedOptions = { dialect: dialectOption } as const satisfies Options;

export const iso8583Commands: readonly Command[] = [
  {
    name: 'decode iso8583',
    summary: 'a message to JSON, secrets masked',
    argument: { name: 'hex', help: 'the message in hexadecimal' },
    options: {
      ...sharedOptions,
      frame: {
        kind: 'text',
        help: `what stands before the message: ${frameParts.join(',')} or some of them`,
        usual: 'none',
      },
      tree: { kind: 'flag', help: 'a list for the eye instead of JSON: names, parts, chip data as a tree' },
      unmasked: { kind: 'flag', help: 'show card numbers, tracks, PIN blocks and keys' },
      lines: { kind: 'flag', help: 'a message a line, as logs have them, to a line of JSON each' },
      partial: { kind: 'flag', help: 'of a message that is wrong, print what comes before the fault (exit code 1)' },
    },
    examples: [
      {
        line: `decode iso8583 --dialect unionpay-pos --unmasked ${sale}`,
        prints: {
          mti: '0200',
          fields: {
            2: '6225000000000014',
            3: '000000',
            4: '000000008800',
            11: '000001',
            22: '012',
            25: '00',
            41: '00000001',
            42: '898100000000001',
            49: '156',
            60: '22000001',
          },
        },
      },
      { line: `decode iso8583 --tree ${sale}` },
    ],
    run: decodeIso8583,
  },
  {
    name: 'encode iso8583',
    summary: 'the same JSON back to a message',
    argument: { name: 'json', help: 'the message as decode prints it, or a file that holds it' },
    options: {
      ...sharedOptions,
      frame: { kind: 'text', help: 'parts to put before the message; all that the JSON has when left out' },
    },
    examples: [
      {
        line: 'encode iso8583 --dialect unionpay-pos',
        stdin: '{"mti":"0820","fields":{"11":"000002","41":"00000001","60":"00000001301"}}',
        prints: '08200020000000800010000002303030303030303100110000000130' + '10',
      },
    ],
    run: encodeIso8583,
  },
];
