import { concat, fromHex, hex } from '@zhanggui/bytes';
import { CodecError } from './codec-error.ts';

/** Transport addresses before a message: identifier 60, then two network addresses, all as hexadecimal digits. */
export type Tpdu = { readonly id: string; readonly destination: string; readonly source: string };

/** The six bytes between TPDU and message. `processingRequirement` has a meaning only towards the terminal. */
export type PosHeader = {
  readonly applicationClass: string;
  readonly softwareVersion: string;
  /** 0 normal, 1 test. */
  readonly terminalStatus: string;
  /** What the host asks of the terminal: 0 nothing, 3 sign in again, 4 and 5 download keys and applications, … */
  readonly processingRequirement: string;
  readonly softwareSubVersion: string;
};

/** What a dial-up network access controller adds after the TPDU: the phone numbers bind a terminal to its line. */
export type LineInformation = {
  readonly callerNumber: string;
  readonly calledNumber: string;
  readonly node: Uint8Array;
};

/** A terminal's frame without its two length bytes. */
export type PosFrame = {
  readonly tpdu: Tpdu;
  readonly header: PosHeader;
  readonly lineInformation?: LineInformation;
  readonly body: Uint8Array;
};

const TPDU_BYTES = 5;
const HEADER_BYTES = 6;
const LINE_MARK = fromHex('4C5249001C');
const LINE_BYTES = 33;
const PHONE_BYTES = 8;

const digits = (text: string, count: number): string => {
  if (text.length !== count || !/^[0-9A-F]*$/.test(text)) throw new CodecError('frame-malformed');
  return text;
};

const encodeLine = ({ callerNumber, calledNumber, node }: LineInformation): Uint8Array => {
  const phones = digits(callerNumber, 2 * PHONE_BYTES) + digits(calledNumber, 2 * PHONE_BYTES);
  const line = concat(LINE_MARK, fromHex(phones), node);
  if (line.length !== LINE_BYTES) throw new CodecError('frame-malformed');
  return line;
};

/** Frame without its two length bytes. Throws `CodecError` when an address or header digit does not fit its place. */
export const encodePosFrame = ({ tpdu, header, lineInformation, body }: PosFrame): Uint8Array => {
  const addresses = digits(tpdu.id, 2) + digits(tpdu.destination, 4) + digits(tpdu.source, 4);
  const head =
    digits(header.applicationClass, 2) +
    digits(header.softwareVersion, 2) +
    digits(header.terminalStatus, 1) +
    digits(header.processingRequirement, 1) +
    digits(header.softwareSubVersion, 6);
  const line = lineInformation === undefined ? new Uint8Array() : encodeLine(lineInformation);
  return concat(fromHex(addresses), line, fromHex(head), body);
};

const hasLine = (bytes: Uint8Array): boolean => LINE_MARK.every((byte, index) => bytes[TPDU_BYTES + index] === byte);

const decodeLine = (bytes: Uint8Array): LineInformation => {
  const caller = TPDU_BYTES + LINE_MARK.length;
  const called = caller + PHONE_BYTES;
  return {
    callerNumber: hex(bytes.subarray(caller, called)),
    calledNumber: hex(bytes.subarray(called, called + PHONE_BYTES)),
    node: bytes.subarray(called + PHONE_BYTES, TPDU_BYTES + LINE_BYTES),
  };
};

/** Parts of a frame; `body` is a view of `bytes`, which hold no length prefix. Throws `CodecError`. */
export const decodePosFrame = (bytes: Uint8Array): PosFrame => {
  const line = hasLine(bytes);
  const headerAt = line ? TPDU_BYTES + LINE_BYTES : TPDU_BYTES;
  const bodyAt = headerAt + HEADER_BYTES;
  if (bytes.length < bodyAt) throw new CodecError('frame-malformed', { offset: bytes.length });
  const addresses = hex(bytes.subarray(0, TPDU_BYTES));
  const head = hex(bytes.subarray(headerAt, bodyAt));
  return {
    tpdu: { id: addresses.slice(0, 2), destination: addresses.slice(2, 6), source: addresses.slice(6) },
    header: {
      applicationClass: head.slice(0, 2),
      softwareVersion: head.slice(2, 4),
      terminalStatus: head.slice(4, 5),
      processingRequirement: head.slice(5, 6),
      softwareSubVersion: head.slice(6),
    },
    ...(line ? { lineInformation: decodeLine(bytes) } : {}),
    body: bytes.subarray(bodyAt),
  };
};

/** Addresses of an answer: where the request came from becomes where it goes. */
export const answerTpdu = ({ id, destination, source }: Tpdu): Tpdu => ({
  id,
  destination: source,
  source: destination,
});
