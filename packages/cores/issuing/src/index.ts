export {
  type Authorisation,
  type AuthorisationRequest,
  authorise,
  type Booking,
  type Card,
  type CardAccount,
  defaultPolicy,
  type EntryMode,
  type Outcome,
  type Policy,
  type Verdicts,
} from './authorise.ts';
export { type CardStatus, cardStatuses, type ResponseCode } from './codes.ts';
export {
  type PastSale,
  type PastVoid,
  type ReversalOutcome,
  reverseSale,
  reverseVoid,
  type TransactionState,
  type VoidOutcome,
  type VoidRequest,
  voidSale,
} from './undo.ts';
