import { type Hsm, HsmError } from '@zhanggui/hsm';
import type { Member, Stamp } from '@zhanggui/interchange-link';
import { CodecError, posMacInput, unionPayPos } from '@zhanggui/iso8583';
import type { Store } from '@zhanggui/store';
import type { Log, Metrics } from '@zhanggui/telemetry';
import type { Clock } from '@zhanggui/time';
import type { Journal } from './journal.ts';
import type { Numbers } from './numbers.ts';
import { batchOf, type PosMessage } from './pos.ts';
import { Refusal } from './refusal.ts';
import type { Registry, Terminal } from './registry.ts';
import type { AcquirerTimers } from './settings.ts';
import type { SettlementDates } from './settlement-dates.ts';

/** What the parts of the acquiring host share. */
export type Host = Readonly<{
  institution: string;
  store: Store;
  hsm: Hsm;
  log: Log;
  metrics: Metrics;
  clock: Clock;
  now: () => Stamp;
  timers: AcquirerTimers;
  macKeyBytes: 8 | 16;
  registry: Registry;
  journal: Journal;
  numbers: Numbers;
  member: Member;
  settlementDates: SettlementDates;
  /** Reversals have been put on their way: send them now rather than at the next look. */
  kickAdvices: () => void;
}>;

/** The terminal of a request, if it is one of ours and speaks for its own merchant. Throws `Refusal` 97, 03, 30. */
export const terminalOf = async (host: Host, { fields }: PosMessage): Promise<Terminal> => {
  const terminalId = fields[41];
  if (terminalId === undefined) throw new Refusal('30', 'no terminal number');
  const terminal = await host.registry.find(terminalId);
  if (!terminal) throw new Refusal('97', 'terminal unknown');
  if (!terminal.isOpen || terminal.merchantId !== fields[42]) throw new Refusal('03', 'merchant closed or not its own');
  return terminal;
};

/**
 * Checks that a request was made with the terminal's keys and in its batch. A row in memory may be older than the last sign-in (at
 * another replica): what contradicts it is checked once more against the database. Throws `Refusal` A0, 77.
 */
export const authenticated = async (host: Host, request: PosMessage, body: Uint8Array): Promise<Terminal> => {
  const refusal = await contradiction(host, await terminalOf(host, request), request, body);
  if (!refusal) return terminalOf(host, request);
  host.registry.forget(request.fields[41] ?? '');
  const fresh = await terminalOf(host, request);
  const again = await contradiction(host, fresh, request, body);
  if (again) throw again;
  return fresh;
};

const contradiction = async (
  { hsm }: Host,
  terminal: Terminal,
  request: PosMessage,
  body: Uint8Array,
): Promise<Refusal | undefined> => {
  if (!terminal.keys) return new Refusal('A0', 'not signed in');
  const mac = request.fields[64];
  if (!mac) return new Refusal('30', 'no MAC');
  const isGenuine = await hsm.verifyMac({
    key: terminal.keys.mac,
    algorithm: 'unionpay-ecb',
    data: posMacInput(body),
    mac,
  });
  if (!isGenuine) return new Refusal('A0', 'MAC');
  if (batchOf(request) !== terminal.batch) return new Refusal('77', 'batch');
  return undefined;
};

const noMac = new Uint8Array(8);

/** Bit 64 of the bitmap, which follows the two bytes of the MTI. */
const carriesMac = (body: Uint8Array): boolean => ((body[9] ?? 0) & 1) === 1;

/** The bytes of an answer. `signed` says that it will carry a MAC, for which room is left. */
export const encodeAnswer = (answer: PosMessage, signed: boolean): Uint8Array =>
  unionPayPos.encode(signed ? { mti: answer.mti, fields: { ...answer.fields, 64: noMac } } : answer);

/** Puts the MAC into the room left for it. */
export const sign = async ({ hsm }: Host, body: Uint8Array, terminal: Terminal): Promise<Uint8Array> => {
  if (!carriesMac(body) || !terminal.keys) return body;
  const mac = await hsm.mac({ key: terminal.keys.mac, algorithm: 'unionpay-ecb', data: posMacInput(body) });
  const whole = Uint8Array.from(body);
  whole.set(mac, whole.length - mac.length);
  return whole;
};

/** An error as the answer code it deserves. */
export const refusalOf = (error: unknown): Refusal => {
  if (error instanceof Refusal) return error;
  if (error instanceof HsmError && error.code === 'pin-format') return new Refusal('99', 'PIN block');
  if (error instanceof CodecError) return new Refusal('30', error.message);
  return new Refusal('96', error instanceof Error ? error.message : 'failed');
};
