/** The two families of keys by which a card proves itself, RSA (EMV Book 2) and SM2 (PBOC 3.0 part 17), behind one set of steps. */
import {
  type CombinedVerdict,
  type DynamicVerdict,
  type RsaPublicKey,
  recoverIccKey,
  recoverIssuerKey,
  recoverSmIccKey,
  recoverSmIssuerKey,
  type StaticVerdict,
  verifyCombined,
  verifyDynamicData,
  verifySmCombined,
  verifySmDynamicData,
  verifySmStaticData,
  verifyStaticData,
} from '@zhanggui/card-crypto';

/** `key` of SM2 is a point: 04, x, y, 65 bytes. */
export type SignerKey = Readonly<{ algorithm: 'rsa'; key: RsaPublicKey } | { algorithm: 'sm2'; key: Uint8Array }>;

/** A certificate as the card shows it; one over an SM2 key has nothing beside it, and empty bytes stand for that. */
type Shown = Readonly<Record<'certificate' | 'remainder' | 'exponent', Uint8Array>>;
/** `today` is YYMM. */
type Holder = Readonly<{ pan: string; today: string }>;

/** The issuer's key, certified by the authority's. */
export const recoverIssuer = (ca: SignerKey, shown: Shown & Holder): SignerKey | undefined => {
  if (ca.algorithm === 'sm2') {
    const found = recoverSmIssuerKey({ ...shown, caKey: ca.key });
    return found.kind === 'valid' ? { algorithm: 'sm2', key: found.key } : undefined;
  }
  const found = recoverIssuerKey({ ...shown, caKey: ca.key });
  return found.kind === 'valid' ? { algorithm: 'rsa', key: found.key } : undefined;
};

/** The card's key, certified by the issuer's. */
export const recoverCard = (
  issuer: SignerKey,
  shown: Shown & Holder & { staticData: Uint8Array },
): SignerKey | undefined => {
  if (issuer.algorithm === 'sm2') {
    const found = recoverSmIccKey({ ...shown, issuerKey: issuer.key });
    return found.kind === 'valid' ? { algorithm: 'sm2', key: found.key } : undefined;
  }
  const found = recoverIccKey({ ...shown, issuerKey: issuer.key });
  return found.kind === 'valid' ? { algorithm: 'rsa', key: found.key } : undefined;
};

type Signed = Readonly<{ signed: Uint8Array }>;

export const checkStatic = (issuer: SignerKey, given: Signed & { staticData: Uint8Array }): StaticVerdict =>
  issuer.algorithm === 'sm2'
    ? verifySmStaticData({ ...given, issuerKey: issuer.key })
    : verifyStaticData({ ...given, issuerKey: issuer.key });

export const checkDynamic = (card: SignerKey, given: Signed & { terminalData: Uint8Array }): DynamicVerdict =>
  card.algorithm === 'sm2'
    ? verifySmDynamicData({ ...given, iccKey: card.key })
    : verifyDynamicData({ ...given, iccKey: card.key });

type Combined = Signed &
  Readonly<{ cryptogramInformation: number; transactionData: Uint8Array; unpredictableNumber: Uint8Array }>;

export const checkCombined = (card: SignerKey, given: Combined): CombinedVerdict =>
  card.algorithm === 'sm2'
    ? verifySmCombined({ ...given, iccKey: card.key })
    : verifyCombined({ ...given, iccKey: card.key });
