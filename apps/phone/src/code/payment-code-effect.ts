import type { Wallet } from '@zhanggui/api/contract';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useWire } from '../phone-context.ts';
import { codeShownMs } from './digit-groups.ts';

export type ShownCode = Readonly<{
  /** `until`, by this device's clock, it is on the screen. */
  code: Readonly<{ digits: string; until: number }> | undefined;
  isFailed: boolean;
  renew: () => void;
}>;

const retryMs = 2000;

/** The code on the screen, a new one whenever this one ends; an answer that was overtaken by another is dropped. */
export const usePaymentCode = (wallet: Wallet, news: string): ShownCode => {
  const wire = useWire();
  const [shown, setShown] = useState<{ wallet: Wallet; digits: string; until: number }>();
  const [isFailed, setFailed] = useState(false);
  const turn = useRef(0);
  const renew = useCallback((): void => {
    turn.current += 1;
    const mine = turn.current;
    wire.code(wallet).then(
      (answer) => {
        if (mine !== turn.current) return;
        setShown({
          wallet,
          digits: answer.code,
          until: Date.now() + Math.min(codeShownMs, answer.expiresAt - answer.now),
        });
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
  return { code: shown?.wallet === wallet ? shown : undefined, isFailed, renew };
};
