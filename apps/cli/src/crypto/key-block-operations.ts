import {
  type KeyBlockOption,
  type KeyBlockVersion,
  keyBlockFillBytes,
  unwrapKeyBlock,
  wrapKeyBlock,
} from '@zhanggui/card-crypto';
import { DataError, type Input, type Option } from '../command.ts';
import { numberOf, type Operation, type Result, required } from './operation.ts';

const versions: readonly KeyBlockVersion[] = ['A', 'B', 'C', 'D', 'E'];
const kbpk: Option = { kind: 'hex', help: 'key block protection key', ...required };

const optionOf = (text: string): KeyBlockOption => {
  const [id = '', ...rest] = text.split('=');
  if (id.length !== 2) throw new DataError('--option: two characters, = and the data');
  return { id, data: rest.join('=') };
};

const wrap = (input: Input): string => {
  const key = input.bytes('key');
  const version = versions.find((known) => known === input.text('version')) ?? 'D';
  const hidesLength = input.has('hide-length') ? numberOf(input, 'hide-length', { least: 1, most: 1024 }) : undefined;
  return wrapKeyBlock({
    kbpk: input.bytes('kbpk'),
    key,
    fill: input.random(keyBlockFillBytes({ version, keyBytes: key.length, hidesLength })),
    header: {
      version,
      usage: input.text('usage'),
      algorithm: input.text('algorithm'),
      modeOfUse: input.text('mode'),
      keyVersion: input.text('key-version'),
      exportability: input.text('exportability'),
      options: input.many('option').map(optionOf),
    },
  });
};

const unwrap = (input: Input): Result => {
  const { header, key } = unwrapKeyBlock({ kbpk: input.bytes('kbpk'), block: input.text('block') });
  return { result: key, header };
};

export const keyBlockOperations: readonly Operation[] = [
  {
    word: 'key-block-wrap',
    summary: 'a key in its block: TR-31 / X9.143 A to D, ISO 20038 E',
    options: {
      kbpk,
      key: { kind: 'hex', help: 'the key', ...required },
      version: { kind: 'text', help: 'how it is protected', choices: versions, usual: 'D' },
      usage: { kind: 'text', help: 'what for: P0 PIN, K0 key, M3 MAC, D0 data, …', ...required },
      algorithm: { kind: 'text', help: 'T triple DES, A AES, D DES, H HMAC, …', ...required },
      mode: { kind: 'text', help: 'E encrypt, D decrypt, B both, N none named, …', usual: 'N' },
      'key-version': { kind: 'text', help: 'two characters', usual: '00' },
      exportability: { kind: 'text', help: 'E, N or S', usual: 'N' },
      option: { kind: 'text', help: 'optional block, such as KS=00604B120F9292800000', isMany: true },
      'hide-length': { kind: 'digits', help: 'fill up as if the key had so many bytes' },
    },
    example: [
      '--kbpk 88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6 --key 3F419E1CB7079442AA37474C2EFBF8B8 --usage P0 --algorithm A --mode E --exportability E',
    ],
    calculate: wrap,
  },
  {
    word: 'key-block-unwrap',
    summary: 'the key of a block and what its header says',
    options: { kbpk, block: { kind: 'text', help: 'the block', ...required } },
    example: [
      '--kbpk EFE0853B256B583D868F251CE99EA1D9 --block B0080K0TN00N00001C414014375212C24995E405B5EE052CB92B67F455EA2680F6751088F9F1C228',
      '5DB50B454F8389ADCE573BE50861F2BF',
    ],
    calculate: unwrap,
  },
];
