/** A bank that does not exist: its certification authority, its own keys, its BINs, and what terminals must know to take its cards. */
import { fromHex, hex } from '@zhanggui/bytes';
import { type Certificate, issueIssuerCertificate, publicKeyOf, type RsaPrivateKey } from '@zhanggui/card-crypto';
import { type AidParameters, aidParameters, type CaPublicKey } from '@zhanggui/emv';
import { BIN_TABLE, sandboxAuthority } from './identity.ts';
import { generateRsaKey } from './rsa.ts';
import { mintSmBank, type SmBank, smAuthorityKey } from './sm-chain.ts';

/** All of a bank's secrets in the clear, as JSON: a bank for this sandbox only. Keys are hexadecimal text of 16 bytes. */
export type SandboxBank = Readonly<{
  sandbox: true;
  caKey: RsaPrivateKey;
  issuerKey: RsaPrivateKey;
  /** By BIN: a certificate names the first digits of the PANs it stands for. */
  issuerCertificates: Readonly<Record<string, Readonly<Record<keyof Certificate, string>>>>;
  sm: SmBank;
  keys: Readonly<Record<'mdkAc' | 'mdkMac' | 'cvk' | 'pvk', string>>;
}>;

/** `random` gives the symmetric keys and those of SM2; RSA keys come from the platform. */
export const mintBank = async ({ random }: { random: (bytes: number) => Uint8Array }): Promise<SandboxBank> => {
  const [caKey, issuerKey] = await Promise.all([generateRsaKey(1152), generateRsaKey(1024)]);
  const certificates = BIN_TABLE.map(({ bin }, row) => {
    const issued = issueIssuerCertificate({
      caKey,
      issuerKey: publicKeyOf(issuerKey),
      issuerIdentifier: bin,
      expiry: sandboxAuthority.certificateExpiry,
      serial: Uint8Array.of(0, 0, row + 1),
    });
    const asText = {
      certificate: hex(issued.certificate),
      remainder: hex(issued.remainder),
      exponent: hex(issued.exponent),
    };
    return [bin, asText] as const;
  });
  const key = (): string => hex(random(16));
  return {
    sandbox: true,
    caKey,
    issuerKey,
    issuerCertificates: Object.fromEntries(certificates),
    sm: mintSmBank(random),
    keys: { mdkAc: key(), mdkMac: key(), cvk: key(), pvk: key() },
  };
};

/** What a terminal's kernel has to be given to take this bank's cards. */
export const terminalParameters = (bank: SandboxBank): { aids: AidParameters[]; capks: CaPublicKey[] } => ({
  aids: applicationIds.map((aid) => aidParameters(fromHex(`9F0608${aid}${applicationDownload}`))),
  capks: [
    { ...authority, index: sandboxAuthority.index, algorithm: 'rsa', key: publicKeyOf(bank.caKey) },
    { ...authority, index: sandboxAuthority.smIndex, algorithm: 'sm2', key: smAuthorityKey(bank.sm) },
  ],
});

const authority = { rid: sandboxAuthority.rid, expiry: '20491231' } as const;

/** UnionPay debit, credit, quasi-credit and electronic cash. */
const applicationIds = ['A000000333010101', 'A000000333010102', 'A000000333010103', 'A000000333010106'] as const;

/** What a terminal vendor loads for each of them: version, action codes, floor limit 500.00, random selection 99 %. */
const applicationDownload =
  'DF010100 9F08020020 DF1105D84000A800 DF1205D84004F800 DF13050010000000 9F1B040000C350 DF150400000000 DF160199 ' +
  'DF170199 DF14039F3704 DF180101 9F7B06100000000000 DF1906100000000000 DF2006100000000000 DF2106100000000000';
