/** One card out of the factory: plastic, stripe and, where it has one, chip. */
import { randomBytes } from 'node:crypto';
import { fromHex } from '@zhanggui/bytes';
import { cvv } from '@zhanggui/card-crypto';
import type { IccProfile } from '@zhanggui/icc';
import { isLuhnValid } from '@zhanggui/ids';
import type { SandboxBank } from './bank.ts';
import { BIN_TABLE, type CardKind } from './identity.ts';
import { type ChipGrade, personalise, type VerificationRule } from './personalise.ts';
import { generateRsaKey } from './rsa.ts';

export type CardOrder = Readonly<{
  id: string;
  pan: string;
  /** PAN sequence number, two digits; '01' unless it is a replacement. */
  psn?: string;
  /** YYMM */
  expiry: string;
  cardholder: string;
  kind: CardKind;
  label: Readonly<{ zh: string; en: string }>;
  /** None: a card with a stripe only. `dead` is a chip whose contacts answer and whose applications are gone. */
  chip?: ChipGrade | 'dead';
  /** The chip has SM2 certificates and a key beside the RSA ones. */
  sm2?: boolean;
  verification?: VerificationRule;
}>;

/** JSON-able. `track2` is the stripe's text with '='. */
export type SandboxCard = Readonly<{
  sandbox: true;
  id: string;
  pan: string;
  psn: string;
  expiry: string;
  cardholder: string;
  kind: CardKind;
  label: Readonly<{ zh: string; en: string }>;
  serviceCode: string;
  track2: string;
  chip?: IccProfile;
}>;

/** Domestic use, PIN required: 6xx the chip is to be used, 5xx there is none (ISO/IEC 7813). */
const serviceCodes = { chip: '620', stripe: '520' } as const;
/** The verification value in the chip's copy of track 2 is made under this code, so that the copy makes no stripe. */
const chipServiceCode = '999';

/** Throws `RangeError` when the PAN is not one of this bank's test BINs or its check digit is wrong. */
export const issueCard = async (bank: SandboxBank, order: CardOrder): Promise<SandboxCard> => {
  const row = BIN_TABLE.find(({ bin, panLength }) => order.pan.startsWith(bin) && order.pan.length === panLength);
  if (!row || row.kind !== order.kind || !isLuhnValid(order.pan)) throw new RangeError('not a PAN of the sandbox bank');
  const { id, pan, expiry, cardholder, kind, label, psn = '01' } = order;
  const serviceCode = order.chip ? serviceCodes.chip : serviceCodes.stripe;
  const card = { sandbox: true, id, pan, psn, expiry, cardholder, kind, label, serviceCode } as const;
  const track2 = track2Of(bank, { pan, expiry, serviceCode, valueCode: serviceCode });
  if (!order.chip) return { ...card, track2 };
  if (order.chip === 'dead') return { ...card, track2, chip: { sandbox: true, atr: '3B00', applications: [] } };
  const chip = personalise(bank, {
    bin: row.bin,
    pan,
    psn,
    expiry,
    kind,
    cardholder,
    serviceCode,
    track2Chip: track2Of(bank, { pan, expiry, serviceCode, valueCode: chipServiceCode }),
    grade: order.chip,
    verification: order.verification ?? (kind === 'debit' ? 'pin' : 'pin-or-signature'),
    iccKey: await generateRsaKey(1024),
    sm2: order.sm2 ? { random: (bytes) => new Uint8Array(randomBytes(bytes)) } : undefined,
  });
  return { ...card, track2, chip };
};

/** Domestic layout: PVV 00000 (the PIN is checked by its offset at the issuer), 00, verification value. */
const track2Of = (
  bank: SandboxBank,
  { pan, expiry, serviceCode, valueCode }: { pan: string; expiry: string; serviceCode: string; valueCode: string },
): string => {
  const value = cvv({ key: fromHex(bank.keys.cvk), pan, expiry, serviceCode: valueCode });
  return `${pan}=${expiry}${serviceCode}0000000${value}`;
};
