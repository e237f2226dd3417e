import { randomBytes } from 'node:crypto';
import { type AuditHead, type AuditStore, AuditTrail, type AuditVerdict, verifyAudit } from './audit.ts';
import { type Ceremony, type CeremonyOrder, openCeremony } from './ceremony.ts';
import { CommandRecord } from './command-record.ts';
import { type Command, commands, type Desk } from './commands.ts';
import { type GuessStore, sharedGuesses } from './guess-store.ts';
import type { Hsm } from './hsm.ts';
import { HsmError } from './hsm-error.ts';
import type { KeyUse } from './key.ts';
import { type KeyBlockCommands, keyBlockCommands } from './key-blocks.ts';
import { keyCommands } from './key-commands.ts';
import { isWalkable, type KeyStore } from './key-store.ts';
import { KeyVault } from './key-vault.ts';
import { Lmks } from './lmks.ts';
import { PinGuard, type PinLimit, usualPinLimit } from './pin-guard.ts';
import { ReadyKey } from './ready-key.ts';
import { type Resealing, resealAll } from './reseal.ts';

export type SoftHsmSettings = Readonly<{
  /** 32 bytes; opens everything in the store. It comes from configuration or key components and is kept nowhere. */
  lmk: Uint8Array;
  /** Master keys that open but do not seal: the former one, or the next one, while they are changed. */
  otherLmks?: readonly Uint8Array[];
  store: KeyStore;
  /**
   * Where key commands and refusals are put on record, under a key of its own. `key` (32 bytes) is what it is at the first
   * entry; then it is kept in the key store, so that the record outlives a change of the master key.
   */
  audit?: Readonly<{ store: AuditStore; key: Uint8Array }>;
  pinLimit?: PinLimit;
  /** Where processes count wrong PINs together; without it each counts its own. */
  guesses?: GuessStore;
  /** For tests that must repeat. */
  random?: (bytes: number) => Uint8Array;
  now?: () => number;
}>;

/** The module in this process, with what its keeper does. */
export interface SoftHsm extends Hsm, KeyBlockCommands {
  /** Begins to bring in a key by two or three people. */
  ceremony(order: CeremonyOrder): Ceremony;
  /**
   * Makes `lmk` the master key and seals every stored key under it while all go on being used. The former one is
   * forgotten when none was left behind. Where several processes share the store, each is opened with the new one in
   * `otherLmks` before. Rejects with `not-supported` when the store cannot be gone through.
   */
  changeLmk(lmk: Uint8Array): Promise<Resealing>;
  /** Walks the record. Rejects with `not-supported` when there is none. */
  verifyAudit(head?: AuditHead): Promise<AuditVerdict>;
  /** When everything that is to be on record is. */
  drain(): Promise<void>;
}

/** An HSM in this process. */
export const openSoftHsm = (settings: SoftHsmSettings): SoftHsm => {
  const { store, random = randomBytes, now = Date.now } = settings;
  const lmks = new Lmks([settings.lmk, ...(settings.otherLmks ?? [])], random);
  const vault = new KeyVault(lmks, store, random);
  const { audit } = settings;
  const auditKey = (): Promise<Uint8Array> => keptAuditKey(vault, audit?.key);
  const trail = audit && new AuditTrail({ store: audit.store, key: auditKey, now });
  const record = new CommandRecord(trail);
  const guard = new PinGuard(
    settings.pinLimit ?? usualPinLimit,
    now,
    settings.guesses && sharedGuesses(settings.guesses, settings.lmk),
  );
  const desk: Desk = { guard, shut: () => void record.refused('verifyPin', new HsmError('pin-limit')), random };

  const bound = bindTo(vault, record, desk);
  const counted =
    <Order extends { ref: string }, Result>(name: string, run: (order: Order) => Promise<Result>) =>
    (order: Order): Promise<Result> =>
      record.keep(name, order, () => run(order));

  const { generateKey, importComponents, importKey, exportKey, keyInfo, removeKey } = keyCommands(vault, random);
  const { exportKeyBlock, importKeyBlock, translateKeyBlock } = keyBlockCommands(vault, random);
  return {
    generateKey: counted('generateKey', generateKey),
    importComponents: counted('importComponents', importComponents),
    importKey: counted('importKey', importKey),
    exportKey: counted('exportKey', exportKey),
    keyInfo,
    exportKeyBlock: counted('exportKeyBlock', exportKeyBlock),
    importKeyBlock: counted('importKeyBlock', importKeyBlock),
    translateKeyBlock: (order) => record.keep('translateKeyBlock', { ref: order.to }, () => translateKeyBlock(order)),
    removeKey: (ref) => record.keep('removeKey', { ref }, () => removeKey(ref)),
    mac: bound('mac', commands.mac),
    verifyMac: bound('verifyMac', commands.verifyMac),
    encryptPin: bound('encryptPin', commands.encryptPin),
    translatePin: bound('translatePin', commands.translatePin),
    verifyPin: bound('verifyPin', commands.verifyPin),
    makePinOffset: bound('makePinOffset', commands.makePinOffset),
    makeCvv: bound('makeCvv', commands.makeCvv),
    verifyCvv: bound('verifyCvv', commands.verifyCvv),
    verifyArqc: bound('verifyArqc', commands.verifyArqc),
    makeArpc: bound('makeArpc', commands.makeArpc),
    encryptTrack: bound('encryptTrack', commands.encryptTrack),
    decryptTrack: bound('decryptTrack', commands.decryptTrack),
    hashPan: bound('hashPan', commands.hashPan),
    seal: bound('seal', commands.seal),
    open: bound('open', commands.open),
    counts: () => record.counts(),
    ceremony: (order) => {
      const { ref } = order;
      const keep = (clear: Uint8Array, person: string, kcv: Uint8Array | undefined) =>
        record.keep('ceremony', { ref, person }, async () => vault.keepChecked(ref, order.use, clear, kcv));
      return openCeremony({ random, keep }, order);
    },
    changeLmk: (lmk) =>
      record.keep('changeLmk', { ref: '' }, async () => {
        if (!isWalkable(store)) throw new HsmError('not-supported');
        lmks.begin(lmk);
        const resealing = await resealAll(store, lmks);
        if (resealing.broken.length === 0) lmks.forgetFormer();
        return resealing;
      }),
    verifyAudit: async (head) => {
      if (audit === undefined) throw new HsmError('not-supported');
      await trail?.drain();
      return verifyAudit({ store: audit.store, key: await auditKey(), head });
    },
    drain: async () => trail?.drain(),
  };
};

const auditRef = 'hsm.audit';

/** The record's key as it was at the first entry. */
const keptAuditKey = async (vault: KeyVault, first: Uint8Array | undefined): Promise<Uint8Array> => {
  if (first !== undefined && (await vault.find(auditRef)) === undefined) await vault.keep(auditRef, 'audit', first);
  return (await vault.key(auditRef, ['audit'])).clear;
};

/** Keys that are ready are taken without waiting, so that a command costs one promise. */
const bindTo =
  (vault: KeyVault, record: CommandRecord, desk: Desk) =>
  <Names extends string, Input, Result>(name: string, { keys, run, isGuarded }: Command<Names, Input, Result>) => {
    const needs = Object.entries(keys) as [Names, readonly KeyUse[]][];
    return async (order: Readonly<Record<Names, string>> & Input): Promise<Result> => {
      try {
        const ready = {} as Record<Names, ReadyKey>;
        for (const [need, uses] of needs) {
          const key = vault.key(order[need], uses);
          ready[need] = key instanceof ReadyKey ? key : await key;
        }
        const refreshed = isGuarded ? desk.guard.refreshed() : undefined;
        if (refreshed !== undefined) await refreshed;
        let result: Result;
        try {
          result = run(ready, order, desk);
        } finally {
          // A wrong guess is in the common count before its answer goes out, also when the answer is an error.
          const counting = desk.guard.takeCounting();
          if (counting !== undefined) await counting;
        }
        record.ended(name, result);
        return result;
      } catch (error) {
        throw record.refused(name, error);
      }
    };
  };
