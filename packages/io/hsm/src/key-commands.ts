import { equal, xor } from '@zhanggui/bytes';
import { adjustParity } from '@zhanggui/card-crypto';
import type { Hsm } from './hsm.ts';
import { HsmError } from './hsm-error.ts';
import { isLengthOf, type KeyUse, keyUses, mayTravelUnder } from './key.ts';
import type { KeyVault } from './key-vault.ts';
import { checkValue, type ReadyKey } from './ready-key.ts';

type KeyCommands = Pick<Hsm, 'generateKey' | 'importComponents' | 'importKey' | 'exportKey' | 'keyInfo' | 'removeKey'>;

const everyUse = Object.keys(keyUses) as KeyUse[];
const kcvBytesMin = 3;

const demandKcv = (ref: string, clear: Uint8Array, kcv: Uint8Array | undefined): void => {
  if (kcv === undefined) return;
  const isCheck = kcv.length >= kcvBytesMin && equal(checkValue(clear).subarray(0, kcv.length), kcv);
  if (!isCheck) throw new HsmError('kcv-mismatch', ref);
};

const demandCarrier = (ref: string, use: KeyUse, carrier: ReadyKey): void => {
  if (!mayTravelUnder(use, carrier.info.use)) throw new HsmError('key-use', ref);
};

/** How keys come to be, arrive, leave and go. */
export const keyCommands = (vault: KeyVault, random: (bytes: number) => Uint8Array): KeyCommands => ({
  generateKey: async ({ ref, use, bytes }) => {
    if (!isLengthOf(use, bytes)) throw new HsmError('key-length', ref);
    const key = random(bytes);
    return vault.keep(ref, use, bytes === 32 ? key : adjustParity(key));
  },

  importComponents: async ({ ref, use, components, kcv }) => {
    const [first, ...others] = components;
    if (first === undefined || others.some(({ length }) => length !== first.length))
      throw new HsmError('key-length', ref);
    const clear = others.reduce(xor, first.slice());
    demandKcv(ref, clear, kcv);
    return vault.keep(ref, use, clear);
  },

  importKey: async ({ ref, use, cryptogram, under, kcv }) => {
    const carrier = await vault.key(under, ['zmk', 'tmk']);
    demandCarrier(ref, use, carrier);
    if (!isLengthOf(use, cryptogram.length)) throw new HsmError('key-length', ref);
    const clear = carrier.des.decrypt(cryptogram);
    demandKcv(ref, clear, kcv);
    return vault.keep(ref, use, clear);
  },

  exportKey: async ({ ref, under }) => {
    const carrier = await vault.key(under, ['zmk', 'tmk']);
    const key = await vault.key(ref, everyUse);
    demandCarrier(ref, key.info.use, carrier);
    return { cryptogram: carrier.des.encrypt(key.clear), kcv: checkValue(key.clear) };
  },

  keyInfo: (ref) => vault.find(ref),
  removeKey: (ref) => vault.remove(ref),
});
