import { hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { equal, fromHex } from '@zhanggui/bytes';
import {
  type AuditStore,
  type GuessStore,
  type Hsm,
  type KeyStore,
  type KeyUse,
  openSoftHsm,
  postgresAuditStore,
  postgresGuessStore,
  postgresKeyStore,
} from '@zhanggui/hsm';
import type { Store } from '@zhanggui/store';

/** The key that seals all others: from the settings, else made at the first start and kept beside the data, readable by its owner only. */
const localMasterKey = (settings: { ZHANGGUI_LMK: string; ZHANGGUI_DATA_DIR: string }): Uint8Array => {
  if (settings.ZHANGGUI_LMK) return fromHex(settings.ZHANGGUI_LMK);
  const file = join(settings.ZHANGGUI_DATA_DIR, 'lmk');
  if (!existsSync(file)) {
    mkdirSync(settings.ZHANGGUI_DATA_DIR, { recursive: true });
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  }
  return fromHex(readFileSync(file, 'utf8').trim());
};

/** The master key that seals, and while it is being changed the one that opens beside it. */
export type MasterKeys = Readonly<{ lmk: Uint8Array; otherLmk?: Uint8Array }>;

export const masterKeys = (settings: {
  ZHANGGUI_LMK: string;
  ZHANGGUI_LMK_OTHER: string;
  ZHANGGUI_DATA_DIR: string;
}): MasterKeys => ({
  lmk: localMasterKey(settings),
  ...(settings.ZHANGGUI_LMK_OTHER === '' ? {} : { otherLmk: fromHex(settings.ZHANGGUI_LMK_OTHER) }),
});

/** A security module on its own stores, its key commands and refusals on record. With another master key, all keys are sealed anew first. */
export const openModule = async (
  { lmk, otherLmk }: MasterKeys,
  { name, ...stores }: { name: string; store: KeyStore; audit: AuditStore; guesses?: GuessStore },
): Promise<Hsm> => {
  const key = new Uint8Array(hkdfSync('sha256', lmk, name, 'zhanggui hsm audit', 32));
  const audit = { store: stores.audit, key };
  if (otherLmk === undefined) return openSoftHsm({ ...stores, lmk, audit });
  const hsm = openSoftHsm({ ...stores, lmk, audit, otherLmks: [otherLmk] });
  const { broken } = await hsm.changeLmk(lmk);
  if (broken.length > 0) throw new Error(`${name}: neither master key opens ${broken.join(', ')}`);
  return hsm;
};

/** One institution's security module: its keys sealed in Postgres apart from every other's, wrong PINs counted by all its processes together. */
export const openInstitutionHsm = (keys: MasterKeys, store: Store, institution: string): Promise<Hsm> =>
  openModule(keys, {
    name: institution,
    store: postgresKeyStore(store, institution),
    audit: postgresAuditStore(store, institution),
    guesses: postgresGuessStore(store, institution),
  });

type KeyPlace = Readonly<{ hsm: Hsm; ref: string }>;

/**
 * A key two parties share, as two couriers would bring it: two random components, entered at both ends. A pair that already agrees on
 * the check value is left alone, so that a start cut short is mended by the next.
 */
export const shareKey = async (use: KeyUse, left: KeyPlace, right: KeyPlace): Promise<void> => {
  const [here, there] = await Promise.all([left.hsm.keyInfo(left.ref), right.hsm.keyInfo(right.ref)]);
  if (here && there && here.kcv === there.kcv) return;
  const components = keyComponents();
  for (const { hsm, ref } of [left, right]) await hsm.importComponents({ ref, use, components });
};

/** Two components of a double-length key whose halves differ. */
export const keyComponents = (): [Uint8Array, Uint8Array] => {
  const components: [Uint8Array, Uint8Array] = [new Uint8Array(randomBytes(16)), new Uint8Array(randomBytes(16))];
  const [left, right] = components;
  return equal(left, right) ? keyComponents() : components;
};
