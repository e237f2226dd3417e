import { useEffect, useRef, useState } from 'react';

const tickMs = 250;

export type SecondsLeft = Readonly<{ seconds: number | undefined; share: number }>;

/** Counts down on this machine's clock from the distance the terminal named, so that the two clocks need not agree. */
export const useSecondsLeft = (deadline: number | undefined, now: number): SecondsLeft => {
  const whole = useRef<{ deadline: number | undefined; totalMs: number }>({ deadline: undefined, totalMs: 0 });
  const [leftMs, setLeftMs] = useState(0);
  const nowSeen = useRef(now);
  nowSeen.current = now;
  // A timer of the browser: nothing tells a face that time passes. Views that repeat the same deadline do not restart it.
  useEffect(() => {
    if (deadline === undefined) return undefined;
    const totalMs = Math.max(0, deadline - nowSeen.current);
    whole.current = { deadline, totalMs };
    setLeftMs(totalMs);
    const startedAt = performance.now();
    const timer = setInterval(() => setLeftMs(Math.max(0, totalMs - (performance.now() - startedAt))), tickMs);
    return () => clearInterval(timer);
  }, [deadline]);
  if (deadline === undefined) return { seconds: undefined, share: 0 };
  const { totalMs } = whole.current;
  return { seconds: Math.ceil(leftMs / 1000), share: totalMs > 0 ? leftMs / totalMs : 0 };
};
