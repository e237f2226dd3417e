import type { Hsm } from '@zhanggui/hsm';
import type { Verdicts } from '@zhanggui/issuing';
import type { LockedRow } from './journal.ts';
import { issuerKeys } from './key-refs.ts';
import type { IssuerRequest } from './requests.ts';

type Verifier = Readonly<{
  hsm: Hsm;
  /** PIN keys of the link a block may have been made with, the current one first. */
  pinKeys: () => readonly string[];
}>;

/** Has the security module verify whatever the request carries against the card it names. */
export const verify = async (verifier: Verifier, request: IssuerRequest, row: LockedRow): Promise<Verdicts> => {
  if (row.account_id === null) return { pin: 'none', cvn: 'none', cryptogram: 'none' };
  const [pin, cvn, cryptogram] = await Promise.all([
    verifyPin(verifier, request, row),
    verifyStripe(verifier, request, row),
    verifyChip(verifier, request, row),
  ]);
  return { pin, cvn, cryptogram };
};

const verifyPin = async (
  { hsm, pinKeys }: Verifier,
  request: IssuerRequest,
  row: LockedRow,
): Promise<Verdicts['pin']> => {
  const { pinBlock: block, pan } = request;
  if (!block) return 'none';
  for (const key of pinKeys()) {
    const pvk = issuerKeys.pinVerification;
    const verdict = await hsm.verifyPin({ key, block, pan: pan.reveal(), pvk, offset: row.pin_offset });
    if (verdict !== 'format-error') return verdict;
  }
  return 'format-error';
};

/** The stripe must say what the issuer put on it: expiry and service code too, since the value is computed over them. */
const verifyStripe = async ({ hsm }: Verifier, request: IssuerRequest, row: LockedRow): Promise<Verdicts['cvn']> => {
  const { stripe, pan } = request;
  if (!stripe) return 'none';
  const { expiry, serviceCode, cvn } = stripe;
  if (expiry !== row.expiry || serviceCode !== row.service_code) return 'mismatch';
  const cvk = issuerKeys.cardVerification;
  return (await hsm.verifyCvv({ cvk, pan: pan.reveal(), expiry, serviceCode, cvv: cvn })) ? 'match' : 'mismatch';
};

/** The cryptogram is worth its money only when the amount under it is the amount asked for. */
const verifyChip = async (
  { hsm }: Verifier,
  request: IssuerRequest,
  row: LockedRow,
): Promise<Verdicts['cryptogram']> => {
  const { chip, pan, kind, amountMinor } = request;
  if (!chip) return 'none';
  if (kind === 'sale' && BigInt(chip.amount) !== amountMinor) return 'mismatch';
  const card = { mdk: issuerKeys.cryptogram, pan: pan.reveal(), psn: row.sequence_number, atc: chip.atc };
  return (await hsm.verifyArqc({ ...card, data: chip.signedData, arqc: chip.cryptogram })) ? 'match' : 'mismatch';
};
