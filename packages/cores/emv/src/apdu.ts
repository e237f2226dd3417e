/** Commands to the card (EMV Book 1 §11, Book 3 §6.5) and the one place where they are sent. */
import { concat } from '@zhanggui/bytes';
import { buildDol, type DolEntry, parseDol, TlvError } from '@zhanggui/tlv';
import type { Steps } from './conversation.ts';
import { CardFault, type Session } from './session.ts';

export type CardResponse = Readonly<{ data: Uint8Array; status: number }>;

const answer = 0x00;

export const commands = {
  select: (name: Uint8Array, next = false) => command([0x00, 0xa4, 0x04, next ? 0x02 : 0x00], name, answer),
  readRecord: (sfi: number, record: number) => Uint8Array.of(0x00, 0xb2, record, (sfi << 3) | 0x04, answer),
  getProcessingOptions: (pdolData: Uint8Array) =>
    command([0x80, 0xa8, 0x00, 0x00], concat(Uint8Array.of(0x83, pdolData.length), pdolData), answer),
  internalAuthenticate: (ddolData: Uint8Array) => command([0x00, 0x88, 0x00, 0x00], ddolData, answer),
  externalAuthenticate: (issuerAuthentication: Uint8Array) => command([0x00, 0x82, 0x00, 0x00], issuerAuthentication),
  /** `reference` is P1: cryptogram type in bits 8-7, CDA in bit 5. */
  generateAc: (reference: number, cdolData: Uint8Array) => command([0x80, 0xae, reference, 0x00], cdolData, answer),
  getData: (tag: number) => Uint8Array.of(0x80, 0xca, tag >> 8, tag & 0xff, answer),
} as const;

const command = (header: readonly number[], data: Uint8Array, expected?: number): Uint8Array =>
  concat(
    Uint8Array.from(header),
    Uint8Array.of(data.length),
    data,
    expected === undefined ? new Uint8Array() : Uint8Array.of(expected),
  );

/** Sends a command; fetches what a T=0 card holds back (61xx) and repeats with the length it asks for (6Cxx). */
export function* transmit(session: Session, sent: Uint8Array): Steps<CardResponse> {
  let response = yield* exchange(session, sent);
  const parts: Uint8Array[] = [];
  for (;;) {
    const [high, low] = [response.status >> 8, response.status & 0xff];
    if (high === 0x61) {
      parts.push(response.data);
      response = yield* exchange(session, Uint8Array.of(0x00, 0xc0, 0x00, 0x00, low));
    } else if (high === 0x6c) {
      response = yield* exchange(session, concat(sent.subarray(0, sent.length - 1), Uint8Array.of(low)));
    } else {
      return { data: concat(...parts, response.data), status: response.status };
    }
  }
}

/** As `transmit`, for commands after which any status but 9000 ends the transaction (Book 3 §6.3.5). Throws `CardFault`. */
export function* transmitOk(session: Session, sent: Uint8Array, place: string): Steps<Uint8Array> {
  const { data, status } = yield* transmit(session, sent);
  if (status !== 0x9000) throw new CardFault('card-refused-command', place);
  return data;
}

function* exchange(session: Session, sent: Uint8Array): Steps<CardResponse> {
  if (session.commandsLeft === 0) throw new CardFault('too-many-commands', 'exchange');
  session.commandsLeft -= 1;
  const reply = yield { kind: 'apdu', command: sent };
  if (reply.kind !== 'apdu') throw new TypeError(`an APDU was answered with ${reply.kind}`);
  const { response } = reply;
  if (response.length < 2) throw new CardFault('card-mute', 'exchange');
  const [high = 0, low = 0] = response.subarray(-2);
  return { data: response.subarray(0, -2), status: (high << 8) | low };
}

const commandDataMax = 255;

/** The values a card's data object list asks for. Throws `CardFault` on a list no command can carry. */
export const dolData = (session: Session, list: Uint8Array | undefined, place: string): Uint8Array => {
  const entries = cardDol(list ?? new Uint8Array(), place);
  const length = entries.reduce((sum, entry) => sum + entry.length, 0);
  if (length > commandDataMax - 2) throw new CardFault('card-response-malformed', place);
  return buildDol(entries, (tag) => session.data.get(tag));
};

/** Throws `CardFault`. */
export const cardDol = (list: Uint8Array, place: string): DolEntry[] => {
  try {
    return parseDol(list);
  } catch (error) {
    if (error instanceof TlvError) throw new CardFault('card-response-malformed', place);
    throw error;
  }
};
