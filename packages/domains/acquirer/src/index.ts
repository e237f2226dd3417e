export { type Acquirer, startAcquirer } from './acquirer.ts';
export type { TransactionKey } from './journal.ts';
export type { Hop } from './records.ts';
export type { MerchantDetails, TerminalDetails } from './registry.ts';
export type { AcquirerOptions, AcquirerSettings, AcquirerTimers } from './settings.ts';

/** The tables of this room, for `migrate`. */
export const migrations = { schema: 'acquirer', directory: new URL('../migrations/', import.meta.url) };
