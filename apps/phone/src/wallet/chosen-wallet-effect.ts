import { type PhoneWalletState, type Wallet, wallet as walletName } from '@zhanggui/api/contract';
import { useSyncExternalStore } from 'react';
import { usePhone } from '../phone-context.ts';

const storageKey = 'zhanggui.phone.wallet';
const changed = 'zhanggui-phone-wallet';

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener(changed, listener);
  return () => window.removeEventListener(changed, listener);
};

export const chooseWallet = (wallet: Wallet): void => {
  localStorage.setItem(storageKey, wallet);
  window.dispatchEvent(new Event(changed));
};

/** The wallet in front, kept by the browser from last time. */
export const useChosenWallet = (): PhoneWalletState => {
  const { view } = usePhone();
  const kept = walletName.safeParse(useSyncExternalStore(subscribe, () => localStorage.getItem(storageKey)));
  const chosen = view.wallets.find(({ wallet }) => wallet === kept.data) ?? view.wallets[0];
  if (!chosen) throw new Error('a phone has a wallet');
  return chosen;
};
