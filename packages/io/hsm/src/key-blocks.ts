import {
  CryptoError,
  type KeyBlock,
  type KeyBlockHeader,
  keyBlockFillBytes,
  unwrapKeyBlock,
  wrapKeyBlock,
} from '@zhanggui/card-crypto';
import { HsmError } from './hsm-error.ts';
import { type KeyInfo, type KeyUse, keyUses } from './key.ts';
import type { KeyVault } from './key-vault.ts';
import type { ReadyKey } from './ready-key.ts';

/** Keys travel with their use bound to them (ANSI X9.143, TR-31), under a key that does nothing else. */
export interface KeyBlockCommands {
  /** The key as a block of version B under a `kbpk`, D under a `kbpk-aes`, not to be sent on from there unless asked. */
  exportKeyBlock(order: { ref: string; under: string; mayBeSentOn?: boolean }): Promise<string>;
  /**
   * Takes in a key whose block says that it is one of this use. Rejects with `seal-broken` when the block was altered or
   * is under another key, `key-use` when it is for something else. What may not be sent on is never exported again.
   */
  importKeyBlock(order: { ref: string; use: KeyUse; block: string; under: string }): Promise<KeyInfo>;
  /** A block from under one key to under another, its use as it was, without the key being kept here. */
  translateKeyBlock(order: { block: string; from: string; to: string }): Promise<string>;
}

/** What blocks say of a use: the code we write, the codes we take, the mode of use. */
type BlockUse = Readonly<{ usage: string; taken: readonly string[]; mode: string; modes: readonly string[] }>;

const carrier: BlockUse = { usage: 'K0', taken: ['K0'], mode: 'B', modes: ['B'] };
const pin: BlockUse = { usage: 'P0', taken: ['P0'], mode: 'B', modes: ['B'] };
const mac: BlockUse = { usage: 'M1', taken: ['M0', 'M1', 'M3'], mode: 'C', modes: ['C', 'N'] };

const blockUses: Partial<Record<KeyUse, BlockUse>> = {
  zmk: carrier,
  tmk: carrier,
  tpk: pin,
  zpk: pin,
  'tpk-aes': pin,
  'zpk-aes': pin,
  tak: mac,
  zak: mac,
  tdk: { usage: 'D0', taken: ['D0'], mode: 'B', modes: ['B'] },
  pvk: { usage: 'V1', taken: ['V0', 'V1'], mode: 'C', modes: ['C', 'N'] },
  cvk: { usage: 'C0', taken: ['C0'], mode: 'C', modes: ['C', 'N'] },
  'mdk-ac': { usage: 'E0', taken: ['E0'], mode: 'X', modes: ['X', 'N'] },
};

const carriers: readonly KeyUse[] = ['kbpk', 'kbpk-aes'];
const everyUse = Object.keys(keyUses) as KeyUse[];
/** Shorter keys get filled up to these, so that a block does not tell how long its key is. */
const longestBytes = { T: 24, D: 24, A: 32 } as const;

/** X9.143 table 3: D is single DES, T triple. */
const algorithmOf = (use: KeyUse, bytes: number): 'A' | 'D' | 'T' => {
  if (keyUses[use].algorithm === 'aes') return 'A';
  return bytes === 8 ? 'D' : 'T';
};

const versionOf = (kbpk: ReadyKey): 'B' | 'D' => (kbpk.algorithm === 'aes' ? 'D' : 'B');

/** A key is not put under a weaker one. */
const demandStrength = (kbpk: ReadyKey, algorithm: string): void => {
  if (algorithm === 'A' && kbpk.algorithm !== 'aes') throw new HsmError('key-use', kbpk.info.ref);
};

const isBlockOf = (use: KeyUse, { header, key }: KeyBlock): boolean => {
  const row = blockUses[use];
  return (
    row !== undefined &&
    row.taken.includes(header.usage) &&
    row.modes.includes(header.modeOfUse) &&
    header.algorithm === algorithmOf(use, key.length)
  );
};

const opened = (kbpk: ReadyKey, block: string): KeyBlock => {
  try {
    return unwrapKeyBlock({ kbpk: kbpk.clear, block });
  } catch (error) {
    throw error instanceof CryptoError ? new HsmError('seal-broken', kbpk.info.ref) : error;
  }
};

export const keyBlockCommands = (vault: KeyVault, random: (bytes: number) => Uint8Array): KeyBlockCommands => {
  const wrapped = (kbpk: ReadyKey, key: Uint8Array, header: Omit<KeyBlockHeader, 'version'>): string => {
    demandStrength(kbpk, header.algorithm);
    const version = versionOf(kbpk);
    const hidesLength = longestBytes[header.algorithm as keyof typeof longestBytes] ?? key.length;
    const fill = random(keyBlockFillBytes({ version, keyBytes: key.length, hidesLength }));
    return wrapKeyBlock({ kbpk: kbpk.clear, header: { ...header, version }, key, fill: Uint8Array.from(fill) });
  };

  return {
    exportKeyBlock: async ({ ref, under, mayBeSentOn = false }) => {
      const kbpk = await vault.key(under, carriers);
      const key = await vault.key(ref, everyUse);
      const row = blockUses[key.info.use];
      if (row === undefined || !key.mayLeave) throw new HsmError('key-use', ref);
      return wrapped(kbpk, key.clear, {
        usage: row.usage,
        algorithm: algorithmOf(key.info.use, key.info.bytes),
        modeOfUse: row.mode,
        keyVersion: '00',
        exportability: mayBeSentOn ? 'E' : 'N',
      });
    },

    importKeyBlock: async ({ ref, use, block, under }) => {
      const kbpk = await vault.key(under, carriers);
      const found = opened(kbpk, block);
      if (!isBlockOf(use, found)) throw new HsmError('key-use', ref);
      return vault.keep(ref, use, found.key, { mayLeave: found.header.exportability !== 'N' });
    },

    translateKeyBlock: async ({ block, from, to }) => {
      const found = opened(await vault.key(from, carriers), block);
      if (found.header.exportability === 'N') throw new HsmError('key-use', from);
      // The padding of the options is made anew for the other version.
      const options = found.header.options?.filter(({ id }) => id !== 'PB');
      return wrapped(await vault.key(to, carriers), found.key, { ...found.header, options });
    },
  };
};
