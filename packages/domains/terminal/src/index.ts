export { type SqliteAuditStore, type SqliteKeyStore, sqliteAuditStore, sqliteKeyStore } from './key-store.ts';
export { type Operator, type TerminalParameters, terminalKeyRefs } from './parameters.ts';
export type { Step } from './program.ts';
export type { QrHow, QrPort, QrStart, QrStatus } from './qr-port.ts';
export { paperColumns } from './slip.ts';
export type { EntryMode, Hop, SaleState, SaleStatus } from './status.ts';
export { isFinal } from './status.ts';
export { type Readiness, startTerminal, type Terminal, type TerminalSettings } from './terminal.ts';
export type { Text } from './texts.ts';
export type {
  CardSession,
  Choice,
  Entry,
  Key,
  OnlineState,
  ScreenName,
  TerminalCommand,
  TerminalView,
  Tone,
} from './view.ts';
