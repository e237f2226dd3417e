export type { CardOutcome, FundingCard, FundingCards } from './cards.ts';
export type { Faults } from './faults.ts';
export type { Phone, PhoneOrder, PhoneRecord, PhoneRefusal, PhoneView, PhoneWallet } from './phone.ts';
export { startWallets, type Wallets, type WalletsSettings } from './server.ts';
