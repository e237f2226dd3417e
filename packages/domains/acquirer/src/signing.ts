import { posMac, posMacInput, unionPayPos } from '@zhanggui/iso8583';
import type { Host } from './host.ts';
import type { PosMessage } from './pos.ts';
import type { Terminal } from './registry.ts';

/** The bytes of an answer. `signed`: room is left for a MAC, which is put in when the answer leaves. */
export const encodeAnswer = (answer: PosMessage, signed: boolean): Uint8Array =>
  unionPayPos.encode(signed ? { mti: answer.mti, fields: { ...answer.fields, 64: new Uint8Array(8) } } : answer);

/** The last bit of the bitmap, which follows the two bytes of the MTI, announces field 64. */
const carriesMac = (body: Uint8Array): boolean => ((body[9] ?? 0) & 1) === 1;

/** Puts the MAC into the room left for it, with the keys of the terminal's last sign-in. */
export const signAnswer = async ({ hsm }: Host, body: Uint8Array, terminal: Terminal): Promise<Uint8Array> => {
  if (!carriesMac(body) || !terminal.keys) return body;
  const mac = await hsm.mac({ key: terminal.keys.mac, algorithm: 'unionpay-ecb', data: posMacInput(body) });
  posMac(body).set(mac);
  return body;
};
