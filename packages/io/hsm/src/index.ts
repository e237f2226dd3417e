export { type AuditEntry, type AuditHead, type AuditStore, type AuditVerdict, verifyAudit } from './audit.ts';
export { memoryAuditStore, postgresAuditStore } from './audit-store.ts';
export type { Ceremony, CeremonyOrder } from './ceremony.ts';
export { ensureKey } from './ensure-key.ts';
export { type GuessStore, memoryGuessStore, postgresGuessStore } from './guess-store.ts';
export type { CommandCount, Hsm, MacAlgorithm, PinVerdict } from './hsm.ts';
export { HsmError, type HsmErrorCode } from './hsm-error.ts';
export type { KeyInfo, KeyUse, SealedKey } from './key.ts';
export type { KeyBlockCommands } from './key-blocks.ts';
export {
  type KeyStore,
  memoryKeyStore,
  migrations,
  postgresKeyStore,
  type Sql,
  type WalkableKeyStore,
} from './key-store.ts';
export { type HostHsm, type HostHsmSettings, openHostHsm } from './payshield/host-hsm.ts';
export type { PinFormat } from './pin-blocks.ts';
export { type PinLimit, usualPinLimit } from './pin-guard.ts';
export type { Resealing } from './reseal.ts';
export { openSoftHsm, type SoftHsm, type SoftHsmSettings } from './soft-hsm.ts';
