import { hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { equal, fromHex } from '@zhanggui/bytes';
import { type Hsm, type KeyUse, openSoftHsm, postgresAuditStore, postgresKeyStore } from '@zhanggui/hsm';
import type { Store } from '@zhanggui/store';

/** The key that seals all others: from the settings, else made at the first start and kept beside the data, readable by its owner only. */
export const localMasterKey = (settings: { ZHANGGUI_LMK: string; ZHANGGUI_DATA_DIR: string }): Uint8Array => {
  if (settings.ZHANGGUI_LMK) return fromHex(settings.ZHANGGUI_LMK);
  const file = join(settings.ZHANGGUI_DATA_DIR, 'lmk');
  if (!existsSync(file)) {
    mkdirSync(settings.ZHANGGUI_DATA_DIR, { recursive: true });
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  }
  return fromHex(readFileSync(file, 'utf8').trim());
};

/** One institution's security module: its keys sealed in Postgres apart from every other's, its key commands and refusals on a sealed record. */
export const openInstitutionHsm = (lmk: Uint8Array, store: Store, institution: string): Hsm => {
  const key = new Uint8Array(hkdfSync('sha256', lmk, institution, 'zhanggui hsm audit', 32));
  const audit = { store: postgresAuditStore(store, institution), key };
  return openSoftHsm({ lmk, store: postgresKeyStore(store, institution), audit });
};

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
