/** The slot: a virtual card that keeps its memory. */
import { type IccProfile, type IccState, reset, respond } from '@zhanggui/icc';

/** What a terminal can do with an inserted card. */
export type CardSession = Readonly<{
  transmit(apdu: Uint8Array): Promise<Uint8Array>;
  /** Power-on; resolves to the answer to reset. */
  reset(): Promise<Uint8Array>;
}>;

/**
 * A card in a reader. `persist` is called, and awaited before the card answers, when something changed that outlives the
 * power: a card's counters never go back, whatever happens to the machine around it.
 */
export const cardReader = (
  profile: IccProfile,
  saved: IccState,
  persist: (state: IccState) => Promise<void> | void,
): CardSession => {
  let state = saved;
  const become = async (next: IccState): Promise<void> => {
    const lasting = next.memories !== state.memories || next.cardBlocked !== state.cardBlocked;
    state = next;
    if (lasting) await persist({ ...next, session: undefined });
  };
  return {
    async transmit(apdu) {
      const turn = respond(profile, state, apdu);
      await become(turn.state);
      return turn.response;
    },
    async reset() {
      const turn = reset(profile, state);
      await become(turn.state);
      return turn.atr;
    },
  };
};
