import { useEffect, useEffectEvent, useState } from 'react';

const tickMs = 250;

export type SecondsLeft = Readonly<{ seconds: number; share: number }>;

/** Counts down on this machine's clock from the distance the terminal named, so that the two clocks need not agree. */
export const useSecondsLeft = (deadline: number, now: number): SecondsLeft => {
  const [{ leftMs, totalMs }, setTime] = useState({ leftMs: deadline - now, totalMs: deadline - now });
  const distanceMs = useEffectEvent(() => Math.max(0, deadline - now));
  // A timer of the browser: nothing tells a face that time passes. Views that repeat the same deadline do not restart it.
  useEffect(() => {
    const wholeMs = distanceMs();
    const startedAt = performance.now();
    const tick = (): void =>
      setTime({ leftMs: Math.max(0, wholeMs - (performance.now() - startedAt)), totalMs: wholeMs });
    tick();
    const timer = setInterval(tick, tickMs);
    return () => clearInterval(timer);
  }, [deadline]);
  return { seconds: Math.ceil(leftMs / 1000), share: totalMs > 0 ? leftMs / totalMs : 0 };
};
