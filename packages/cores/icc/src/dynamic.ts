/** The card's signature: INTERNAL AUTHENTICATE (EMV Book 3 §6.5.9), and the number both it and CDA carry. */
import { concat, fromAscii, fromHex } from '@zhanggui/bytes';
import { desEcbEncrypt } from '@zhanggui/card-crypto';
import { encodeTlv } from '@zhanggui/tlv';
import { type Command, type Context, dolLength, recordObject, sw, type Turn } from './command.ts';
import { counter } from './data.ts';
import { signerOf } from './signer.ts';

/** What a card without a DDOL of its own is sent: the unpredictable number. */
const defaultDdol = fromHex('9F3704');

export const internalAuthenticate = (context: Context, { p1, p2, data }: Command): Turn => {
  const { state, application, session } = context;
  const signer = signerOf(context);
  if (p1 !== 0 || p2 !== 0) return { state, status: sw.wrongParameters };
  if (!signer || session.stage !== 'initiated') return { state, status: sw.conditionsNotSatisfied };
  if (data.length !== dolLength(recordObject(application, '9F49') ?? defaultDdol))
    return { state, status: sw.wrongLength };
  const value = signer.dynamic({ iccDynamicNumber: iccDynamicNumber(context), terminalData: data });
  return { state, status: sw.ok, data: encodeTlv([{ tag: '80', value }]) };
};

/** Different in every transaction, and not to be guessed without the card's key: 8 bytes. */
export const iccDynamicNumber = ({ application, memory }: Context): Uint8Array =>
  desEcbEncrypt(fromHex(application.udkMac), concat(fromAscii('ICCDYN'), counter(memory.atc)));
