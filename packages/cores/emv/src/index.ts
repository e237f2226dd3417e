export type {
  Candidate,
  CardData,
  CardholderMethod,
  ChipTags,
  CryptogramType,
  KernelOutcome,
  KernelReply,
  KernelRequest,
  OnlineData,
  OnlineResult,
} from './conversation.ts';
export {
  type AidParameters,
  aidParameters,
  type CaPublicKey,
  caPublicKey,
  ParameterError,
  type TerminalParameters,
} from './parameters.ts';
export { KERNEL_REASONS, type KernelReason } from './reasons.ts';
export type { TerminalTransaction } from './session.ts';
export { transaction } from './transaction.ts';
export { type TsiBit, type TvrBit, tsiNames, tvrNames } from './verification-results.ts';
