import type { Migrations } from '@zhanggui/store';

export type { AccountOrder, AccountView, BooksProof } from './accounts.ts';
export type { AgreementOrder, AgreementOutcome } from './agreement.ts';
export type { CardOrder, CardView } from './cards.ts';
export {
  createIssuer,
  type Issuer,
  type IssuerOptions,
  type IssuerStart,
  type RunningIssuer,
  startIssuer,
} from './issuer.ts';
export type { Hop } from './journey.ts';
export { issuerKeys } from './key-refs.ts';

/** Tables of the issuer and of its books, in the order in which they are made. */
export const migrations: readonly Migrations[] = [
  { schema: 'ledger', directory: new URL('../migrations/ledger/', import.meta.url) },
  { schema: 'issuer', directory: new URL('../migrations/issuer/', import.meta.url) },
];
