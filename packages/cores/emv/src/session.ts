/** What one transaction knows while it runs. Private to the kernel: steps write here, the outcome is read from here. */
import { bcd, fromAscii, fromHex, hex } from '@zhanggui/bytes';
import { decodeTlv, type Tlv, TlvError, TSI_BITS, TVR_BITS } from '@zhanggui/tlv';
import type { CardholderMethod, CryptogramType } from './conversation.ts';
import type { AidParameters, TerminalParameters } from './parameters.ts';
import type { KernelReason } from './reasons.ts';
import type { SignerKey } from './signer-key.ts';
import { setBit, type TsiBit, type TvrBit } from './verification-results.ts';

/** `date` YYMMDD, `time` hhmmss, local to the terminal. `transactionType`: 00 sale, 20 refund, 31 balance inquiry. */
export type TerminalTransaction = Readonly<{
  amountMinor: bigint;
  transactionType: '00' | '20' | '31';
  date: string;
  time: string;
  terminal: TerminalParameters;
  /** `read-card` stops after the records: the short flow of a void, which needs the card's data and no cryptogram. */
  flow?: 'full' | 'read-card';
  /** PANs the merchant was told to refuse. */
  exceptions?: readonly string[];
  forceOnline?: boolean;
  /** 9F41 */
  transactionCounter?: number;
}>;

export type Session = {
  readonly input: TerminalTransaction;
  /** Every data object known so far by tag, the card's and the terminal's; TVR (95) and TSI (9B) are live arrays in it. */
  readonly data: Map<string, Uint8Array>;
  readonly tvr: Uint8Array;
  readonly tsi: Uint8Array;
  commandsLeft: number;
  /** Set by the final SELECT; until then a chip that cannot be read may fall back to the stripe. */
  application: { parameters: AidParameters; label: string } | undefined;
  pdolData: Uint8Array;
  cdol1Data: Uint8Array;
  staticData: Uint8Array | undefined;
  iccKey: SignerKey | undefined;
  method: CardholderMethod;
  cryptogramType: CryptogramType | undefined;
  scriptResults: Uint8Array[];
  hostApproved: boolean;
};

/** Commands to the card in one transaction; an honest card needs about 20. */
const commandsMax = 120;

export const openSession = (input: TerminalTransaction): Session => {
  const { terminal } = input;
  const tvr = new Uint8Array(5);
  const tsi = new Uint8Array(2);
  return {
    input,
    data: new Map([
      ['95', tvr],
      ['9B', tsi],
      ['9A', fromHex(input.date)],
      ['9F21', fromHex(input.time)],
      ['9C', fromHex(input.transactionType)],
      ['9F02', bcd(String(input.amountMinor).padStart(12, '0'))],
      ['9F03', new Uint8Array(6)],
      ['9F1A', bcd(terminal.countryCode.padStart(4, '0'))],
      ['5F2A', bcd(terminal.currencyCode.padStart(4, '0'))],
      ['9F35', fromHex(terminal.terminalType)],
      ['9F33', fromHex(terminal.capabilities)],
      ['9F40', fromHex(terminal.additionalCapabilities)],
      ['9F1E', fromAscii(terminal.serial.padEnd(8, ' '))],
      ['9F41', bcd(String(input.transactionCounter ?? 0).padStart(8, '0'))],
      ['9F34', fromHex('3F0000')],
    ]),
    tvr,
    tsi,
    commandsLeft: commandsMax,
    application: undefined,
    pdolData: new Uint8Array(),
    cdol1Data: new Uint8Array(),
    staticData: undefined,
    iccKey: undefined,
    method: 'none',
    cryptogramType: undefined,
    scriptResults: [],
    hostApproved: false,
  };
};

/** The card (or the person) ended it: `reason` for the outcome, `place` for the log. Never carries card data. */
export class CardFault extends Error {
  override readonly name = 'CardFault';
  readonly reason: KernelReason;

  constructor(reason: KernelReason, place: string) {
    super(`${reason} at ${place}`);
    this.reason = reason;
  }
}

export const raise = (session: Session, bit: TvrBit): void => setBit(session.tvr, TVR_BITS[bit]);
export const done = (session: Session, bit: TsiBit): void => setBit(session.tsi, TSI_BITS[bit]);

export const text = (session: Session, tag: string): string => hex(session.data.get(tag) ?? new Uint8Array());

/** The PAN of tag 5A without its filler; empty before the records are read. */
export const panDigits = (session: Session): string => text(session, '5A').replace(/F+$/, '');

export const required = (session: Session, tag: string): Uint8Array => {
  const value = session.data.get(tag);
  if (!value) throw new CardFault('card-data-missing', tag);
  return value;
};

/** TLV out of a card. Throws `CardFault`. */
export const cardTlv = (bytes: Uint8Array, place: string): Tlv[] => {
  try {
    return decodeTlv(bytes);
  } catch (error) {
    if (error instanceof TlvError) throw new CardFault('card-response-malformed', place);
    throw error;
  }
};

/** Tags the terminal answers for; a card that sends one of them does not overwrite it. */
const terminalTags: ReadonlySet<string> = new Set(
  '95 9B 9A 9F21 9C 9F02 9F03 9F1A 5F2A 9F35 9F33 9F40 9F1E 9F41 9F34 9F37 9F09 8A 91 DF69'.split(' '),
);

/** Keeps the primitive data objects a card sent. The same object twice is an error (Book 3 §10.2). Throws `CardFault`. */
export const keep = (session: Session, objects: readonly Tlv[], place: string): void => {
  for (const { tag, value, children } of objects) {
    if (children) keep(session, children, place);
    else if (terminalTags.has(tag)) continue;
    else if (session.data.has(tag)) throw new CardFault('card-data-inconsistent', `${place} ${tag}`);
    else session.data.set(tag, value.slice());
  }
};
