import { xor } from '@zhanggui/bytes';
import { adjustParity } from '@zhanggui/card-crypto';
import type { Hsm } from './hsm.ts';
import { HsmError } from './hsm-error.ts';
import { carrierUses, isLengthOf, type KeyUse, keyUses, mayTravelUnder } from './key.ts';
import type { KeyVault } from './key-vault.ts';
import { checkValue, type ReadyKey } from './ready-key.ts';

type KeyCommands = Pick<Hsm, 'generateKey' | 'importComponents' | 'importKey' | 'exportKey' | 'keyInfo' | 'removeKey'>;

const everyUse = Object.keys(keyUses) as KeyUse[];
const demandCarrier = (ref: string, use: KeyUse, carrier: ReadyKey): void => {
  if (!mayTravelUnder(use, carrier.info.use)) throw new HsmError('key-use', ref);
};

const cipherOf = (carrier: ReadyKey) => (carrier.algorithm === 'sm4' ? carrier.sm4 : carrier.des);

/** How keys come to be, arrive, leave and go. */
export const keyCommands = (vault: KeyVault, random: (bytes: number) => Uint8Array): KeyCommands => ({
  generateKey: async ({ ref, use, bytes }) => {
    if (!isLengthOf(use, bytes)) throw new HsmError('key-length', ref);
    const key = random(bytes);
    return vault.keep(ref, use, keyUses[use].algorithm === 'des' ? adjustParity(key) : key);
  },

  importComponents: async ({ ref, use, components, kcv }) => {
    const [first, ...others] = components;
    if (first === undefined || others.some(({ length }) => length !== first.length))
      throw new HsmError('key-length', ref);
    const clear = others.reduce(xor, first.slice());
    return vault.keepChecked(ref, use, clear, kcv);
  },

  importKey: async ({ ref, use, cryptogram, under, kcv }) => {
    const carrier = await vault.key(under, carrierUses);
    demandCarrier(ref, use, carrier);
    if (!isLengthOf(use, cryptogram.length)) throw new HsmError('key-length', ref);
    const clear = cipherOf(carrier).decrypt(cryptogram);
    return vault.keepChecked(ref, use, clear, kcv);
  },

  exportKey: async ({ ref, under }) => {
    const carrier = await vault.key(under, carrierUses);
    const key = await vault.key(ref, everyUse);
    demandCarrier(ref, key.info.use, carrier);
    if (!key.mayLeave) throw new HsmError('key-use', ref);
    return { cryptogram: cipherOf(carrier).encrypt(key.clear), kcv: checkValue(key.info.use, key.clear) };
  },

  keyInfo: (ref) => vault.find(ref),
  removeKey: (ref) => vault.remove(ref),
});
