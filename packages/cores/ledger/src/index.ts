export {
  type Account,
  availableMinor,
  type Book,
  balanceMinor,
  openAccount,
  openBook,
  type Transfer,
  type TransferOutcome,
  type TransferRefusal,
} from './ledger.ts';
