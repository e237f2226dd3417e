import type { Hsm } from '@zhanggui/hsm';
import type { WorkingKeyKind } from './management.ts';

const keyUse = { pin: 'zpk', mac: 'zak' } as const;
const workingKeyBytes = 16;

/**
 * The MAC over a key reset and its answer is made with the new key itself, which proves that both sides hold it. A PIN key must not
 * make MACs, so the same cryptogram is taken in a second time under a reference of its own, for the proof only.
 */
const proofRef = (ref: string): string => `${ref}.proof`;

const proofKey = (kind: WorkingKeyKind, ref: string): string => (kind === 'mac' ? ref : proofRef(ref));

/** The member takes in a key it was sent under its ZMK. Returns the reference to make and check the proof with. */
export const takeWorkingKey = async (
  hsm: Hsm,
  kind: WorkingKeyKind,
  key: { ref: string; zmk: string; cryptogram: Uint8Array },
): Promise<string> => {
  const { ref, zmk, cryptogram } = key;
  await hsm.importKey({ ref, use: keyUse[kind], cryptogram, under: zmk });
  if (kind === 'pin') await hsm.importKey({ ref: proofRef(ref), use: 'zak', cryptogram, under: zmk });
  return proofKey(kind, ref);
};

/** The centre makes a key for a member. Returns it under the member's ZMK, with the reference to make and check the proof with. */
export const makeWorkingKey = async (
  hsm: Hsm,
  kind: WorkingKeyKind,
  key: { ref: string; zmk: string },
): Promise<{ cryptogram: Uint8Array; proof: string }> => {
  await hsm.generateKey({ ref: key.ref, use: keyUse[kind], bytes: workingKeyBytes });
  const { cryptogram } = await hsm.exportKey({ ref: key.ref, under: key.zmk });
  if (kind === 'pin') await hsm.importKey({ ref: proofRef(key.ref), use: 'zak', cryptogram, under: key.zmk });
  return { cryptogram, proof: proofKey(kind, key.ref) };
};
