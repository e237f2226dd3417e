import type { Wallet } from '@zhanggui/api/contract';
import { useEffect, useState } from 'react';
import { useWire } from '../face-context.ts';

/** The wallets on the sandbox phone; none where there is no such phone. */
export const useWallets = (): readonly Wallet[] => {
  const wire = useWire();
  const [wallets, setWallets] = useState<readonly Wallet[]>([]);
  // A request to the server when the face opens.
  useEffect(() => {
    wire.wallets().then(setWallets, () => undefined);
  }, [wire]);
  return wallets;
};
