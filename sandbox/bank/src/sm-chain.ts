/** The SM2 side of a card (PBOC 3.0): certificates and the static signature that a chip with SM2 keys carries beside its RSA ones. */
import { bcd, fromHex, hex } from '@zhanggui/bytes';
import {
  issueSmIccCertificate,
  issueSmIssuerCertificate,
  type SmSigner,
  signSmStaticData,
  sm2NumberFrom,
  sm2PublicKey,
} from '@zhanggui/card-crypto';
import { BIN_TABLE, sandboxAuthority } from './identity.ts';

type Random = (bytes: number) => Uint8Array;

/** Private numbers of the sandbox's SM2 authority and issuer, in hexadecimal: for this sandbox only. */
export type SmBank = Readonly<{ sandbox: true; caKey: string; issuerKey: string }>;

/** Tags as the card answers them, in hexadecimal; `caPublicKey` is what a terminal must know, `cardKey` what only the chip does. */
export type SmChain = Readonly<{
  keyIndex: string;
  caPublicKey: string;
  cardKey: string;
  tags: Readonly<Record<'90' | '93' | '9F46', string>>;
}>;

const numberOf = (random: Random): Uint8Array => sm2NumberFrom({ secret: random(32), data: new Uint8Array() });

export const mintSmBank = (random: Random): SmBank => ({
  sandbox: true,
  caKey: hex(numberOf(random)),
  issuerKey: hex(numberOf(random)),
});

/** What a terminal must know to take the bank's cards: a point, 65 bytes. */
export const smAuthorityKey = (bank: SmBank): Uint8Array => sm2PublicKey(fromHex(bank.caKey));

/** Certificates over an issuer's and a new card's key, and the signature over `staticData`. Throws `RangeError` for a PAN of another bank. */
export const issueSmChain = (
  bank: SmBank,
  order: { pan: string; expiry: string; staticData: Uint8Array; random: Random },
): SmChain => {
  const { pan, expiry, staticData, random } = order;
  const bin = BIN_TABLE.find((row) => pan.startsWith(row.bin))?.bin;
  if (bin === undefined) throw new RangeError('the bank has no such BIN');
  const signer = (key: string): SmSigner => ({ privateKey: fromHex(key), nonce: numberOf(random) });
  const cardKey = numberOf(random);
  const publicOf = (key: string): Uint8Array => sm2PublicKey(fromHex(key));
  return {
    keyIndex: sandboxAuthority.smIndex,
    caPublicKey: hex(smAuthorityKey(bank)),
    cardKey: hex(cardKey),
    tags: {
      '90': hex(
        issueSmIssuerCertificate({
          ca: signer(bank.caKey),
          subject: publicOf(bank.issuerKey),
          issuerIdentifier: bin,
          expiry: sandboxAuthority.certificateExpiry,
          serial: Uint8Array.of(0, 0, 1),
        }),
      ),
      '93': hex(signSmStaticData({ issuer: signer(bank.issuerKey), dataAuthenticationCode: bcd('0001'), staticData })),
      '9F46': hex(
        issueSmIccCertificate({
          issuer: signer(bank.issuerKey),
          subject: sm2PublicKey(cardKey),
          pan,
          expiry,
          serial: bcd(pan.slice(-6)),
          staticData,
        }),
      ),
    },
  };
};
