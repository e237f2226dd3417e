import { fromHex } from '@zhanggui/bytes';
import { desEcbDecrypt, desEcbEncrypt, desKey, pinBlockEncode, unionPayEcbMac } from '@zhanggui/card-crypto';
import { decodePosFrame, encodePosFrame, posField60, posMacInput, signInKeys, unionPayPos } from '@zhanggui/iso8583';
import { FRAMINGS } from '@zhanggui/link';
import { chipField, type LoadCard } from './load-card.ts';

/** A terminal of the load with the card that is always in its slot. */
export type LoadTerminal = Readonly<{ terminalId: string; merchantId: string; masterKey: string; card: LoadCard }>;

type WorkingKeys = Readonly<{ batch: string; pin: Uint8Array; mac: Uint8Array }>;

const tpdu = { id: '60', destination: '0003', source: '0000' } as const;
const header = {
  applicationClass: '61',
  softwareVersion: '31',
  terminalStatus: '1',
  processingRequirement: '0',
  softwareSubVersion: '310000',
} as const;

const framed = (body: Uint8Array): Uint8Array => FRAMINGS.binary2.encode(encodePosFrame({ tpdu, header, body }));

const stanOf = (number: number): string => String(number).padStart(6, '0');

/** 0800: asks for double-length working keys. */
export const signInRequest = (terminal: LoadTerminal): Uint8Array =>
  framed(
    unionPayPos.encode({
      mti: '0800',
      fields: {
        11: '000001',
        41: terminal.terminalId,
        42: terminal.merchantId,
        60: posField60.encode({ messageType: '00', batch: '000000', managementCode: '003' }),
        63: '01 ',
      },
    }),
  );

/** The keys of an 0810, deciphered under the terminal's master key. */
export const workingKeys = (terminal: LoadTerminal, frame: Uint8Array): WorkingKeys => {
  const { fields } = unionPayPos.decode(decodePosFrame(frame).body);
  if (fields[39] !== '00' || !fields[62] || !fields[60])
    throw new Error(`sign-in of ${terminal.terminalId} answered ${fields[39]}`);
  const keys = signInKeys.decode(fields[62]);
  const clear = (cryptogram: Uint8Array) => desEcbDecrypt(fromHex(terminal.masterKey), cryptogram);
  return {
    batch: posField60.decode(fields[60]).batch,
    pin: clear(keys.pin.cryptogram),
    mac: clear(keys.mac.cryptogram),
  };
};

/** Sales of one terminal, signed and ready to send: `first` is the first trace number and the chip's next counter. */
export const prepareSales = (
  terminal: LoadTerminal,
  keys: WorkingKeys,
  order: { first: number; count: number; amount: string; date: string; pin: string },
): Uint8Array[] => {
  const { card } = terminal;
  const macKey = desKey(keys.mac);
  const pinBlock = desEcbEncrypt(keys.pin, pinBlockEncode({ format: '0', pin: order.pin, pan: card.pan }));
  const field60 = posField60.encode({
    messageType: '22',
    batch: keys.batch,
    managementCode: '000',
    readingCapability: '5',
    chipCondition: '0',
  });
  const frames: Uint8Array[] = [];
  for (let number = order.first; number < order.first + order.count; number += 1) {
    const body = unionPayPos.encode({
      mti: '0200',
      fields: {
        2: card.pan,
        3: '000000',
        4: order.amount,
        11: stanOf(number),
        14: card.expiry,
        22: '051',
        23: `0${card.psn}`,
        25: '00',
        26: '12',
        35: card.track2,
        41: terminal.terminalId,
        42: terminal.merchantId,
        49: '156',
        52: pinBlock,
        53: '2600000000000000',
        55: chipField(card, number, order.amount, order.date),
        60: field60,
        63: '01 ',
        64: new Uint8Array(8),
      },
    });
    body.set(unionPayEcbMac(macKey, posMacInput(body)), body.length - 8);
    frames.push(framed(body));
  }
  return frames;
};

/** Field 39 of an 0210. */
export const answerCode = (frame: Uint8Array): string =>
  unionPayPos.decode(decodePosFrame(frame).body).fields[39] ?? '';
