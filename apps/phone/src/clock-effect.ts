import { useEffect, useState } from 'react';

const tickMs = 250;

/** The server's clock in epoch milliseconds, a few times a second. */
export const useNow = (aheadMs: number): number => {
  const [ownMs, setOwn] = useState(Date.now);
  // A timer of the browser: nothing tells a face that time passes.
  useEffect(() => {
    const timer = setInterval(() => setOwn(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return ownMs + aheadMs;
};
