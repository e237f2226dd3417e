import type { SandboxCardView } from '@zhanggui/api/contract';
import type { ScreenName } from '@zhanggui/terminal';
import { useCallback, useEffect, useState } from 'react';
import { useWire } from '../face-context.ts';

export type Cards = Readonly<{ cards: readonly SandboxCardView[]; isFailed: boolean; reload: () => void }>;

/** The deck, fetched again when the terminal is idle, because balances move with every payment. */
export const useCards = (screen: ScreenName): Cards => {
  const wire = useWire();
  const [cards, setCards] = useState<readonly SandboxCardView[]>([]);
  const [isFailed, setFailed] = useState(false);
  const reload = useCallback(() => {
    wire.cards().then(
      (fetched) => {
        setCards(fetched);
        setFailed(false);
      },
      () => setFailed(true),
    );
  }, [wire]);
  const isIdle = screen === 'idle';
  // A request to the server when the face opens and when a payment has ended.
  useEffect(() => reload(), [reload, isIdle]);
  return { cards, isFailed, reload };
};
