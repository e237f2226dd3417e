import { ascii, concat, fromAscii } from '@zhanggui/bytes';
import { answerMti, type InterchangeMessage } from './identity.ts';
import type { Stamp } from './stamp.ts';

/** Field 70: what a management message (08xx) is about. */
export const managementCode = {
  signOn: '001',
  signOff: '002',
  keyReset: '101',
  cutOverBegins: '201',
  cutOverEnds: '202',
  echo: '301',
} as const;

export type WorkingKeyKind = 'pin' | 'mac';

/** Field 53 of a key reset: which key, and that it is a double-length one. */
const securityControl: Readonly<Record<WorkingKeyKind, string>> = {
  pin: '1600000000000000',
  mac: '2600000000000000',
};

export const workingKeyKind = (field53 = ''): WorkingKeyKind | undefined =>
  field53.startsWith('1') ? 'pin' : field53.startsWith('2') ? 'mac' : undefined;

type Sender = Readonly<{ institution: string; stamp: Stamp; trace: string }>;

const fromMember = ({ institution, stamp, trace }: Sender, code: string, control?: string): InterchangeMessage => ({
  mti: '0820',
  fields: { 7: stamp.mmddhhmmss, 11: trace, 33: institution, 53: control, 70: code },
});

export const signOn = (sender: Sender): InterchangeMessage => fromMember(sender, managementCode.signOn);
export const signOff = (sender: Sender): InterchangeMessage => fromMember(sender, managementCode.signOff);
export const echo = (sender: Sender): InterchangeMessage => fromMember(sender, managementCode.echo);

/** A member asks the centre for a new working key; the key itself comes in an 0800 of the centre's. */
export const keyRequest = (sender: Sender, kind: WorkingKeyKind): InterchangeMessage =>
  fromMember(sender, managementCode.keyReset, securityControl[kind]);

type Receiver = Sender; // the centre's own messages name the member they are for, in field 100

/** The centre hands out a working key, enciphered under the member's key: field 48, usage NK. */
export const keyReset = (receiver: Receiver, kind: WorkingKeyKind, cryptogram: Uint8Array): InterchangeMessage => ({
  mti: '0800',
  fields: {
    7: receiver.stamp.mmddhhmmss,
    11: receiver.trace,
    48: newKeyField(cryptogram),
    53: securityControl[kind],
    70: managementCode.keyReset,
    100: receiver.institution,
  },
});

export const cutOver = (
  receiver: Receiver,
  code: typeof managementCode.cutOverBegins | typeof managementCode.cutOverEnds,
  mmdd: string,
): InterchangeMessage => ({
  mti: '0820',
  fields: { 7: receiver.stamp.mmddhhmmss, 11: receiver.trace, 15: mmdd, 70: code, 100: receiver.institution },
});

const newKeyUsage = 'NK';

const newKeyField = (cryptogram: Uint8Array): Uint8Array =>
  concat(fromAscii(`${newKeyUsage}${String(cryptogram.length).padStart(3, '0')}`), cryptogram);

/** The enciphered key of a reset: field 48 NK (double or triple length) or field 96 (single length). */
export const newKeyOf = (message: InterchangeMessage): Uint8Array | undefined => {
  const field48 = message.fields[48];
  if (!field48) return message.fields[96];
  // Several usages may follow the letters AS; alone, a usage stands without them.
  const start = ascii(field48.subarray(0, 2)) === 'AS' ? 2 : 0;
  const usage = ascii(field48.subarray(start, start + 2));
  const length = Number(ascii(field48.subarray(start + 2, start + 5)));
  const key = field48.subarray(start + 5, start + 5 + length);
  return usage === newKeyUsage && key.length === length && length > 0 ? key : undefined;
};

/** An answer to a management message repeats what identifies it, with the outcome. */
export const managementAnswer = ({ mti, fields }: InterchangeMessage, code: string): InterchangeMessage => ({
  mti: answerMti(mti),
  fields: {
    7: fields[7],
    11: fields[11],
    15: fields[15],
    33: fields[33],
    39: code,
    53: fields[53],
    70: fields[70],
    100: fields[100],
  },
});
