import { CodecError, posField60, signInKeys } from '@zhanggui/iso8583';
import { instantOf, type LocalDateTime, localDateTime } from '@zhanggui/time';
import { codeText } from './answer.ts';
import type { Fields } from './host.ts';
import { ask, type Desk, type Job, type WorkingKey, write } from './program.ts';
import { type Text, texts } from './texts.ts';

export type SignInResult = Readonly<{ kind: 'signed-in' }> | Readonly<{ kind: 'failed'; text: Text; code?: string }>;

/** Network management codes of field 60.3: double-length working keys; line test. */
const doubleLengthKeys = '003';
const lineTest = '301';
/** Batch before the host has named one. */
export const batchFirst = '000001';

/**
 * Sign-in (0800): the host gives new working keys and the batch, and sets the clock (Q/CUP 009.1, sign-in). Reversals that
 * had been given up get another round, because the line is open again.
 */
export function* signIn(desk: Desk): Job<SignInResult> {
  yield* ask('online', 'signing-in');
  const result = yield* exchangeKeys(desk);
  yield* ask('online', result.kind === 'signed-in' ? 'signed-in' : 'signed-out');
  return result;
}

function* exchangeKeys(desk: Desk): Job<SignInResult> {
  const { parameters, journal } = desk;
  const stan = yield* write((book) => book.nextStan());
  const reply = yield* ask('host', {
    mti: '0800',
    mac: false,
    fields: {
      11: stan,
      41: parameters.terminalId,
      42: parameters.merchantId,
      60: managementField60(desk, doubleLengthKeys),
      63: (journal.setting('operator') ?? '01').padEnd(3, ' '),
    },
  });
  if (reply.kind !== 'answer') return { kind: 'failed', text: texts.noHost };
  const code = String(reply.fields[39] ?? '');
  if (code !== '00') return { kind: 'failed', text: codeText(code), code };
  const keys = workingKeysOf(reply.fields[62] ?? new Uint8Array());
  if (!keys || (yield* ask('installKeys', keys)) === 'refused') return { kind: 'failed', text: texts.badKeys };
  const batch = batchOf(reply.fields) ?? journal.setting('batch') ?? batchFirst;
  const { at } = yield* ask('clock', undefined);
  const offsetMs = clockOffsetMs(reply.fields, at);
  yield* write((book) => {
    book.keep('batch', batch);
    book.keep('clock-offset-ms', String(offsetMs));
    book.rearmReversals();
  });
  return { kind: 'signed-in' };
}

const batchOf = (fields: Fields): string | undefined => {
  try {
    return posField60.decode(fields[60] ?? '').batch;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
};

const managementField60 = ({ journal }: Desk, managementCode: string): string =>
  posField60.encode({ messageType: '00', batch: journal.setting('batch') ?? batchFirst, managementCode });

/** Line test (0820 301): true when the host answered. */
export function* echo(desk: Desk): Job<boolean> {
  const { parameters } = desk;
  const stan = yield* write((book) => book.nextStan());
  const reply = yield* ask('host', {
    mti: '0820',
    mac: false,
    fields: {
      11: stan,
      41: parameters.terminalId,
      42: parameters.merchantId,
      60: managementField60(desk, lineTest),
    },
  });
  return reply.kind === 'answer' && reply.fields[39] === '00';
}

/** Working keys out of field 62; undefined when its layout is not one of a sign-in. A track key is not used. */
const workingKeysOf = (field62: Uint8Array): WorkingKey[] | undefined => {
  try {
    const { pin, mac } = signInKeys.decode(field62);
    return [
      { use: 'tpk', cryptogram: pin.cryptogram, kcv: pin.checkValue },
      { use: 'tak', cryptogram: mac.cryptogram, kcv: mac.checkValue },
    ];
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
};

/**
 * Milliseconds from this machine's clock to the host's. The host sends no year: the one that brings the two closest
 * together is meant. No usable clock in the answer means no correction.
 */
const clockOffsetMs = (fields: Fields, at: number): number => {
  const local = hostTime(fields, at);
  return local === undefined ? 0 : instantOf(local) - at;
};

/** The wall clock of fields 12 and 13, with the year nearest to the instant `at`. */
export const hostTime = (fields: Fields, at: number): LocalDateTime | undefined => {
  const date = String(fields[13] ?? '');
  const time = String(fields[12] ?? '');
  if (!/^\d{4}$/.test(date) || !/^\d{6}$/.test(time)) return undefined;
  const year = new Date(at).getUTCFullYear();
  const readings = [year - 1, year, year + 1].flatMap((candidate) => {
    const text = `${candidate}-${date.slice(0, 2)}-${date.slice(2)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}`;
    return Number.isNaN(Date.parse(`${text}Z`)) ? [] : [localDateTime(text)];
  });
  return readings.toSorted((left, right) => Math.abs(instantOf(left) - at) - Math.abs(instantOf(right) - at))[0];
};
