export { mintBank, type SandboxBank, terminalParameters } from './bank.ts';
export { type CardOrder, issueCard, type SandboxCard } from './card.ts';
export { type DeckCard, issueDeck, panOf, SANDBOX_CARDS } from './deck.ts';
export { BIN_TABLE, type CardKind, sandboxAuthority } from './identity.ts';
export type { ChipGrade, VerificationRule } from './personalise.ts';
export { type CardSession, cardReader } from './reader.ts';
export { issueSmChain, mintSmBank, type SmBank, type SmChain } from './sm-chain.ts';
