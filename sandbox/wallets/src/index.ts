export type { CardOutcome, FundingCard, FundingCards } from './cards.ts';
export type { Faults } from './faults.ts';
export type { Phone, PhoneHistoryEntry, PhoneOrder, PhoneRefusal, PhoneView, PhoneWallet } from './phone.ts';
export type { Wallets, WalletsSettings } from './server.ts';
