export { type ConnectOptions, connect, type Link, type LinkState } from './connect.ts';
export { type ConnectManyOptions, connectMany, type LinkGroup } from './connect-many.ts';
export type { Connection, ConnectionLimits, LinkLog } from './connection.ts';
export {
  defineFraming,
  FRAMINGS,
  type FrameDecoder,
  FrameError,
  type FrameErrorCode,
  type Framing,
  type FramingDefinition,
} from './framing.ts';
export { type Listener, type ListenOptions, listen } from './listen.ts';
export { createMux, type Mux, type MuxOptions, type MuxOutcome, type Timers } from './mux.ts';
export type { TlsIdentity, TlsPeer } from './tls.ts';
