import { randomBytes } from 'node:crypto';
import { type Command, commands } from './commands.ts';
import { Counts } from './counts.ts';
import type { Hsm } from './hsm.ts';
import type { KeyUse } from './key.ts';
import { keyCommands } from './key-commands.ts';
import type { KeyStore } from './key-store.ts';
import { KeyVault } from './key-vault.ts';
import { ReadyKey } from './ready-key.ts';

/**
 * An HSM in this process. `lmk` is 32 bytes and opens everything in the store: it comes from configuration or key
 * components and is kept nowhere. `random` is for tests that must repeat.
 */
export const openSoftHsm = ({
  lmk,
  store,
  random = randomBytes,
}: {
  lmk: Uint8Array;
  store: KeyStore;
  random?: (bytes: number) => Uint8Array;
}): Hsm => {
  const vault = new KeyVault(lmk, store, random);
  const counts = new Counts();

  const counted =
    <Arguments extends unknown[], Result>(name: string, run: (...args: Arguments) => Promise<Result>) =>
    async (...args: Arguments): Promise<Result> => {
      try {
        const result = await run(...args);
        counts.ended(name, result);
        return result;
      } catch (error) {
        throw counts.refused(name, error);
      }
    };

  /** Keys that are ready are taken without waiting, so that a command costs one promise. */
  const bound = <Names extends string, Input, Result>(name: string, { keys, run }: Command<Names, Input, Result>) => {
    const needs = Object.entries(keys) as [Names, readonly KeyUse[]][];
    return async (order: Readonly<Record<Names, string>> & Input): Promise<Result> => {
      try {
        const ready = {} as Record<Names, ReadyKey>;
        for (const [need, uses] of needs) {
          const key = vault.key(order[need], uses);
          ready[need] = key instanceof ReadyKey ? key : await key;
        }
        const result = run(ready, order);
        counts.ended(name, result);
        return result;
      } catch (error) {
        throw counts.refused(name, error);
      }
    };
  };

  const { generateKey, importComponents, importKey, exportKey, keyInfo, removeKey } = keyCommands(vault, random);
  return {
    generateKey: counted('generateKey', generateKey),
    importComponents: counted('importComponents', importComponents),
    importKey: counted('importKey', importKey),
    exportKey: counted('exportKey', exportKey),
    keyInfo,
    removeKey: counted('removeKey', removeKey),
    mac: bound('mac', commands.mac),
    verifyMac: bound('verifyMac', commands.verifyMac),
    encryptPin: bound('encryptPin', commands.encryptPin),
    translatePin: bound('translatePin', commands.translatePin),
    verifyPin: bound('verifyPin', commands.verifyPin),
    makePinOffset: bound('makePinOffset', commands.makePinOffset),
    verifyCvv: bound('verifyCvv', commands.verifyCvv),
    verifyArqc: bound('verifyArqc', commands.verifyArqc),
    makeArpc: bound('makeArpc', commands.makeArpc),
    hashPan: bound('hashPan', commands.hashPan),
    seal: bound('seal', commands.seal),
    open: bound('open', commands.open),
    counts: () => counts.list(),
  };
};
