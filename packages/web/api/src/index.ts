export { type ApiOptions, createApi } from './api.ts';
export { type ApiErrorCode, apiErrors } from './errors.ts';
export type { LogIn, WebFace } from './landing.ts';
export { networkAddress } from './network-address.ts';
export type {
  Journeys,
  QrBooks,
  QrPayments,
  Readiness,
  Sandbox,
  SandboxWallets,
  TerminalPort,
  Terminals,
} from './ports.ts';
export type { WebRoots } from './routes/web.ts';
