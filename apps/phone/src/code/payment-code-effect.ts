import type { PhoneCodeAnswer, Wallet } from '@zhanggui/api/contract';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useWire } from '../phone-context.ts';

export type ShownCode = Readonly<{
  code: PhoneCodeAnswer | undefined;
  isFailed: boolean;
  renew: () => void;
}>;

const retryMs = 2000;

/** The code on the screen, a new one whenever this one ends; an answer that was overtaken by another is dropped. */
export const usePaymentCode = (wallet: Wallet, news: string): ShownCode => {
  const wire = useWire();
  const [shown, setShown] = useState<{ wallet: Wallet; code: PhoneCodeAnswer; until: number }>();
  const [isFailed, setFailed] = useState(false);
  const turn = useRef(0);
  const renew = useCallback((): void => {
    turn.current += 1;
    const mine = turn.current;
    wire.code(wallet).then(
      (code) => {
        if (mine !== turn.current) return;
        setShown({ wallet, code, until: Date.now() + (code.expiresAt - code.now) });
        setFailed(false);
      },
      () => mine === turn.current && setFailed(true),
    );
  }, [wire, wallet]);
  // A request to the server: when the screen opens, for another wallet, and after each news, which may be that the code was used.
  useEffect(() => renew(), [renew, news]);
  // A timer of the browser: a code ends by time alone; a browser that slept finds it over at once.
  useEffect(() => {
    if (!shown && !isFailed) return;
    const timer = setTimeout(renew, isFailed || !shown ? retryMs : Math.max(0, shown.until - Date.now()));
    return () => clearTimeout(timer);
  }, [shown, isFailed, renew]);
  return { code: shown?.wallet === wallet ? shown.code : undefined, isFailed, renew };
};
