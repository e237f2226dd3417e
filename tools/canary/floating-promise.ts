// Must fail the lint: proves that the type-aware rules are awake.
const later = async (): Promise<void> => undefined;
export const forget = (): void => {
  later();
};
