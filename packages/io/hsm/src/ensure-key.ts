import type { Hsm } from './hsm.ts';
import type { KeyUse } from './key.ts';

/** Makes a key of the module's own when there is none under this reference: what a role does at its first start. */
export const ensureKey = async (hsm: Hsm, order: { ref: string; use: KeyUse; bytes: number }): Promise<void> => {
  if (!(await hsm.keyInfo(order.ref))) await hsm.generateKey(order);
};
