import type { MerchantName, Wallet } from './words.ts';

/** Where money comes from and goes to that is not the sandbox's: cards and top-ups. Its balance is what all others hold, negative. */
export const outside = 'outside';
export const consumerAccount = (consumerId: string, wallet: Wallet): string => `consumer/${wallet}/${consumerId}`;
export const availableAccount = ({ wallet, merchantNo }: MerchantName): string => `merchant/${wallet}/${merchantNo}`;
/** What is held for profit sharing, order by order. */
export const frozenAccount = (orderId: string): string => `frozen/${orderId}`;
export const refundAccount = (refundId: string): string => `refund/${refundId}`;
export const feeAccount = (wallet: Wallet): string => `fees/${wallet}`;
