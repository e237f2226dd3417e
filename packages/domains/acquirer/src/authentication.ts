import { posField60, posMacInput } from '@zhanggui/iso8583';
import type { Host } from './host.ts';
import type { PosMessage } from './pos.ts';
import { Refusal } from './refusal.ts';
import type { Terminal } from './registry.ts';

/** The terminal of a request, if it is one of ours and speaks for its own merchant; else 97, 03, 30. */
export const knownTerminal = async ({ registry }: Host, { fields }: PosMessage): Promise<Terminal | Refusal> => {
  const terminalId = fields[41];
  if (terminalId === undefined) return new Refusal('30', 'no terminal number');
  const terminal = await registry.find(terminalId);
  if (!terminal) return new Refusal('97', 'terminal unknown');
  if (!terminal.isOpen || terminal.merchantId !== fields[42])
    return new Refusal('03', 'merchant closed or not its own');
  return terminal;
};

/**
 * The terminal of a request that was made with its keys and in its batch; else also A0, 77. A row in memory may be older than the last
 * sign-in, which another replica may have served: what contradicts it is checked once more against the database.
 */
export const authenticTerminal = async (
  host: Host,
  request: PosMessage,
  body: Uint8Array,
): Promise<Terminal | Refusal> => {
  const first = await checked(host, request, body);
  if (!(first instanceof Refusal) || (first.code !== 'A0' && first.code !== '77')) return first;
  host.registry.forget(request.fields[41] ?? '');
  return checked(host, request, body);
};

const checked = async (host: Host, request: PosMessage, body: Uint8Array): Promise<Terminal | Refusal> => {
  const terminal = await knownTerminal(host, request);
  if (terminal instanceof Refusal) return terminal;
  const { 60: batchAndKind, 64: mac } = request.fields;
  if (!mac || !batchAndKind) return new Refusal('30', 'no MAC or no batch');
  if (!terminal.keys) return new Refusal('A0', 'not signed in');
  const data = posMacInput(body);
  if (!(await host.hsm.verifyMac({ key: terminal.keys.mac, algorithm: 'unionpay-ecb', data, mac })))
    return new Refusal('A0', 'MAC');
  return posField60.decode(batchAndKind).batch === terminal.batch ? terminal : new Refusal('77', 'batch');
};
