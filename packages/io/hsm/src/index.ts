export { ensureKey } from './ensure-key.ts';
export type { CommandCount, Hsm, MacAlgorithm, PinVerdict } from './hsm.ts';
export { HsmError, type HsmErrorCode } from './hsm-error.ts';
export type { KeyInfo, KeyUse, SealedKey } from './key.ts';
export { type KeyStore, memoryKeyStore, migrations, postgresKeyStore, type Sql } from './key-store.ts';
export { openSoftHsm } from './soft-hsm.ts';
