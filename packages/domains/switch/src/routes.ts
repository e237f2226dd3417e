/** Cards whose number begins with `bin` and has so many digits belong to one issuer. */
export type Route = Readonly<{ bin: string; panDigits: number; issuer: string }>;

/** The issuer of a card number: of the routes of its length the one with the longest BIN (3 to 10 digits). */
export const createRoutes = (routes: readonly Route[]): ((pan: string) => string | undefined) => {
  const issuers = new Map(routes.map(({ bin, panDigits, issuer }) => [`${panDigits}.${bin}`, issuer]));
  const binLengths = [...new Set(routes.map(({ bin }) => bin.length))].sort((left, right) => right - left);
  return (pan) => {
    for (const length of binLengths) {
      const issuer = issuers.get(`${pan.length}.${pan.slice(0, length)}`);
      if (issuer) return issuer;
    }
    return undefined;
  };
};
