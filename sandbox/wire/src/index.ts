export type { Direction, Fault, FaultAction } from './fault.ts';
export { startWire, type Wire, type WireOptions } from './wire.ts';
