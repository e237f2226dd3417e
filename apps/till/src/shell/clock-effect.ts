import { useEffect, useState } from 'react';

/** The wall clock on the screen: it moves by itself, so a timer has to tell React. */
export const useNow = (stepMs: number): number => {
  const [now, setNow] = useState(() => Date.now());
  // The only source of this change is time passing.
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), stepMs);
    return () => clearInterval(timer);
  }, [stepMs]);
  return now;
};
