/** `1:59` until then; undefined once it is over. */
export const countdownText = (until: number, now: number): string | undefined => {
  const seconds = Math.ceil((until - now) / 1000);
  return seconds > 0 ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}` : undefined;
};
