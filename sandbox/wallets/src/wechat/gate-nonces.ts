/** As long as a request may be old, and again as long as it may come from the future. */
const rememberedMs = 600_000;

/** Nonces of verified requests; each is good once. Forgotten when the clock refuses the request anyway. */
export type NonceMemory = Readonly<{ isNew(nonce: string): boolean }>;

export const createNonceMemory = (now: () => number): NonceMemory => {
  let startedAt = now();
  let recent = new Set<string>();
  let older = new Set<string>();
  return {
    isNew(nonce) {
      if (now() - startedAt >= rememberedMs) [startedAt, older, recent] = [now(), recent, new Set()];
      if (recent.has(nonce) || older.has(nonce)) return false;
      recent.add(nonce);
      return true;
    },
  };
};
