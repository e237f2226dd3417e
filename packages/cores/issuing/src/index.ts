export {
  type Authorisation,
  type AuthorisationRequest,
  authorise,
  type Card,
  type CardAccount,
  defaultPolicy,
  type EntryMode,
  type Movement,
  type Outcome,
  type Policy,
  type Verdicts,
} from './authorise.ts';
export { type CardStatus, cardStatuses, type ResponseCode } from './codes.ts';
export {
  type PastSale,
  type PastVoid,
  reverseSale,
  reverseVoid,
  type TransactionState,
  type VoidRequest,
  voidSale,
} from './undo.ts';
