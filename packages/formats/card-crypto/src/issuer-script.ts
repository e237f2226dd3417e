import { concat, equal, xor } from '@zhanggui/bytes';
import { CryptoError } from './crypto-error.ts';
import { emvCommonSessionKey, emvSessionKey, visaMessagingKey } from './cryptogram.ts';
import { DesKey } from './des.ts';
import { adjustParity } from './keys.ts';
import { x919Mac } from './mac.ts';
import { demand, pack, pinPattern } from './nibbles.ts';

type Transaction = Readonly<{ udk: Uint8Array; atc: Uint8Array; arqc: Uint8Array }>;

type Style = Readonly<{
  key: (transaction: Transaction) => Uint8Array;
  /** Whether counter and cryptogram stand between command header and data under the MAC. */
  coversTransaction: boolean;
  /** Whether the length of the data goes in front of it before it is enciphered. */
  countsData: boolean;
  padding: 'always' | 'when-needed';
  chaining: 'ecb' | 'cbc';
}>;

const commonKey = ({ udk, arqc }: Transaction): Uint8Array => emvCommonSessionKey({ udk, diversifier: arqc });

/** How a scheme's cards secure the commands of issuer scripts (EMV Book 2 §9, format 2). */
const styles = {
  visa: {
    key: ({ udk, atc }) => visaMessagingKey({ udk, atc }),
    coversTransaction: true,
    countsData: true,
    padding: 'always',
    chaining: 'ecb',
  },
  pboc: {
    key: ({ udk, atc }) => emvSessionKey({ udk, atc }),
    coversTransaction: true,
    countsData: true,
    padding: 'when-needed',
    chaining: 'ecb',
  },
  mchip: { key: commonKey, coversTransaction: true, countsData: false, padding: 'when-needed', chaining: 'cbc' },
  common: { key: commonKey, coversTransaction: false, countsData: false, padding: 'always', chaining: 'cbc' },
} as const satisfies Readonly<Record<string, Style>>;

export type ScriptStyle = keyof typeof styles;

/** The card's keys of a script and the transaction it belongs to; M/Chip counts `arqc` up by one from command to command. */
export type ScriptSecurity = Readonly<{
  style: ScriptStyle;
  udkMac: Uint8Array;
  udkEncryption?: Uint8Array;
  atc: Uint8Array;
  arqc: Uint8Array;
  /** 4 to 8; 8 unless given. */
  macBytes?: number;
}>;

/**
 * A script command as it goes to the card (tag 86): `header` is CLA INS P1 P2, `data` is sent in clear, `secret` enciphered under
 * `udkEncryption`; Lc and the MAC come by themselves. Throws `card-data-format`.
 */
export const sealIssuerScript = (
  security: ScriptSecurity,
  command: { header: Uint8Array; data?: Uint8Array; secret?: Uint8Array },
): Uint8Array => {
  const macBytes = macBytesOf(security);
  if (command.header.length !== 4) throw new CryptoError('card-data-format');
  const data = command.secret ? encipher(security, command.secret) : (command.data ?? new Uint8Array(0));
  if (data.length + macBytes > 255) throw new CryptoError('card-data-format');
  const header = concat(command.header, Uint8Array.of(data.length + macBytes));
  return concat(header, data, macOf(security, header, data));
};

/**
 * The card's side: the command's data once its MAC is right, deciphered when `isSecret`. Throws `tag-mismatch` when it is
 * not the issuer's for this transaction, `card-data-format`.
 */
export const openIssuerScript = (security: ScriptSecurity, command: Uint8Array, isSecret: boolean): Uint8Array => {
  const macBytes = macBytesOf(security);
  if (command.length < 5 + macBytes || command[4] !== command.length - 5) throw new CryptoError('card-data-format');
  const [header, data] = [command.slice(0, 5), command.slice(5, -macBytes)];
  if (!equal(macOf(security, header, data), command.slice(-macBytes))) throw new CryptoError('tag-mismatch');
  return isSecret ? decipher(security, data) : data;
};

/**
 * The PIN block of a PIN CHANGE of Visa and PBOC: the PIN XOR bytes of the card's cryptogram key (odd parity), and XOR
 * the present PIN when that is asked for (P2 = 01). 8 bytes. Others take format 2.
 */
export const visPinBlock = (given: { udk: Uint8Array; pin: string; currentPin?: string }): Uint8Array => {
  demand(given.pin, pinPattern, 'pin-format');
  if (given.udk.length !== 16) throw new CryptoError('key-length');
  const field = pack(`0${given.pin.length.toString(16)}${given.pin}`.padEnd(16, 'F'));
  const block = xor(field, concat(new Uint8Array(4), adjustParity(given.udk).slice(4, 8)));
  if (given.currentPin === undefined) return block;
  demand(given.currentPin, pinPattern, 'pin-format');
  return xor(block, pack(given.currentPin.padEnd(16, '0')));
};

const macBytesOf = ({ macBytes = 8 }: ScriptSecurity): number => {
  if (!Number.isInteger(macBytes) || macBytes < 4 || macBytes > 8) throw new CryptoError('card-data-format');
  return macBytes;
};

const macOf = (security: ScriptSecurity, header: Uint8Array, data: Uint8Array): Uint8Array => {
  const { style, udkMac, atc, arqc } = security;
  const key = styles[style].key(transactionOf(security, udkMac));
  const covered = styles[style].coversTransaction ? concat(header, atc, arqc, data) : concat(header, data);
  return x919Mac(key, covered, { padding: '80' }).slice(0, macBytesOf(security));
};

const transactionOf = ({ atc, arqc }: ScriptSecurity, udk: Uint8Array): Transaction => {
  if (atc.length !== 2 || arqc.length !== 8) throw new CryptoError('card-data-format');
  return { udk, atc, arqc };
};

const encryptionKey = (security: ScriptSecurity): DesKey => {
  if (!security.udkEncryption) throw new CryptoError('key-length');
  return new DesKey(styles[security.style].key(transactionOf(security, security.udkEncryption)));
};

const encipher = (security: ScriptSecurity, secret: Uint8Array): Uint8Array => {
  const { countsData, padding, chaining } = styles[security.style];
  if (secret.length === 0 || secret.length > 239) throw new CryptoError('card-data-format');
  const counted = countsData ? concat(Uint8Array.of(secret.length), secret) : secret;
  const isWhole = counted.length % 8 === 0;
  const marks = isWhole && padding === 'when-needed' ? 0 : 8 - (counted.length % 8);
  const padded = new Uint8Array(counted.length + marks);
  padded.set(counted);
  if (marks > 0) padded[counted.length] = 0x80;
  const key = encryptionKey(security);
  return chaining === 'ecb' ? key.encrypt(padded) : key.encryptCbc(padded);
};

/** M/Chip pads only what needs it and counts nothing, so a secret that ends in 80 and zeros is read as padded. */
const decipher = (security: ScriptSecurity, data: Uint8Array): Uint8Array => {
  const { countsData, padding, chaining } = styles[security.style];
  const key = encryptionKey(security);
  const clear = chaining === 'ecb' ? key.decrypt(data) : key.decryptCbc(data);
  if (countsData) return clear.slice(1, 1 + (clear[0] ?? 0));
  const end = clear.findLastIndex((byte) => byte !== 0);
  if (clear[end] === 0x80 && clear.length - end <= 8) return clear.slice(0, end);
  if (padding === 'always') throw new CryptoError('card-data-format');
  return clear;
};
