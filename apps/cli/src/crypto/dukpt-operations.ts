import {
  AesDukptDevice,
  type AesDukptKind,
  type AesDukptUse,
  aesDukptInitialKey,
  aesDukptKinds,
  aesDukptTransactionKey,
  aesDukptUpdateKey,
  aesDukptUses,
  aesDukptWorkingKey,
  TdesDukptDevice,
  type TdesDukptUse,
  tdesDukptInitialKey,
  tdesDukptTransactionKey,
  tdesDukptWorkingKey,
} from '@zhanggui/card-crypto';
import { DataError, type Input, type Option, UsageError } from '../command.ts';
import { type Operation, type Result, required } from './operation.ts';

const tdesUses: readonly TdesDukptUse[] = ['pin', 'mac-request', 'mac-response', 'data-request', 'data-response'];

const bdk: Option = { kind: 'hex', help: 'base derivation key' };
const initialKey: Option = { kind: 'hex', help: 'initial key, instead of the base key' };
const ksn = (bytes: number): Option => ({ kind: 'hex', help: `key serial number, ${bytes} bytes`, ...required });

const initialOf = (input: Input, derive: (base: Uint8Array) => Uint8Array): Uint8Array => {
  if (input.has('initial-key')) return input.bytes('initial-key');
  if (input.has('bdk')) return derive(input.bytes('bdk'));
  throw new UsageError('--bdk or --initial-key is missing');
};

const tdesKey = (input: Input): Result => {
  const serial = input.bytes('ksn');
  const initial = initialOf(input, (base) => tdesDukptInitialKey({ bdk: base, ksn: serial }));
  const transactionKey = tdesDukptTransactionKey({ initialKey: initial, ksn: serial });
  const use = tdesUses.find((known) => input.has('use') && known === input.text('use'));
  const result = use === undefined ? transactionKey : tdesDukptWorkingKey({ transactionKey, use });
  return { result, initialKey: initial, transactionKey };
};

const aesKey = (input: Input): Result => {
  const serial = input.bytes('ksn');
  if (serial.length !== 12) throw new DataError('--ksn: 12 bytes, the initial key id and a count');
  const initialKeyId = serial.slice(0, 8);
  const initial = initialOf(input, (base) => aesDukptInitialKey({ bdk: base, initialKeyId }));
  const transactionKey = aesDukptTransactionKey({ initialKey: initial, ksn: serial });
  if (!input.has('use')) return { result: transactionKey, initialKey: initial, transactionKey };
  const kind = input.text('kind') as AesDukptKind;
  const use = input.text('use');
  const result =
    use === 'update'
      ? aesDukptUpdateKey({ initialKey: initial, initialKeyId, kind })
      : aesDukptWorkingKey({ transactionKey, ksn: serial, use: use as AesDukptUse, kind });
  return { result, initialKey: initial, transactionKey };
};

const deviceOf = (input: Input): TdesDukptDevice | AesDukptDevice => {
  const isAes = input.text('algorithm') === 'aes';
  if (input.has('state')) return (isAes ? AesDukptDevice : TdesDukptDevice).fromBytes(input.bytes('state'));
  if (!input.has('initial-key') || !input.has('ksn'))
    throw new UsageError('--state, or --initial-key and --ksn, is missing');
  const given = { initialKey: input.bytes('initial-key'), ksn: input.bytes('ksn') };
  return isAes
    ? AesDukptDevice.load({ initialKey: given.initialKey, initialKeyId: given.ksn.slice(0, 8) })
    : TdesDukptDevice.load(given);
};

export const dukptOperations: readonly Operation[] = [
  {
    word: 'dukpt-tdes',
    summary: 'DUKPT with triple DES (X9.24-1), the host’s side',
    options: {
      bdk,
      'initial-key': initialKey,
      ksn: ksn(10),
      use: { kind: 'text', help: 'working key of a use; the transaction’s key when left out', choices: tdesUses },
    },
    example: ['--bdk 0123456789ABCDEFFEDCBA9876543210 --ksn FFFF9876543210E00001', '042666B49184CFA368DE9628D0397BC9'],
    calculate: tdesKey,
  },
  {
    word: 'dukpt-aes',
    summary: 'DUKPT with AES (X9.24-3), the host’s side',
    options: {
      bdk,
      'initial-key': initialKey,
      ksn: ksn(12),
      use: {
        kind: 'text',
        help: 'working key of a use; the transaction’s key when left out',
        choices: [...Object.keys(aesDukptUses), 'update'],
      },
      kind: { kind: 'text', help: 'what kind of key', choices: Object.keys(aesDukptKinds), usual: 'aes128' },
    },
    example: [
      '--bdk FEDCBA9876543210F1F1F1F1F1F1F1F1 --ksn 123456789012345600020001',
      '692C8EA4013645135B36497131DF9D2C',
    ],
    calculate: aesKey,
  },
  {
    word: 'dukpt-next',
    summary: 'the terminal’s side: the next key, and what the terminal keeps',
    options: {
      algorithm: { kind: 'text', help: 'which', choices: ['tdes', 'aes'], usual: 'tdes' },
      'initial-key': { kind: 'hex', help: 'of a terminal just loaded' },
      ksn: { kind: 'hex', help: 'its serial number, with it' },
      state: { kind: 'hex', help: 'what the terminal kept after the key before' },
    },
    example: [
      '--initial-key 6AC292FAA1315B4D858AB3A3D7D5933A --ksn FFFF9876543210E00000',
      '042666B49184CFA368DE9628D0397BC9',
    ],
    calculate: (input) => {
      const { transactionKey, ksn: serial, device } = deviceOf(input).next();
      return { result: transactionKey, ksn: serial, state: device.toBytes() };
    },
  },
];
