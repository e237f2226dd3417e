import { concat, fromAscii, hex } from '@zhanggui/bytes';
import { decodeTlv, encodeTlv, findTag, type Tlv, TlvError } from '@zhanggui/tlv';

/** What a chip card said in field 55. */
export type ChipData = Readonly<{
  cryptogram: Uint8Array;
  /** Application transaction counter, 2 bytes. */
  atc: Uint8Array;
  /** What the cryptogram is made over. */
  signedData: Uint8Array;
  /** Amount under the cryptogram, twelve digits. */
  amount: string;
}>;

/** Data elements under the cryptogram, version 01, before the card's verification results (PBOC 3.0, JR/T 0025). */
const signedTags = ['9F02', '9F03', '9F1A', '95', '5F2A', '9A', '9C', '9F37', '82', '9F36'] as const;

/** Card verification results: four bytes of tag 9F10, after its length, key index and cryptogram version. */
const verificationResultsOf = (issuerData: Uint8Array): Uint8Array => issuerData.subarray(3, 7);

const tlvsOf = (field55: Uint8Array): readonly Tlv[] | undefined => {
  try {
    return decodeTlv(field55);
  } catch (error) {
    if (error instanceof TlvError) return undefined;
    throw error;
  }
};

/** The cryptogram and what it signs; `undefined` when field 55 is absent, malformed or without one of its data elements. */
export const chipDataOf = (field55: Uint8Array | undefined): ChipData | undefined => {
  const tlvs = field55 && tlvsOf(field55);
  if (!tlvs) return undefined;
  const [cryptogram, atc, issuerData, amount] = ['9F26', '9F36', '9F10', '9F02'].map((tag) => findTag(tlvs, tag));
  if (cryptogram?.length !== 8 || atc?.length !== 2 || !issuerData || issuerData.length < 7 || !amount)
    return undefined;
  const signed = signedTags.map((tag) => findTag(tlvs, tag)).filter((value) => value !== undefined);
  if (signed.length !== signedTags.length) return undefined;
  return {
    cryptogram,
    atc,
    signedData: concat(...signed, verificationResultsOf(issuerData)),
    amount: hex(amount),
  };
};

export const counterOf = ({ atc }: ChipData): number => ((atc[0] ?? 0) << 8) | (atc[1] ?? 0);

/** Field 55 of an answer: issuer authentication data (the answer cryptogram and the answer code it is made over). */
export const field55Answer = ({ atc }: ChipData, arpc: Uint8Array, code: string): Uint8Array =>
  encodeTlv([
    { tag: '9F36', value: atc },
    { tag: '91', value: concat(arpc, fromAscii(code)) },
  ]);
