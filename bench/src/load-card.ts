import { concat, fromHex } from '@zhanggui/bytes';
import { arqc, emvSessionKey, emvUdk } from '@zhanggui/card-crypto';
import { encodeTlv } from '@zhanggui/tlv';

/** A card of the load: what its chip would sign with, kept in the clear because it is nobody's. */
export type LoadCard = Readonly<{ pan: string; psn: string; expiry: string; track2: string; mdk: string }>;

const cardResults = fromHex('03A00000');
const issuerData = concat(fromHex('070101'), cardResults, fromHex('01'));

const counterBytes = (counter: number): Uint8Array => Uint8Array.of(counter >> 8, counter & 0xff);

/** Field 55 of a sale as a genuine chip would have it signed: cryptogram version 01 (docs: EMV Book 2 §8, PBOC). */
export const chipField = (card: LoadCard, counter: number, amount: string, date: string): Uint8Array => {
  const atc = counterBytes(counter);
  const signed: readonly [tag: string, value: Uint8Array][] = [
    ['9F02', fromHex(amount)],
    ['9F03', fromHex('000000000000')],
    ['9F1A', fromHex('0156')],
    ['95', fromHex('0000048000')],
    ['5F2A', fromHex('0156')],
    ['9A', fromHex(date)],
    ['9C', fromHex('00')],
    ['9F37', concat(atc, fromHex('A5C3'))],
    ['82', fromHex('7C00')],
    ['9F36', atc],
  ];
  const udk = emvUdk({ mdk: fromHex(card.mdk), pan: card.pan, psn: card.psn });
  const data = concat(...signed.map(([, value]) => value), cardResults);
  const cryptogram = arqc({ sessionKey: emvSessionKey({ udk, atc }), data });
  return encodeTlv([
    { tag: '9F26', value: cryptogram },
    { tag: '9F27', value: fromHex('80') },
    { tag: '9F10', value: issuerData },
    ...signed.map(([tag, value]) => ({ tag, value })),
    { tag: '9F33', value: fromHex('E0F8C8') },
    { tag: '9F34', value: fromHex('420300') },
    { tag: '9F35', value: fromHex('22') },
    { tag: '84', value: fromHex('A000000333010101') },
    { tag: '9F09', value: fromHex('0030') },
  ]);
};
